from django.utils.translation import gettext_lazy as _

from meetings.letters import free_times, invitation, series_invitation, ways_to_answer
from meetings.reminders import brought, still_holds
from smmportal.notifications.events import Event, register

register(
    Event("meeting.booked", _("A meeting was booked"), attaches=invitation, adds=ways_to_answer),
    Event("meeting.moved", _("A meeting was moved"), attaches=invitation, adds=ways_to_answer),
    Event("meeting.described", _("A meeting has another title or place"), attaches=invitation, adds=ways_to_answer),
    Event("meeting.cancelled", _("A meeting was called off"), attaches=invitation),
    Event("meeting.declined", _("Somebody can’t come to a meeting you booked"), adds=free_times),
    Event("meeting.reminder", _("A meeting is about to begin"), adds=brought, holds=still_holds),
    Event("meeting.logged", _("A call was logged"), ("inapp",)),
    Event("proposal.made", _("Times for a meeting are proposed")),
    Event("proposal.countered", _("Other times for a meeting are proposed")),
    Event("proposal.answered", _("Somebody answered to times that you proposed")),
    Event("proposal.withdrawn", _("A proposal of a meeting was withdrawn")),
    Event("proposal.expired", _("Times that you proposed have run out")),
    Event("series.begun", _("Regular meetings were set up"), attaches=series_invitation),
    Event("series.changed", _("Regular meetings have changed"), attaches=series_invitation),
    Event("series.needs_time", _("A regular meeting needs another time"), attaches=series_invitation),
    Event("series.ended", _("Regular meetings have ended"), attaches=series_invitation),
    Event("minutes.published", _("The minutes of a meeting were published")),
    Event("minutes.disputed", _("Somebody objects to the minutes of a meeting")),
    Event("minutes.answered", _("An objection to minutes was answered")),
    Event("minutes.corrected", _("Something was added to published minutes")),
    Event("minutes.final", _("The minutes of a meeting are final")),
    Event("action.assigned", _("A meeting gave your side something to do")),
)

from django.utils.translation import gettext_lazy as _

from meetings.letters import invitation, series_invitation
from smmportal.notifications.events import Event, register

register(
    Event("meeting.booked", _("A meeting was booked"), attaches=invitation),
    Event("meeting.moved", _("A meeting was moved"), attaches=invitation),
    Event("meeting.described", _("A meeting has another title or place"), attaches=invitation),
    Event("meeting.cancelled", _("A meeting was called off"), attaches=invitation),
    Event("meeting.logged", _("A call was logged"), ("inapp",)),
    Event("series.begun", _("Regular meetings were set up"), attaches=series_invitation),
    Event("series.changed", _("Regular meetings have changed"), attaches=series_invitation),
    Event("series.needs_time", _("A regular meeting needs another time"), attaches=series_invitation),
    Event("series.ended", _("Regular meetings have ended"), attaches=series_invitation),
    Event("minutes.published", _("The minutes of a meeting were published")),
    Event("action.assigned", _("A meeting gave your side something to do")),
)

from django.utils.translation import gettext_lazy as _

from meetings.letters import invitation
from smmportal.notifications.events import Event, register

register(
    Event("meeting.booked", _("A meeting was booked"), attaches=invitation),
    Event("meeting.moved", _("A meeting was moved"), attaches=invitation),
    Event("meeting.described", _("A meeting has another title or place"), attaches=invitation),
    Event("meeting.cancelled", _("A meeting was called off"), attaches=invitation),
    Event("meeting.logged", _("A call was logged"), ("inapp",)),
    Event("proposal.made", _("Times for a meeting are proposed")),
    Event("proposal.countered", _("Other times for a meeting are proposed")),
    Event("proposal.answered", _("Somebody answered to times that you proposed")),
    Event("proposal.withdrawn", _("A proposal of a meeting was withdrawn")),
    Event("proposal.expired", _("Times that you proposed have run out")),
    Event("minutes.published", _("The minutes of a meeting were published")),
    Event("action.assigned", _("A meeting gave your side something to do")),
)

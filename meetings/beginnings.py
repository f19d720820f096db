"""Which answers of the brief can become a rhythm of meetings or a line of an agenda."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meetings import rules
from meetings.models import AgendaItem, Rhythm
from projects.origins import Kind, Place, register


def page(name: str):
    def address(place: Place) -> str:
        return reverse(name, args=[place.version.brief.project_id])

    return address


register(
    Kind(
        "rhythm",
        keys=("J2",),
        button=_("Agree on this rhythm"),
        became=_("Meetings"),
        rows=lambda project: Rhythm.objects.current().filter(project=project),
        begin=page("meetings:rhythm"),
        may=rules.can_book,
    ),
    Kind(
        "topic",
        keys=(),
        button=_("Discuss at the next meeting"),
        became=_("On the agenda"),
        rows=lambda project: AgendaItem.objects.filter(
            meeting__project=project, meeting__cancelled_at=None
        ).select_related("meeting"),
        begin=page("meetings:topic"),
        may=rules.can_book,
        at_once=True,
        from_unknown=True,
    ),
)

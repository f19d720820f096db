"""A meeting that is being held, as one reader sees it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from meetings import board, queries
from meetings.models import AgendaItem, Attendance, Meeting, Minutes, Room
from smmportal.people.models import Side, User


@dataclass(frozen=True)
class Held:
    """`item` is the present line, None where there is none or it is not for this reader. `now` is the server's."""

    meeting: Meeting
    room: Room | None
    agenda: list[AgendaItem]
    minutes: Minutes | None
    now: datetime

    @property
    def item(self) -> AgendaItem | None:
        return next((line for line in self.agenda if self.room and line.pk == self.room.item_id), None)

    @property
    def item_since(self) -> datetime | None:
        return self.room.item_since if self.item else None

    @property
    def opened_at(self) -> datetime | None:
        return self.room.opened_at if self.room else None

    @property
    def text(self) -> str:
        return self.minutes.text if self.minutes else ""

    @property
    def revision(self) -> int:
        return self.minutes.revision if self.minutes else 0


def held(meeting: Meeting, reader: User) -> Held:
    room = Room.objects.filter(meeting=meeting).first()
    return Held(meeting, room, board.agenda_of(meeting, reader), queries.minutes_of(meeting), timezone.now())


def seats_of(meeting: Meeting) -> list[tuple[Attendance, Side | None]]:
    """Who was asked, by name, with the side each is on."""
    seats = meeting.attendances.select_related("person").order_by("person__name", "pk")
    return [(seat, meeting.project.side_of(seat.person)) for seat in seats]

"""What waits for somebody: the lines of «What waits for you» and «What we wait for from the other side»."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from smmportal.people.models import Role, Side

#: What sort of a move it is: put one's name under something, say yes or no to what the other side prepared, send what
#: was asked for (a file, access, numbers), answer in words, or do some work.
Kind = Literal["sign", "approve", "send", "answer", "do"]
KINDS: tuple[Kind, ...] = ("sign", "approve", "send", "answer", "do")


@dataclass(frozen=True)
class Waiting:
    """One thing that one side has to do. `sentence` says what and why, `button` is the verb that opens `url`."""

    project_id: int
    project_name: str
    side: Side
    sentence: str
    button: str
    url: str
    since: datetime | None = None
    due_on: date | None = None
    #: The one person it is for, or None for whoever of the side has one of `roles`.
    person_id: int | None = None
    roles: tuple[Role, ...] = ()
    #: Who stands in for that person just then.
    stand_in_ids: tuple[int, ...] = ()
    kind: Kind = "do"

    def is_for(self, person_id: int, role: Role) -> bool:
        if self.person_id is not None:
            return person_id == self.person_id or person_id in self.stand_in_ids
        return not self.roles or role in self.roles

"""From an answer of the brief to what became of it, and back.

Each app lists in its `beginnings` module which kinds of objects can come from which answers: `register(Kind(…))`. The
pages of the brief read the registry, so they show goals, KPIs and meetings alike and know none of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from projects.answers import Value
from projects.models import BriefVersion, FromAnswer, Project
from projects.pieces import Piece, find_piece
from projects.questionnaire import find_question
from smmportal.people.models import User
from smmportal.refusals import Refused


@dataclass(frozen=True)
class Place:
    """A piece of an answer of a submitted version. Spelled «3.F1.0»: version, question, piece."""

    version: BriefVersion
    key: str
    row: int | None = None

    def __str__(self) -> str:
        return f"{self.version.number}.{self.key}" + ("" if self.row is None else f".{self.row}")

    @cached_property
    def question(self) -> dict:
        return find_question(self.version.content["form"], self.key)

    @property
    def piece(self) -> Value:
        """What was answered there; None of a «don't know»."""
        found = find_piece(self.question, self.value_of(self.key), self.row)
        return found.value if found else None

    def value_of(self, key: str) -> Value:
        """Another answer of the same version; None without one."""
        return self.version.content["answers"].get(key, {}).get("value")

    @property
    def fields(self) -> dict:
        """The fields of `FromAnswer`."""
        return {"from_version": self.version, "from_key": self.key, "from_row": self.row}


@dataclass(frozen=True)
class Kind:
    """A kind of object that can come from an answer. `button` and `became` are words («Make a goal of it», «Became the
    goal»), `begin` gives the address of what makes one, `may` says who is offered it."""

    code: str
    keys: tuple[str, ...]
    button: object
    became: object
    rows: Callable[[Project], QuerySet]
    begin: Callable[[Place], str]
    may: Callable[[User, Project], bool]
    #: Nothing has to be asked: the button itself makes the object (POST).
    at_once: bool = False
    #: Comes from «don't know», whatever the question was.
    from_unknown: bool = False

    def suits(self, key: str, *, unknown: bool) -> bool:
        return unknown if self.from_unknown else key in self.keys and not unknown


KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    for kind in kinds:
        KINDS[kind.code] = kind


def place_at(project: Project, *, key: str, row: int | None = None, version: int | None = None) -> Place:
    """The piece of the answer that is meant; without a version's number, in the latest. Refuses what is not there."""
    versions = BriefVersion.objects.filter(brief__project=project).select_related("brief")
    found = (versions if version is None else versions.filter(number=version)).first()
    answer = found.content["answers"].get(key) if found else None
    question = find_question(found.content["form"], key) if answer else None
    if question is None:
        raise Refused(_("There is no such answer in the brief that was submitted."), code="no-such-answer")
    if answer.get("unknown"):
        return Place(found, key)
    piece = find_piece(question, answer.get("value"), row)
    if piece is None:
        raise Refused(_("There is no such line in this answer. Please name its number, from 0."), code="no-such-line")
    return Place(found, key, piece.row)


def place_named(project: Project, name: str) -> Place | None:
    """The place that an address names: «3.F1.0», or «D2» of the latest version. None of nonsense."""
    parts = name.split(".")
    version = int(parts.pop(0)) if is_small(parts[0]) else None
    if len(parts) not in (1, 2) or (len(parts) == 2 and not is_small(parts[1])):
        return None
    try:
        return place_at(project, key=parts[0], row=int(parts[1]) if len(parts) == 2 else None, version=version)
    except Refused:
        return None


def is_small(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 5


def claim(kind: str, place: Place | None) -> dict:
    """The origin's fields for a new object of this kind: one piece of an answer becomes one object. {} by hand."""
    if place is None:
        return {}
    project = Project.objects.select_for_update().get(pk=place.version.brief.project_id)
    taken = next((row for row in KINDS[kind].rows(project).filter(from_key=place.key) if is_of(row, place)), None)
    if taken:
        sentence = _("This line of the brief has become “%(name)s” already.")
        raise Refused(sentence % {"name": str(taken)[:200]}, code="already-made", url=taken.get_absolute_url())
    return place.fields


def is_of(row: FromAnswer, place: Place) -> bool:
    """Whether the row began there, or with the same words in another version."""
    was = place_of(row)
    if was is None or was.version == place.version:
        return was is not None and was.row == place.row
    return was.piece == place.piece


def place_of(row: FromAnswer) -> Place | None:
    return Place(row.from_version, row.from_key, row.from_row) if row.from_version_id else None


def same_piece(was: Place, pieces: list[Piece]) -> Piece | None:
    """Where the piece stands in a later answer: the same words wherever they moved, else the line of that number."""
    value = was.piece
    same = next((piece for piece in pieces if piece.value == value), None)
    return same or next((piece for piece in pieces if piece.row == was.row), None)

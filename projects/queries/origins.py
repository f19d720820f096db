"""What became of the answers of a version, and what they can still become, for the pages that show them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import QuerySet

from projects import rules
from projects.models import BriefVersion, FromAnswer
from projects.origins import KINDS, Kind, Place, same_piece
from projects.pieces import Piece, pieces_of
from projects.questionnaire import questions_of
from projects.wording import label_of, name_of
from smmportal.people.models import Side, User


def with_origin(rows: QuerySet) -> QuerySet:
    """With the version that each row links back to, but for its long texts."""
    rows = rows.select_related("from_version__brief")
    return rows.defer("from_version__content", "from_version__brief__form")


@dataclass(frozen=True)
class Made:
    """Something that came of a piece: «Became the goal», its name, its page, and the version it rests on."""

    kind: str
    became: object
    name: str
    url: str
    version: int
    is_outdated: bool


@dataclass(frozen=True)
class Offer:
    button: object
    url: str
    at_once: bool


@dataclass
class Shown:
    """A piece of an answer with what became of it and what is offered."""

    piece: Piece
    name: str
    made: list[Made] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)


class Pieces(list[Shown]):
    """The pieces of one answer that have something to show."""

    @property
    def offers(self) -> int:
        """How many things can still be made of the answer: more than one are kept in a menu."""
        return sum(len(piece.offers) for piece in self)


def pieces_shown(version: BriefVersion, user: User) -> dict[str, Pieces]:
    """By question the pieces with something to show. As many queries as there are kinds, and three more."""
    project = version.brief.project
    acts = rules.acts_in(user, project) and project.is_open and is_latest(version)
    kinds = [kind for kind in KINDS.values() if acts and kind.may(user, project)]
    made = made_of(version)
    found = {}
    for question in questions_of(version.content["form"]):
        answer = version.content["answers"].get(question["key"])
        shown = list(shown_of(version, question, answer, made[question["key"]], kinds)) if answer else []
        found[question["key"]] = Pieces(each for each in shown if each.made or each.offers)
    return found


def is_latest(version: BriefVersion) -> bool:
    return not BriefVersion.objects.filter(brief=version.brief_id, number__gt=version.number).exists()


def made_of(version: BriefVersion) -> dict[str, list[tuple[Kind, FromAnswer]]]:
    """By question all that began there, each with its version's own words to compare."""
    project = version.brief.project
    rows = [(kind, row) for kind in KINDS.values() for row in kind.rows(project).exclude(from_version=None)]
    others = BriefVersion.objects.in_bulk({row.from_version_id for _kind, row in rows} - {version.pk})
    made = defaultdict(list)
    for kind, row in rows:
        row.from_version = others.get(row.from_version_id, version)
        made[row.from_key].append((kind, row))
    return made


def shown_of(version: BriefVersion, question: dict, answer: dict, made: list, kinds: list[Kind]) -> Iterator[Shown]:
    unknown = bool(answer.get("unknown"))
    pieces = [Piece(None, None)] if unknown else pieces_of(question, answer.get("value"))
    landed = defaultdict(list)
    for kind, row in made:
        was = Place(row.from_version, row.from_key, row.from_row)
        here = landing(was, version, pieces)
        if here is not None:
            landed[here.row].append(made_from(kind, row, is_outdated=was.piece != here.value))
    for piece in pieces:
        shown = Shown(piece, name_of(question, piece), landed[piece.row])
        place = Place(version, question["key"], piece.row)
        suited = [kind for kind in kinds if kind.suits(question["key"], unknown=unknown)]
        shown.offers = [offer_of(kind, place) for kind in suited if may_still(kind, shown)]
        yield shown


def landing(was: Place, version: BriefVersion, pieces: list[Piece]) -> Piece | None:
    if was.version == version:
        return next((piece for piece in pieces if piece.row == was.row), None)
    return same_piece(was, pieces)


def made_from(kind: Kind, row: FromAnswer, *, is_outdated: bool) -> Made:
    url, version = row.get_absolute_url(), row.from_version.number
    return Made(kind.code, kind.became, str(row), url, version, is_outdated)


def may_still(kind: Kind, shown: Shown) -> bool:
    """A line becomes one object; an answer that is whole may begin another once it says something else."""
    mine = [made for made in shown.made if made.kind == kind.code]
    return not mine or (shown.piece.row is None and all(made.is_outdated for made in mine))


def offer_of(kind: Kind, place: Place) -> Offer:
    url = kind.begin(place)
    return Offer(kind.button, f"{url}?from={place}", kind.at_once)


def material_from(place: Place | None) -> dict:
    """The first words of a request for a material: the line of the brief; for files and links what they are for."""
    if place is None or place.piece is None:
        return {}
    name = name_of(place.question, Piece(place.row, place.piece))
    if place.question["type"] in ("files", "links"):
        name = f"{label_of(place.question)} {name}".strip()
    return {"what": name[:1000], "side": Side.CLIENT}

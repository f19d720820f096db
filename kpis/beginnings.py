"""Which answers of the brief can become a KPI or a source, and what can be read out of their words."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpis import rules
from kpis.models import Kpi, Source
from projects.coach import Reading, read
from projects.hints import FALLING
from projects.models import BriefVersion, Goal, Project
from projects.origins import Kind, Place, register
from projects.pieces import Piece, pieces_of
from projects.queries.hints import WATCHES, Watched
from projects.questionnaire import find_question
from projects.wording import name_of

#: The coach's platform → ours.
CONNECTED_AS = {"vk": "vk", "telegram": "telegram", "website": "metrika"}
HOSTS = {"vk.com": "vk", "vk.ru": "vk", "m.vk.com": "vk", "t.me": "telegram", "telegram.me": "telegram"}
#: Counters as their owners call them, beside the connectors' own names.
NAMES = {"метрик": "metrika", "metric": "metrika", "metrik": "metrika"}


@dataclass(frozen=True)
class Guess:
    """What an answer seems to say of a KPI. It is shown in the form and saved by nobody but a person."""

    metric: str | None = None
    platform: str | None = None
    kind: str | None = None
    target: Decimal | None = None
    due_on: date | None = None
    baseline: Decimal | None = None
    #: In percent, with its sign.
    change: Decimal | None = None


def goal_guess(goal: Goal) -> Guess:
    """What a goal's own sentence seems to say: «+20 % followers in VK by March» is a change by 20 percent."""
    reading = read(goal.statement, timezone.localdate())
    guess = Guess(reading.metric, reading.platform)
    if reading.metric is None or reading.change is None:
        return guess
    return replace(guess, **(relative(reading) or level(reading)))


def relative(reading: Reading) -> dict:
    if reading.change is None or reading.change.kind != "relative" or reading.direction == "hold":
        return {}
    down = reading.direction == "down"
    return {"kind": Kpi.Kind.CHANGE_BY, "change": -reading.change.value if down else reading.change.value}


def level(reading: Reading) -> dict:
    """A level to reach or to hold; of an amount to add or take away nobody knows yet where it leads."""
    if reading.change is None or reading.change.kind != "target":
        return {}
    ways = {
        "up": Kpi.Kind.INCREASE_TO,
        "down": Kpi.Kind.DECREASE_TO,
        "hold": Kpi.Kind.STAY_BELOW if reading.metric in FALLING else Kpi.Kind.STAY_ABOVE,
    }
    return {"kind": ways.get(reading.direction or ""), "target": reading.change.value}


def kpi_guess(place: Place | None) -> Guess:
    if place is None or place.piece is None:
        return Guess()
    guess = GUESSES.get(place.key)
    return guess(place) if guess else Guess()


def success_guess(place: Place) -> Guess:
    """D2: what is counted, how many, by when."""
    reading, row = reading_of(place, "D2"), row_of(place, "D2")
    due_on = date.fromisoformat(row["by"]) if row.get("by") else None
    guess = Guess(reading.metric, reading.platform, grows(reading), figure(row.get("value")), due_on)
    return guess if guess.target is not None or reading.metric is None else replace(guess, **relative(reading))


def today_guess(place: Place) -> Guess:
    """D3: the same number as it is now; what is counted, D2 says."""
    guess = success_guess(place)
    baseline = figure(row_of(place, "D3").get("value"))
    return replace(guess, baseline=baseline)


def watched_guess(place: Place) -> Guess:
    """D5: a number that matters as well."""
    reading = read_words(place)
    return Guess(reading.metric, reading.platform)


def guardrail_guess(place: Place) -> Guess:
    """D6: what must not get worse is held at a level. How good the leads are is no count of them."""
    if place.piece == "lead_quality":
        return Guess()
    reading = read_words(place)
    kind = Kpi.Kind.STAY_BELOW if reading.metric in FALLING else Kpi.Kind.STAY_ABOVE
    return Guess(reading.metric, reading.platform, kind if reading.metric else None)


def guardrails_of(project: Project) -> tuple[list[str], str]:
    """What the client said must not get worse (D6), in their words, and the measure that the first of them can be."""
    version = BriefVersion.objects.filter(brief__project=project).first()
    question = find_question(version.content["form"], "D6") if version else None
    value = (version.content["answers"].get("D6") or {}).get("value") if question else None
    if not value:
        return [], ""
    pieces = pieces_of(question, value)
    places = [Place(version, "D6", piece.row) for piece in pieces]
    measures = [measure_of(place, kpi_guess(place)) for place in places]
    return [name_of(question, piece) for piece in pieces], next(filter(None, measures), "")


GUESSES = {"D2": success_guess, "D3": today_guess, "D5": watched_guess, "D6": guardrail_guess}


def row_of(place: Place, key: str) -> dict:
    value = place.value_of(key)
    return value["rows"][0] if isinstance(value, dict) and value.get("rows") else {}


def reading_of(place: Place, key: str) -> Reading:
    return read(row_of(place, key).get("what", ""), timezone.localdate())


def read_words(place: Place) -> Reading:
    return read(name_of(place.question, Piece(place.row, place.piece)), timezone.localdate())


def grows(reading: Reading) -> str | None:
    if reading.metric is None:
        return None
    return Kpi.Kind.DECREASE_TO if reading.metric in FALLING else Kpi.Kind.INCREASE_TO


def figure(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def measure_of(place: Place, guess: Guess) -> str:
    """«12:followers» of the one connected source that it can only be; empty when there are none or several."""
    return measure_in(place.version.brief.project_id, guess)


def measure_in(project_id: int, guess: Guess) -> str:
    """The same within a project."""
    sources = Source.objects.filter(project=project_id, filter="")
    wanted = CONNECTED_AS.get(guess.platform) if guess.platform else None
    if guess.metric is None or (guess.platform and wanted is None):
        return ""
    fitting = [source for source in sources if fits(source, guess.metric, wanted)]
    return f"{fitting[0].pk}:{guess.metric}" if len(fitting) == 1 else ""


def fits(source: Source, metric: str, platform: str | None) -> bool:
    return metric in source.told and platform in (None, source.platform)


def platform_of(place: Place) -> str | None:
    """The platform that a link or the words of a row name; None when they name none that can be connected."""
    if place.question["type"] == "links":
        return HOSTS.get(urlsplit(place.piece).hostname or "", "metrika" if is_site(place.piece) else None)
    words = " ".join(place.piece.values())
    named = next((code for stem, code in NAMES.items() if stem in words.lower()), None)
    return named or CONNECTED_AS.get(read(words, timezone.localdate()).platform)


def is_site(link: str) -> bool:
    """Not a page of a platform that the coach knows by its address."""
    return read(urlsplit(link).hostname or "", timezone.localdate()).platform in (None, "website")


def source_address(place: Place) -> str:
    project, platform = place.version.brief.project_id, platform_of(place)
    if platform is None:
        return reverse("kpis:source_new", args=[project])
    return reverse("kpis:source_access_new", args=[project, platform])


def watched_by(project: Project) -> Watched:
    """The platforms of KPIs and sources, as the coach calls them."""
    named = {ours: coachs for coachs, ours in CONNECTED_AS.items()}
    sources = Source.objects.filter(project=project).values_list("pk", "platform")
    kpis = set(Kpi.objects.standing().filter(project=project).values_list("source", flat=True))
    read_as = {pk: named[platform] for pk, platform in sources if platform in named}
    on_kpis = frozenset(platform for pk, platform in read_as.items() if pk in kpis)
    return Watched(kpis=on_kpis, sources=frozenset(read_as.values()))


WATCHES.append(watched_by)
register(
    Kind(
        "kpi",
        keys=("D2", "D3", "D5", "D6"),
        button=_("Make it a KPI"),
        became=_("Became the KPI"),
        rows=lambda project: Kpi.objects.standing().filter(project=project).select_related("source"),
        begin=lambda place: reverse("kpis:kpi_new", args=[place.version.brief.project_id]),
        may=rules.can_draft_kpis,
    ),
    Kind(
        "source",
        keys=("A2", "E4"),
        button=_("Connect it"),
        became=_("Connected"),
        rows=lambda project: Source.objects.filter(project=project),
        begin=source_address,
        may=lambda user, project: rules.can_connect(user, project),
    ),
)

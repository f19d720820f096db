"""How the sources of a project stand, in words, and what they wait for."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kpis.charts import Words, draw_chart
from kpis.connectors import CONNECTORS
from kpis.connectors.contract import Connector
from kpis.formula_words import say_formula
from kpis.formulas import parse
from kpis.metrics import METRICS, Metric
from kpis.models import MetricSeries, Point, Snapshot, Source
from kpis.queries.byhand import due_of, last_typed, say_due
from kpis.queries.lines import say_reason, stored_days
from kpis.queries.metrics import countable, in_order
from kpis.series import Day, daily
from kpis.wording import unit_words
from projects.models import Project
from smmportal.formatting import format_day, format_number
from smmportal.people.models import Role, Side
from smmportal.waiting import Waiting

SHOWN_DAYS = 90
SHOWN_SNAPSHOTS = 8
#: What only a person can mend.
NEEDS_A_PERSON = ("reauthorise", "scope_missing", "permanent")
WHO_TENDS = {
    Side.AGENCY: (Role.OWNER, Role.MANAGER, Role.SPECIALIST),
    Side.CLIENT: (Role.DECIDER, Role.CONTACT),
}


@dataclass(frozen=True)
class State:
    """How a source stands: a status code of the look, its word, and a sentence with what comes next."""

    status: str
    word: str
    sentence: str
    mend: str = ""


def state_of(source: Source, now: datetime) -> State:
    """The source's state in words."""
    if source.is_typed:
        return state_of_typed(source, now)
    if source.platform == Source.FORMULA:
        return State("on_track", _("counted by the portal"), "")
    if not source.is_pulled:
        return State("no_target", _("from files"), _("Import a newer file to add days."))
    if source.paused_at:
        return State("no_data", _("paused"), _("No numbers are taken until it is resumed."))
    if source.error_kind == "reauthorise":
        return State("source_lost", _("access lost"), error_sentence(source), mend="access")
    if source.error_kind in NEEDS_A_PERSON:
        return State("off_track", _("refused"), error_sentence(source), mend="access")
    if source.error_kind:
        return State("at_risk", _("waiting for the platform"), error_sentence(source))
    if source.is_being_pulled(now):
        return State("no_data", _("being asked"), _("The numbers are on their way."))
    if source.last_success_at is None:
        return State("no_data", _("connected"), _("The first numbers are on their way."))
    return State("on_track", _("connected"), "")


def state_of_typed(source: Source, now: datetime) -> State:
    if source.paused_at:
        return State("no_data", _("paused"), _("Nobody is reminded of its numbers until it is resumed."))
    due = due_of(source, last_typed(source), now)
    if due.is_late:
        return State("at_risk", _("numbers are late"), say_due(source, due))
    return State("on_track" if due.last else "no_data", _("typed by hand"), say_due(source, due))


def error_sentence(source: Source) -> str:
    """What the last pull met, in the reader's language."""
    return _(source.error_words) if source.error_words else ""


def platform_name(code: str) -> str:
    names = {Source.FILE: _("File"), Source.MANUAL: _("By hand"), Source.FORMULA: _("Formula")}
    return str(CONNECTORS[code].name) if code in CONNECTORS else names.get(code, code)


@dataclass(frozen=True)
class SourceLine:
    """One source on the list."""

    source: Source
    platform: str
    state: State
    next_pull_at: datetime | None


def sources_of(project: Project) -> list[SourceLine]:
    """The project's sources with their states, those that need a hand first."""
    now = timezone.now()
    sources = project.sources.exclude(platform=Source.FORMULA).select_related("login", "typed_by")
    sources = sources.prefetch_related("series")
    lines = [line_of(source, now) for source in sources]
    return sorted(lines, key=lambda line: (line.state.mend == "", line.source.pk))


def line_of(source: Source, now: datetime) -> SourceLine:
    waits = source.is_pulled and source.paused_at is None and not source.is_being_pulled(now)
    return SourceLine(
        source, platform_name(source.platform), state_of(source, now), source.next_pull_at if waits else None
    )


def say_metrics(connector: Connector) -> str:
    """What the platform tells, in a line: «Followers, reach, views»."""
    return ", ".join(str(METRICS[code].name) for code in connector.capabilities.codes)


# --- One source -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MetricCard:
    """One metric of one source: its latest number and how it went."""

    metric: Metric
    series: MetricSeries | None
    reason: str = ""
    provenance: str = ""
    chart: SafeString | None = None

    @property
    def is_final(self) -> bool:
        series = self.series
        return bool(series and series.latest_on and series.final_through and series.latest_on <= series.final_through)

    @property
    def unit(self) -> str:
        return unit_words(self.metric.unit)

    @property
    def fresh(self) -> str:
        return format_day(self.series.latest_on, "near") if self.series else ""


def cards_of(source: Source, *, today: date) -> list[MetricCard]:
    """A card for each metric that the source tells or could tell; one without numbers says why."""
    kept = {series.metric: series for series in source.series.select_related("computed")}
    last = last_shown(kept.values(), today)
    first = last - timedelta(days=SHOWN_DAYS - 1)
    stored = stored_days({series.pk for series in kept.values()}, first, last)
    codes = in_order({*kept, *source.told})
    return [
        card_of(
            source.metric(code),
            kept.get(code),
            stored.get(kept[code].pk, []) if code in kept else [],
            first,
            last,
            today,
        )
        for code in codes
    ]


def countable_of(source: Source) -> list[Metric]:
    """What the portal counts from the source's numbers as soon as a KPI is to stand on it."""
    kept = source.series.values_list("metric", flat=True)
    return [METRICS[code] for code in countable({*kept, *source.told})]


def last_shown(series: Sequence[MetricSeries], today: date) -> date:
    """A file that ends long ago is shown to its own end, so that there is something to see."""
    days = [one.latest_on for one in series if one.latest_on]
    newest = max(days, default=today)
    return newest if today - newest > timedelta(days=SHOWN_DAYS) else today


def card_of(
    metric: Metric, series: MetricSeries | None, stored: Sequence[Day], first: date, last: date, today: date
) -> MetricCard:
    if series is None or series.latest_value is None:
        reason = next((say_reason(day.reason) for day in reversed(stored) if day.reason), _("No number has come yet."))
        return MetricCard(metric, series, reason=reason)
    code = next((day.provenance for day in reversed(stored) if day.value is not None), "")
    provenance = str(Point.Provenance(code).label) if code else ""
    if getattr(series, "computed", None):
        provenance = _("counted by the portal: %(formula)s") % {
            "formula": say_formula(parse(series.computed.expression))
        }
    line = daily(stored, first=first, last=last)
    return MetricCard(metric, series, provenance=provenance, chart=draw(metric, series, line, today))


def draw(metric: Metric, series: MetricSeries, line: Sequence[Day], today: date) -> SafeString:
    drawn = draw_chart(
        [(day.day, None if day.value is None else float(day.value), day.final) for day in line],
        words=Words(
            title=str(metric.name),
            summary=str(metric.definition),
            unit=unit_words(metric.unit),
            today=_("today"),
            provisional=_("provisional"),
            no_data=_("no data"),
            not_from_zero=_("scale starts at {value}"),
        ),
        key=f"series-{series.pk}",
        format_number=format_number,
        format_day=lambda day: format_day(day, "short"),
        today=today,
        first=line[0].day,
        last=line[-1].day,
        from_zero=metric.aggregation == "sum",
        width=300,
        height=220,
    )
    return mark_safe(drawn)  # noqa: S308  charts.py escapes what it is given


def last_snapshots(source: Source) -> list[Snapshot]:
    """The newest links of the chain, without their bodies; of those about posts there are many, and they say less."""
    told = source.snapshots.exclude(kind=Snapshot.Kind.POSTS)
    return list(told.select_related("taken_by").defer("body")[:SHOWN_SNAPSHOTS])


def segments_of(source: Source) -> list[Source]:
    """The other sources of the same account: its parts, and the whole where this is a part."""
    same = Source.objects.filter(project=source.project_id, platform=source.platform, external_id=source.external_id)
    return list(same.exclude(pk=source.pk))


# --- What the access allows -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Missing:
    """Metrics that the access does not open, and why."""

    sentence: str
    metrics: str


def missing_of(source: Source) -> list[Missing]:
    """What the saved access lacks for the platform's metrics, in words."""
    login, connector = source.login, CONNECTORS.get(source.platform)
    if login is None or connector is None:
        return []
    abilities = source.capabilities
    unreadable = [code for code in abilities.codes if code not in abilities.readable_with(login.token_kind)]
    lacking = [(_("A token of this kind does not open them."), unreadable)] if unreadable else []
    for scope, codes in abilities.without_right(login.scopes).items():
        sentence = _("The right “%(right)s” was not granted.") % {"right": scope}
        lacking.append((sentence, [code for code in codes if code not in unreadable]))
    return [
        Missing(sentence, ", ".join(str(METRICS[code].name) for code in codes)) for sentence, codes in lacking if codes
    ]


# --- What waits, and the spine --------------------------------------------------------------------------------------


def waiting_for_access(projects: Sequence[Project]) -> list[Waiting]:
    """Sources that only a person can mend; it is asked of the side whose access it is."""
    broken = Source.objects.filter(
        project__in=[project.pk for project in projects], error_kind__in=NEEDS_A_PERSON, paused_at=None
    ).select_related("project", "login")
    return [waiting_line(source) for source in broken]


def waiting_line(source: Source) -> Waiting:
    from_client = source.login is not None and source.login.organisation_id == source.project.client_id
    side = Side.CLIENT if from_client else Side.AGENCY
    sentences = {
        "reauthorise": _("“%(source)s” gives no more numbers: its access has run out"),
    }
    sentence = sentences.get(source.error_kind, _("“%(source)s” gives no more numbers: the platform refuses"))
    return Waiting(
        project_id=source.project_id,
        project_name=source.project.name,
        side=side,
        sentence=sentence % {"source": source},
        button=_("Mend the source"),
        url=source.get_absolute_url(),
        since=source.last_attempt_at,
        roles=WHO_TENDS[side],
        kind="send",
    )


def source_states(projects: Sequence[Project]) -> dict[int, dict[str, dict]]:
    """For each project the state of its sources (`{"sources": {"status", "word"}}`), in one query."""
    pulled = ~Q(platform__in=Source.NOT_PULLED)
    known = Source.objects.exclude(platform=Source.FORMULA)
    counted = known.filter(project__in=[project.pk for project in projects]).values("project")
    rows = counted.annotate(
        all=Count("pk"),
        broken=Count("pk", filter=pulled & Q(error_kind__in=NEEDS_A_PERSON, paused_at=None)),
        slow=Count("pk", filter=pulled & ~Q(error_kind="") & Q(paused_at=None)),
    )
    found: dict[int, dict[str, dict]] = defaultdict(lambda: {"sources": {"status": "no_data", "word": _("none yet")}})
    found.update({row["project"]: {"sources": step_of(row)} for row in rows})
    return {project.pk: found[project.pk] for project in projects}


def step_of(row: dict) -> dict[str, str]:
    if row["broken"]:
        return {"status": "source_lost", "word": _("access lost")}
    if row["slow"]:
        return {"status": "at_risk", "word": _("waiting")}
    return {"status": "on_track", "word": _("connected")}

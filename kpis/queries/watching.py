"""What the watcher looks at: the facts of any number of projects in a constant number of queries, held against the
rules of `kpis.alerts`. What nobody can judge just now is named too: an alert about it stays as it is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation

from kpis import alerts
from kpis.access import opened
from kpis.alerts import Finding
from kpis.ending import AHEAD
from kpis.models import AlertThreshold, Forecast, ForecastDay, Kpi, MetricSeries, PlatformLogin, Point, Source
from kpis.queries.amendments import waiting_for_amendments
from kpis.queries.sources import NEEDS_A_PERSON
from kpis.queries.standings import Standing, for_standing, standings
from kpis.queries.successors import waiting_for_successors
from kpis.queries.waiting import waiting_for_agreement
from kpis.terms import plain
from projects.models import Project
from projects.queries.standings import brief_lines, goal_lines
from projects.queries.standings import standings as project_standings
from smmportal.people.models import Side
from smmportal.waiting import Waiting

#: Kept of an address or a sentence where it is part of a subject.
LONGEST_SUBJECT = 60
#: So far back a fall of the chance is looked for; the forecast of a day is kept only when it said something else.
HISTORY_DAYS = 35

Key = tuple[int, str, str]


@dataclass
class Found:
    """What the rules found, and of which subjects they could say nothing."""

    findings: list[Finding] = field(default_factory=list)
    unknown: set[Key] = field(default_factory=set)

    def add(self, weight: alerts.Weight | None, project: int, kind: str, subject: str, **more: object) -> None:
        if weight is not None:
            self.findings.append(Finding(project, kind, subject, weight, **more))

    def leave(self, project: int, kind: str, subject: str) -> None:
        self.unknown.add((project, kind, subject))


Standings = Mapping[Key, alerts.Weight]


def look(projects: Sequence[Project], known: Standings, now: datetime) -> Found:
    """Everything but the long series. `known`: the weights of the alerts that stand."""
    found = Found()
    running = running_kpis(projects)
    look_at_levels(running, found)
    look_at_paces(running, found)
    look_at_chances(running, known, found)
    look_at_silence(running, now, found)
    look_at_access(projects, now, found)
    look_at_answers(projects, now, found)
    return found


# --- KPIs -----------------------------------------------------------------------------------------------------------


def running_kpis(projects: Sequence[Project]) -> list[Standing]:
    """Those between their first day and their last; how they stand by their pace alone."""
    kpis = for_standing(Kpi.objects.filter(project__in=projects).standing())
    return [
        standing
        for standing in standings(kpis, with_chances=False)
        if standing.kpi.starts_on <= standing.today <= standing.kpi.due_on
    ]


def of_kpi(kpi: Kpi) -> dict:
    return {"url": kpi.get_absolute_url(), "kpi": kpi.pk}


def number_of(standing: Standing) -> dict:
    on = standing.current_on
    said = {"value": plain(standing.current), "value_on": on and on.isoformat(), "unit": standing.unit}
    if standing.current_over == 1:
        return said
    return {**said, "over": standing.current_over, "is_mean": standing.is_mean}


def look_at_levels(running: Sequence[Standing], found: Found) -> None:
    by_id = {standing.kpi.pk: standing for standing in running}
    for threshold in AlertThreshold.objects.filter(kpi__in=by_id):
        standing = by_id[threshold.kpi_id]
        project, subject = standing.kpi.project_id, f"threshold:{threshold.pk}"
        if standing.current is None:
            found.leave(project, "threshold", subject)
            continue
        weight = alerts.beyond(standing.current, threshold.value, is_above=threshold.is_above)
        evidence = {**number_of(standing), "level": plain(threshold.value), "is_above": threshold.is_above}
        more = {**of_kpi(standing.kpi), "owner": threshold.set_by_id}
        found.add(weight, project, "threshold", subject, evidence=evidence, **more)


def look_at_paces(running: Iterable[Standing], found: Found) -> None:
    for standing in running:
        kpi = standing.kpi
        if not kpi.is_signed:
            continue
        if standing.status in ("no_data", "source_lost", "no_target"):
            found.leave(kpi.project_id, "pace", subject_of(kpi))
            continue
        terms = {"target": plain(kpi.target), "due_on": kpi.due_on.isoformat(), "holds": kpi.holds_a_level}
        evidence = {"status": standing.status, **number_of(standing), **terms}
        weight = alerts.off_pace(standing.status)
        found.add(weight, kpi.project_id, "pace", subject_of(kpi), evidence=evidence, **of_kpi(kpi))


def look_at_chances(running: Iterable[Standing], known: Standings, found: Found) -> None:
    signed = {standing.kpi.pk: standing for standing in running if standing.kpi.is_signed}
    forecasts = {row.kpi_id: row for row in Forecast.objects.filter(kpi__in=signed)}
    history = histories_of(signed)
    for pk, standing in signed.items():
        kpi, forecast = standing.kpi, forecasts.get(pk)
        key = (kpi.project_id, "chance", subject_of(kpi))
        if forecast is None or forecast.chance is None or standing.status in ("no_data", "source_lost"):
            found.leave(*key)
            continue
        weight = alerts.unlikely(forecast.chance, known.get(key))
        evidence = chance_evidence(forecast.chance, history[pk], weight)
        found.add(weight, *key, evidence=evidence, **of_kpi(kpi))


def histories_of(signed: Mapping[int, Standing]) -> dict[int, list[tuple[date, float | None]]]:
    """The forecasts of the last weeks, oldest first."""
    earliest = min((standing.today for standing in signed.values()), default=date.max)
    rows = ForecastDay.objects.filter(kpi__in=signed, day__gte=earliest - timedelta(days=HISTORY_DAYS))
    days = defaultdict(list)
    for kpi_id, day, chance in rows.values_list("kpi", "day", "chance"):
        days[kpi_id].append((day, chance))
    return days


def chance_evidence(chance: float, days: Sequence[tuple[date, float | None]], weight: alerts.Weight | None) -> dict:
    """The chance with the day of its forecast, and from where it fell."""
    told = [day for day, _chance in days]
    on = max(told, default=None)
    fell = alerts.fall(days, chance, on) if on else None
    return {
        "chance": round(chance, 2),
        "on": on and on.isoformat(),
        "before": fell and fell[1],
        "before_on": fell and fell[0].isoformat(),
        "level": alerts.UNLIKELY if weight == "cliff" else alerts.DOUBTFUL,
    }


def subject_of(kpi: Kpi) -> str:
    return f"kpi:{kpi.pk}"


# --- Sources --------------------------------------------------------------------------------------------------------


def look_at_silence(running: Iterable[Standing], now: datetime, found: Found) -> None:
    """Of each source the metric that is latest, measured by its own lag; what a person types has its own reminder."""
    latest: dict[int, tuple[datetime, int, Standing]] = {}
    for standing in running:
        source = standing.kpi.source
        if not source.is_pulled or source.paused_at or source.error_kind in NEEDS_A_PERSON or standing.is_retired:
            continue
        last, lag = awaited_since(standing), lag_of(source, standing.kpi.metric)
        before = latest.get(source.pk)
        if before is None or last + timedelta(days=lag) < before[0] + timedelta(days=before[1]):
            latest[source.pk] = last, lag, standing
    for pk, (last, lag, standing) in latest.items():
        source, on = standing.kpi.source, standing.current_on
        evidence = {"last_on": on and on.isoformat(), "lag_days": lag}
        if source.quiet_hours:
            evidence["quiet_hours"] = source.quiet_hours
        more = {"url": source.get_absolute_url(), "source": pk}
        weight = alerts.silent(last, lag, now, source.quiet_hours or alerts.QUIET_HOURS)
        found.add(weight, source.project_id, "silent", f"source:{pk}", evidence=evidence, **more)


def awaited_since(standing: Standing) -> datetime:
    source = standing.kpi.source
    if standing.current_on is None:
        return source.connected_at
    return datetime.combine(standing.current_on + timedelta(days=1), time(), source.zone)


def lag_of(source: Source, metric: str) -> int:
    """So many days the platform may be late with this number; what the portal counts waits for all of its parts."""
    abilities = source.capabilities.metrics
    own = [ability.lag_days for ability in abilities if ability.code == metric]
    return own[0] if own else max(ability.lag_days for ability in abilities)


def look_at_access(projects: Sequence[Project], now: datetime, found: Found) -> None:
    sources = Source.objects.filter(project__in=projects, paused_at=None).select_related("project")
    lost = sources.filter(error_kind__in=NEEDS_A_PERSON).values_list("pk", "project", "login__organisation")
    clients = {project.pk: project.client_id for project in projects}
    for pk, project, keeper in lost:
        side = side_of(keeper, clients[project])
        found.add("cliff", project, "access_lost", f"source:{pk}", **of_source(pk), side=side)
    soon = PlatformLogin.objects.alive().filter(
        expires_at__gt=now, expires_at__lte=now + timedelta(days=max(AHEAD)), sources__project__in=projects
    )
    logins = {login.pk: login for login in opened(set(soon.values_list("pk", flat=True)))}
    ending = sources.filter(login__in=[pk for pk, login in logins.items() if not login.is_renewed_by_itself])
    for pk, project, login_id in ending.exclude(error_kind__in=NEEDS_A_PERSON).values_list("pk", "project", "login"):
        login = logins[login_id]
        side = side_of(login.organisation_id, clients[project])
        weight, evidence = alerts.ending((login.expires_at - now).days), {"ends_on": login.expires_at.isoformat()}
        found.add(weight, project, "access_ending", f"source:{pk}", evidence=evidence, **of_source(pk), side=side)


def of_source(pk: int) -> dict:
    return {"url": f"/sources/{pk}/", "source": pk}


def side_of(keeper: int | None, client: int) -> Side:
    return Side.CLIENT if keeper == client else Side.AGENCY


# --- Followers up with reach flat -----------------------------------------------------------------------------------


def look_at_reach(projects: Sequence[Project]) -> Found:
    """Of every source that tells both numbers. It reads four weeks of days: two queries for all of them."""
    found, pairs = Found(), pairs_of(projects)
    spans = [series for pair in pairs.values() for series in pair.values()]
    days = days_of(spans)
    for pk, pair in pairs.items():
        followers, reach = pair["followers"], pair["reach"]
        project, last = followers.source.project_id, min(followers.latest_on, reach.latest_on)
        said = alerts.reach_flat(days[followers.pk], days[reach.pk], last)
        found.add("drift" if said else None, project, "reach_flat", f"source:{pk}", evidence=said, **of_source(pk))
    return found


def pairs_of(projects: Sequence[Project]) -> dict[int, dict[str, MetricSeries]]:
    """For each source that has both its series."""
    series = MetricSeries.objects.filter(
        source__project__in=projects, source__paused_at=None, metric__in=("followers", "reach"), latest_on__isnull=False
    )
    pairs: dict[int, dict[str, MetricSeries]] = defaultdict(dict)
    for one in series.select_related("source"):
        pairs[one.source_id][one.metric] = one
    return {pk: pair for pk, pair in pairs.items() if len(pair) == 2}


def days_of(series: Sequence[MetricSeries]) -> dict[int, dict[date, Decimal]]:
    days: dict[int, dict[date, Decimal]] = defaultdict(dict)
    if series:
        first = min(one.latest_on for one in series) - timedelta(days=alerts.SPAN)
        rows = Point.objects.filter(series__in=[one.pk for one in series], day__gte=first, value__isnull=False)
        for series_id, day, value in rows.values_list("series_id", "day", "value"):
            days[series_id][day] = value
    return days


# --- What waits -----------------------------------------------------------------------------------------------------


def look_at_answers(projects: Sequence[Project], now: datetime, found: Found) -> None:
    """The other side's yes that is long in coming: terms, amendments, successors, the debrief, goals."""
    words: dict[tuple[int, str, str], dict[str, str]] = defaultdict(dict)
    lines: dict[tuple[int, str, str], Waiting] = {}
    for language, line in answers_awaited(projects):
        key = line.project_id, str(line.side), line.url
        words[key].setdefault(language, line.sentence)
        lines.setdefault(key, line)
    zones = {project.pk: ZoneInfo(project.timezone) for project in projects}
    for key, line in lines.items():
        since = line.since.astimezone(zones[line.project_id]).date()
        weight = alerts.stalled((now - line.since).days)
        evidence = {"what": words[key], "since_on": since.isoformat()}
        subject = waiting_subject(line)
        found.add(weight, line.project_id, "stalled", subject, url=line.url, evidence=evidence, side=str(line.side))


def answers_awaited(projects: Sequence[Project]) -> Iterator[tuple[str, Waiting]]:
    """Every line in every language of the portal: the sentences are made for whoever reads the alert."""
    standing = project_standings(projects)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            kpi_lines = (waiting_for_agreement, waiting_for_amendments, waiting_for_successors)
            lines = [line for ask in kpi_lines for line in ask(projects)]
            for one in standing.values():
                lines += [*brief_lines(one), *goal_lines(one)]
        yield from ((language, line) for line in lines if line.since)


def waiting_subject(line: Waiting) -> str:
    subject = f"{line.side}:{line.url}"
    if len(subject) <= LONGEST_SUBJECT:
        return subject
    return f"{line.side}:{sha256(line.url.encode()).hexdigest()[:40]}"

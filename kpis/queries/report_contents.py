"""What a report says: everything that is shown, as plain JSON in every language.

A draft's page shows it as it is now, issuing freezes the very same thing: page, PDF, spreadsheet and API are rendered
from this content and from nothing else (`kpis.report_text`).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from kpis import wording
from kpis.connectors.posts import READERS
from kpis.footnotes import footnotes_of
from kpis.ladder import STEPS
from kpis.models import Dip, Kpi, Post, Report, Review, Source
from kpis.queries import posts as post_queries
from kpis.queries.lines import lines_of, say_reason
from kpis.queries.many_periods import values_of_many
from kpis.queries.periods import Over
from kpis.queries.progress import counted
from kpis.queries.sources import state_of as state_of_source
from kpis.queries.standings import Standing, for_standing, standings, state_of
from kpis.reporting import before
from kpis.ritual import Period
from kpis.series import Day, latest
from kpis.terms import in_every_language, plain, said_in_every_language
from projects.measures import measures
from projects.models import Goal, Project, Task
from smmportal.people.models import AgencyLogo

FORMAT = 1
MOST_TASKS = 30
MOST_STEPS = 15
NO_OVER = {"value": None, "reason": None, "days": 0, "length": 0}


@dataclass(frozen=True)
class Scope:
    """What is told of: the project, the period and the one before it, on a day."""

    project: Project
    period: Period
    today: date

    @cached_property
    def before(self) -> Period:
        return before(self.period.first, self.period.last)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.project.timezone)

    @cached_property
    def moments(self) -> tuple[datetime, datetime]:
        """From the first midnight of the period to the one after it, where the project is."""
        begins = datetime.combine(self.period.first, time(), self.zone)
        return begins, datetime.combine(self.period.last + timedelta(days=1), time(), self.zone)

    def day_of(self, moment: datetime) -> str:
        return timezone.localtime(moment, self.zone).date().isoformat()


@dataclass
class Told:
    """What the blocks share, read once."""

    scope: Scope
    standings: Sequence[Standing]
    kpis: list[dict] = field(default_factory=list)

    @cached_property
    def sources(self) -> list[Source]:
        rows = self.scope.project.sources.exclude(platform=Source.FORMULA).select_related("login", "typed_by")
        return list(rows.order_by("pk"))

    @cached_property
    def names(self) -> dict[int, dict]:
        return {kpi["id"]: kpi["name"] for kpi in self.kpis}


def content_of(report: Report, *, today: date, previous_hash: str = "") -> dict:
    """The whole report as it stands now."""
    project = report.project
    scope = Scope(project, Period(report.first, report.last), today)
    told = read(scope)
    blocks = [block_of(one, report.commentaries.get(one["key"], ""), told) for one in report.layout]
    content = {
        "format": FORMAT,
        "number": report.number,
        "project": {"id": project.pk, "name": project.name},
        "agency": {"id": project.agency_id, "name": project.agency.name, **look_of(project.agency)},
        "client": {"id": project.client_id, "name": project.client.name},
        "period": {"first": report.first.isoformat(), "last": report.last.isoformat()},
        "before": {"first": scope.before.first.isoformat(), "last": scope.before.last.isoformat()},
        "made_on": today.isoformat(),
        "language": report.language,
        "jurisdiction": report.jurisdiction,
        "corrects": corrected_by(report),
        "previous_hash": previous_hash,
        "kpis": told.kpis,
        "blocks": blocks,
    }
    return {**content, "footnotes": footnotes_in(content, told)}


def look_of(agency) -> dict:
    logo: AgencyLogo | None = agency.logo
    return {"accent": agency.accent, "logo": {"id": logo.pk, "sha256": logo.sha256} if logo else None}


def corrected_by(report: Report) -> dict | None:
    if report.corrects is None:
        return None
    return {"number": report.corrects.number, "hash": report.corrects.issue.content_hash}


def footnotes_in(content: dict, told: Told) -> list[str]:
    platforms = {standing.kpi.source.platform for standing in told.standings}
    blocks = content["blocks"]
    platforms |= {source["platform"] for block in blocks for source in block.get("sources", ())}
    texts = [text for block in blocks for text in (block["title"], block["commentary"])]
    names = [kpi["name"]["en"] for kpi in content["kpis"]]
    metrics = {standing.kpi.metric for standing in told.standings}
    return footnotes_of(
        content["jurisdiction"], platforms=platforms, metrics=metrics, texts=[*texts, *names, *words_in(blocks)]
    )


def words_in(value: object) -> list[str]:
    """Every text of a piece of content."""
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inner for text in words_in(one)]


# --- KPIs -----------------------------------------------------------------------------------------------------------


def kpis_of(project: Project, first: date, last: date):
    """Those whose term the period touches."""
    return project.kpis.standing().filter(starts_on__lte=last, due_on__gte=first)


def read(scope: Scope) -> Told:
    first, last = scope.period.first, scope.period.last
    found = counted(standings(for_standing(kpis_of(scope.project, first, last))))
    lines = lines_of(found, first=first, last=last)
    spans = [(first, last), (scope.before.first, scope.before.last)]
    series = {standing.series.pk: standing.series for standing in found if standing.series}
    overs = values_of_many(list(series.values()), spans)
    kpis = [
        kpi_of(standing, lines[standing.kpi.pk], overs.get(standing.series.pk) if standing.series else None)
        for standing in found
    ]
    return Told(scope, found, kpis)


def kpi_of(standing: Standing, line: Sequence[Day], overs: Sequence[Over] | None) -> dict:
    kpi, metric = standing.kpi, standing.kpi.source.metric(standing.kpi.metric)
    now, then = overs or (None, None)
    return {
        "id": kpi.pk,
        "name": said_in_every_language(lambda: str(kpi)),
        "metric": kpi.metric,
        "definition": in_every_language(metric.definition) if metric else None,
        "platform": kpi.source.platform,
        "source": said_in_every_language(lambda: str(kpi.source)),
        "unit": standing.unit,
        "aggregation": metric.aggregation if metric else "",
        "kind": kpi.kind,
        "signed": kpi.is_signed,
        "starts_on": kpi.starts_on.isoformat(),
        "due_on": kpi.due_on.isoformat(),
        "baseline": plain(kpi.baseline),
        "target": plain(kpi.target),
        "current": plain(standing.current),
        "current_on": iso(standing.current_on),
        "current_over": standing.current_over,
        "span": said_in_every_language(lambda: wording.say_span(standing)),
        "final_through": iso(standing.final_through),
        "status": standing.status,
        "shade": standing.shade,
        "chance": None if standing.chance is None else f"{standing.chance:.4f}",
        "headline": said_in_every_language(lambda: wording.headline(standing)),
        "promise": said_in_every_language(lambda: wording.promise(kpi)),
        "provenance": provenance_of(standing, line),
        "guardrail": guardrail_of(standing),
        "series": standing.series.pk if standing.series else None,
        "over": over_of(now),
        "before": over_of(then),
        "change": plain(change_between(now, then)),
        "line": [[day.day.isoformat(), plain(day.value), day.final, day.provenance, day.reason] for day in line],
    }


def over_of(over: Over | None) -> dict:
    if over is None:
        return dict(NO_OVER)
    reason = said_in_every_language(lambda: say_reason(over.reason)) if over.value is None else None
    return {"value": plain(rounded(over.value)), "reason": reason, "days": over.days, "length": over.length}


def rounded(value: Decimal | None) -> Decimal | None:
    """A ratio may have as many places as it likes; six are kept everywhere."""
    return None if value is None else round(value, 6)


def change_between(now: Over | None, then: Over | None) -> Decimal | None:
    if now is None or then is None or now.value is None or then.value is None:
        return None
    return rounded(now.value) - rounded(then.value)


def provenance_of(standing: Standing, line: Sequence[Day]) -> dict | None:
    told = latest(line)
    if told is None:
        return None
    source, counted_ = standing.kpi.source, standing.is_counted
    return said_in_every_language(lambda: wording.provenance(str(source), told.provenance, is_counted=counted_))


def guardrail_of(standing: Standing) -> dict | None:
    guardrail = standing.guardrail
    if guardrail is None:
        return None
    return {
        "status": guardrail.status,
        "sentence": said_in_every_language(lambda: wording.guardrail_sentence(guardrail)),
    }


def iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


# --- Blocks ---------------------------------------------------------------------------------------------------------


def block_of(layout: dict, commentary: str, told: Told) -> dict:
    kind = layout["kind"]
    shown = SHOWN[kind](told, layout) if kind in SHOWN else {}
    return {**layout, "commentary": commentary.strip(), **shown}


def summary(told: Told, _layout: dict) -> dict:
    state = state_of(told.standings)
    return {
        "status": state["status"],
        "word": said_in_every_language(lambda: state_of(told.standings)["word"]),
        "counts": dict(Counter(standing.status for standing in told.standings)),
    }


def goals(told: Told, _layout: dict) -> dict:
    """Those that run, and those that ended in the period."""
    begins, ends = told.scope.moments
    wanted = Q(status__in=Goal.RUNNING) | Q(conclusions__at__gte=begins, conclusions__at__lt=ends)
    rows = list(told.scope.project.goals.filter(wanted).distinct().order_by("pk"))
    progress = measures().progress_of(rows)
    return {"goals": [goal_of(goal, progress.get(goal.pk)) for goal in rows]}


def goal_of(goal: Goal, progress) -> dict:
    known = progress is not None and progress.done is not None
    return {
        "id": goal.pk,
        "statement": goal.statement,
        "status": goal.status,
        "word": said_in_every_language(lambda: str(goal.get_status_display())),
        "due_on": iso(goal.due_on),
        "done": plain(round(progress.percent_done, 2)) if known else None,
        "unknown": plain(round(progress.percent_unknown, 2)) if known else None,
    }


def reviews(told: Told, _layout: dict) -> dict:
    """What was said of the KPIs in the period, the newest of each of their own periods, and the tasks that got done."""
    scope = told.scope
    rows = Review.objects.filter(kpi__in=told.names, last__range=(scope.period.first, scope.period.last))
    newest: dict[tuple[int, date], Review] = {}
    for review in rows.select_related("task", "by").order_by("pk"):
        newest[review.kpi_id, review.last] = review
    kept = sorted(newest.values(), key=lambda review: (review.kpi_id, review.last))
    return {"reviews": [review_of(review, told) for review in kept], "tasks": tasks_done(scope)}


def review_of(review: Review, told: Told) -> dict:
    return {
        "kpi": told.names[review.kpi_id],
        "first": review.first.isoformat(),
        "last": review.last.isoformat(),
        "happened": review.happened,
        "why": review.why,
        "measure": review.measure,
        "task": review.task.title if review.task else "",
        "by": str(review.by),
    }


def tasks_done(scope: Scope) -> list[dict]:
    begins, ends = scope.moments
    rows = scope.project.tasks.filter(done_at__gte=begins, done_at__lt=ends).select_related("assignee")
    return [
        {"title": task.title, "side": task.side, "who": str(task.assignee or ""), "on": scope.day_of(task.done_at)}
        for task in rows.order_by("done_at", "pk")[:MOST_TASKS]
    ]


def dips(told: Told, _layout: dict) -> dict:
    period, units = told.scope.period, {kpi["id"]: kpi["unit"] for kpi in told.kpis}
    rows = Dip.objects.filter(kpi__in=told.names, day__lte=period.last, until__gte=period.first)
    return {
        "dips": [
            {
                "kpi": told.names[dip.kpi_id],
                "unit": units[dip.kpi_id],
                "day": dip.day.isoformat(),
                "until": dip.until.isoformat(),
                "value": plain(dip.value),
                "low": plain(dip.low),
                "high": plain(dip.high),
                "explanation": dip.explanation if dip.explained_at else "",
                "by": str(dip.explained_by or ""),
            }
            for dip in rows.select_related("explained_by").order_by("day", "pk")
        ]
    }


def posts(told: Told, layout: dict) -> dict:
    """The best and the weakest posts of the period at an equal age, source by source."""
    begins, ends = told.scope.moments
    posted = Post.objects.filter(source__in=[source.pk for source in told.sources if source.platform in READERS])
    posted = posted.filter(published_at__gte=begins, published_at__lt=ends).order_by()
    active = set(posted.values_list("source", flat=True).distinct())
    step = STEPS[layout["age"]]
    return {
        "sources": [
            posts_of(source, told.scope, step, layout["count"]) for source in told.sources if source.pk in active
        ]
    }


def posts_of(source: Source, scope: Scope, step, count: int) -> dict:
    begins, ends = scope.moments
    metric = next(iter(post_queries.post_metrics(source)), "")
    sight = post_queries.Sight(step, metric)
    rows = post_queries.posts_in_order(source, sight).filter(published_at__gte=begins, published_at__lt=ends)
    published = list(rows)
    compared = [post for post in published if getattr(post, "at_age", None) is not None]
    best = compared[: min(count, (len(compared) + 1) // 2)]
    worst = compared[len(best) :][-count:][::-1]
    return {
        "platform": source.platform,
        "source": said_in_every_language(lambda: str(source)),
        "metric": in_every_language(post_queries.METRICS[metric].name) if metric else None,
        "age": step.code,
        "published": len(published),
        "compared": len(compared),
        "best": [post_of(post, scope) for post in best],
        "worst": [post_of(post, scope) for post in worst],
    }


def post_of(post, scope: Scope) -> dict:
    return {
        "id": post.pk,
        "text": post.opening,
        "kind": said_in_every_language(lambda: str(post.get_kind_display())),
        "url": post.permalink,
        "on": scope.day_of(post.published_at),
        "value": plain(post.at_age),
    }


def next_steps(told: Told, _layout: dict) -> dict:
    """What is still to be done, the nearest first."""
    rows = Task.objects.filter(project=told.scope.project).open().select_related("assignee")
    return {
        "steps": [
            {"title": task.title, "side": task.side, "who": str(task.assignee or ""), "due_on": iso(task.due_on)}
            for task in rows[:MOST_STEPS]
        ]
    }


def sources(told: Told, _layout: dict) -> dict:
    """How each source stands; how fresh each number is stands with the KPIs."""
    now = timezone.now()
    return {"sources": [source_of(source, now) for source in told.sources]}


def source_of(source: Source, now: datetime) -> dict:
    def said(part: Callable[[], str]) -> dict[str, str]:
        return said_in_every_language(part)

    return {
        "platform": source.platform,
        "name": said(lambda: str(source)),
        "place": said(lambda: source.place),
        "status": state_of_source(source, now).status,
        "word": said(lambda: state_of_source(source, now).word),
        "sentence": said(lambda: state_of_source(source, now).sentence),
    }


SHOWN: dict[str, Callable[[Told, dict], dict]] = {
    "summary": summary,
    "goals": goals,
    "reviews": reviews,
    "dips": dips,
    "posts": posts,
    "next_steps": next_steps,
    "sources": sources,
}


# --- Whether the period is final -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unfinished:
    """A KPI whose source may still change days of the period."""

    kpi: Kpi
    final_through: date | None
    until: date


def unfinished(project: Project, first: date, last: date) -> list[Unfinished]:
    """The KPIs that the period waits for. What can't become final any more (a lost or a paused source, a retired
    number) and what nobody has promised by a day (files, numbers typed by hand) holds nothing up: the report says how
    fresh it is."""
    found = standings(for_standing(kpis_of(project, first, last)), with_chances=False)
    late = [Unfinished(one.kpi, one.final_through, min(last, one.kpi.due_on)) for one in found if may_still_come(one)]
    return [one for one in late if one.final_through is None or one.final_through < one.until]


def may_still_come(standing: Standing) -> bool:
    source = standing.kpi.source
    is_pulled = source.is_pulled or source.platform == Source.FORMULA
    return is_pulled and source.paused_at is None and not standing.situation.source_lost

"""The watcher: what the rules find fires, what they find no more is settled. Safe to run twice, and in two workers."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime

from django.utils import timezone

from kpis.actions.alerts import fire
from kpis.alerts import LONGEST_REST, Finding, is_worse, rests_still
from kpis.models import Alert, Kpi, Source
from kpis.queries.watching import Found, Key, look, look_at_reach
from projects.models import Project
from smmportal.people.models import User

AT_ONCE = 200
#: What `watch` looks after; other kinds are fired and settled by whoever finds them.
WATCHED = ("threshold", "pace", "chance", "silent", "access_lost", "access_ending", "stalled")


def watch(now: datetime | None = None) -> int:
    """Look at every open project; how many alerts were fired."""
    settle_closed_projects()
    return sum(watch_projects(batch, now or timezone.now()) for batch in batches())


def watch_projects(projects: Sequence[Project], now: datetime) -> int:
    standing = standing_in(projects, WATCHED)
    weights = {key: alert.weight for key, alert in standing.items()}
    return keep(projects, WATCHED, look(projects, weights, now), now=now, standing=standing)


def watch_reach(now: datetime | None = None) -> int:
    """Followers against reach, over four weeks of days: less often than the rest."""
    return keep_each(("reach_flat",), look_at_reach, now or timezone.now())


def keep_each(kinds: Collection[str], find: Callable[[Sequence[Project]], Found], now: datetime) -> int:
    return sum(keep(batch, kinds, find(batch), now=now) for batch in batches())


def batches() -> Iterator[list[Project]]:
    last = 0
    rows = Project.objects.open().select_related("agency", "client").order_by("pk")
    while batch := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        yield batch
        last = batch[-1].pk


def keep(
    projects: Sequence[Project],
    kinds: Collection[str],
    found: Found,
    *,
    now: datetime,
    standing: dict[Key, Alert] | None = None,
) -> int:
    """Make the alerts of these kinds agree with what was found: new ones fire, those that say something else fire
    again, those of which nothing was found are settled, and what nobody could judge stays. Where nothing changed it
    costs two queries."""
    standing = standing_in(projects, kinds) if standing is None else standing
    resting = closed_by_hand(projects, kinds, now)
    by_id = {project.pk: project for project in projects}
    news = [each for each in found.findings if is_news(each, standing.get(each.key), resting.get(each.key), now)]
    for finding in news:
        fire_finding(finding, by_id[finding.project])
    kept = {finding.key for finding in found.findings} | found.unknown
    passed = [alert.pk for key, alert in standing.items() if key not in kept]
    if passed:
        Alert.objects.standing().filter(pk__in=passed).update(state=Alert.State.CLOSED, closed_at=now)
    return len(news)


def is_news(finding: Finding, standing: Alert | None, closed: Alert | None, now: datetime) -> bool:
    if standing:
        is_same = (standing.evidence, standing.weight) == (finding.evidence, finding.weight)
        return not is_same or is_worse(finding.weight, standing.weight)
    return closed is None or not rests_still(finding.kind, finding.weight, closed.closed_at, closed.weight, now)


def standing_in(projects: Sequence[Project], kinds: Collection[str]) -> dict[Key, Alert]:
    rows = Alert.objects.standing().filter(project__in=projects, kind__in=kinds)
    return {key_of(alert): alert for alert in rows}


def closed_by_hand(projects: Sequence[Project], kinds: Collection[str], now: datetime) -> dict[Key, Alert]:
    """The latest of each subject that somebody closed not long ago."""
    rows = Alert.objects.filter(project__in=projects, kind__in=kinds, closed_by__isnull=False)
    return {key_of(alert): alert for alert in rows.filter(closed_at__gt=now - LONGEST_REST).order_by("closed_at")}


def key_of(alert: Alert) -> Key:
    return alert.project_id, alert.kind, alert.subject


def fire_finding(finding: Finding, project: Project) -> Alert:
    kpis = Kpi.objects.select_related("project", "owner", "source__formula").filter(pk=finding.kpi)
    return fire(
        project,
        finding.kind,
        finding.subject,
        url=finding.url,
        evidence=finding.evidence or {},
        weight=finding.weight,
        side=finding.side,
        owner=User.objects.filter(pk=finding.owner, is_active=True).first() if finding.owner else None,
        kpi=kpis.first() if finding.kpi else None,
        source=Source.objects.filter(pk=finding.source).first() if finding.source else None,
    )


def settle_closed_projects() -> None:
    """Nothing is asked of anybody in a project that is over."""
    left = Alert.objects.standing().filter(project__closed_at__isnull=False)
    left.update(state=Alert.State.CLOSED, closed_at=timezone.now())

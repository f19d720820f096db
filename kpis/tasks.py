from celery import shared_task
from django.utils import timezone

from kpis import limits, partitions, pulling, pulling_posts
from kpis.actions.amendments import open_amendments
from kpis.actions.consents import forget_attempts
from kpis.actions.dips import find_dips
from kpis.actions.forecasts import foresee_all
from kpis.actions.imports import forget_abandoned_imports
from kpis.actions.report_timetables import prepare_due
from kpis.actions.sources import forget_unused_logins
from kpis.actions.successors import propose_successors
from kpis.actions.watching import watch, watch_reach
from kpis.ending import warn_of_ends
from kpis.models import Source
from kpis.queries.amendments import due_versions
from kpis.queries.successors import due_sources
from projects.models import BriefVersion
from smmportal.jobs import later


@shared_task(name="kpis.pull_source")
def pull_source(*, source_id: int) -> None:
    """Asked for by hand, or right after connecting: the same work with a batch of one."""
    source = Source.objects.filter(pk=source_id).first()
    if source:
        pulling.pull_source(source)


@shared_task(name="kpis.pull_due")
def pull_due(*, calls_help: bool = True) -> None:
    """The timetable rings for one process; where more is due than one claim takes, it calls a second."""
    if calls_help and Source.objects.due().order_by("next_pull_at")[pulling.BATCH :].exists():
        later("kpis.pull_due", calls_help=False)
    pulling.pull_due()


@shared_task(name="kpis.look_at_posts")
def look_at_posts() -> None:
    pulling_posts.pull_posts_due()


@shared_task(name="kpis.forget_abandoned")
def forget_abandoned() -> None:
    """Drop files that nobody confirmed, access that nobody used, and limits that are free again."""
    forget_abandoned_imports()
    forget_unused_logins()
    forget_attempts()
    limits.forget_old_allowances()


@shared_task(name="kpis.make_room")
def make_room() -> None:
    """The tables of the months to come, before their first day does."""
    partitions.make_room(timezone.localdate())


@shared_task(name="kpis.refresh_statistics")
def refresh_statistics() -> None:
    partitions.refresh_statistics()


@shared_task(name="kpis.open_amendments")
def open_amendments_of(*, version: int) -> None:
    found = BriefVersion.objects.filter(pk=version).select_related("brief__project").first()
    if found:
        open_amendments(found)


@shared_task(name="kpis.open_due_amendments")
def open_due_amendments() -> None:
    """What the bell did not ring for."""
    for version in due_versions():
        open_amendments(version)


@shared_task(name="kpis.propose_successors")
def propose_successors_of(*, source_id: int) -> None:
    found = Source.objects.filter(pk=source_id).select_related("project").first()
    if found:
        propose_successors(found)


@shared_task(name="kpis.propose_due_successors")
def propose_due_successors() -> None:
    """What the bell did not ring for."""
    for source in due_sources():
        propose_successors(source)


@shared_task(name="kpis.warn_of_ends")
def warn_of_ending_access() -> None:
    warn_of_ends()


@shared_task(name="kpis.foresee")
def foresee() -> None:
    """Forecasts for whoever will look: a page works out only what changed since."""
    foresee_all()


@shared_task(name="kpis.find_dips")
def find_dips_due() -> None:
    """In the series that have changed since they were last looked at."""
    find_dips()


@shared_task(name="kpis.prepare_reports")
def prepare_reports() -> None:
    """Drafts of the weeks and months that are over and final."""
    prepare_due()


@shared_task(name="kpis.watch")
def watch_everything() -> None:
    watch()


@shared_task(name="kpis.watch_reach")
def watch_followers_and_reach() -> None:
    watch_reach()

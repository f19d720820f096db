from celery import shared_task

from kpis import limits, pulling
from kpis.actions.amendments import open_amendments
from kpis.actions.imports import forget_abandoned_imports
from kpis.actions.sources import forget_unused_logins
from kpis.ending import warn_of_ends
from kpis.models import Source
from kpis.queries.amendments import due_versions
from projects.models import BriefVersion


@shared_task(name="kpis.pull_source")
def pull_source(*, source_id: int) -> None:
    """Asked for by hand, or right after connecting: the same work with a batch of one."""
    source = Source.objects.filter(pk=source_id).first()
    if source:
        pulling.pull_source(source)


@shared_task(name="kpis.pull_due")
def pull_due() -> None:
    pulling.pull_due()


@shared_task(name="kpis.forget_abandoned")
def forget_abandoned() -> None:
    """Drop files that nobody confirmed, access that nobody used, and limits that are free again."""
    forget_abandoned_imports()
    forget_unused_logins()
    limits.forget_old_allowances()


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


@shared_task(name="kpis.warn_of_ends")
def warn_of_ending_access() -> None:
    warn_of_ends()

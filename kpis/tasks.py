from celery import shared_task
from django.utils import timezone

from kpis import pulling
from kpis.actions.amendments import open_amendments
from kpis.actions.imports import forget_abandoned_imports
from kpis.actions.sources import forget_unused_logins
from kpis.models import Source
from kpis.queries.amendments import due_versions
from projects.models import BriefVersion
from smmportal.jobs import ring


@shared_task(name="kpis.pull_source")
def pull_source(*, source_id: int) -> None:
    source = Source.objects.filter(pk=source_id).first()
    if source:
        pulling.pull_source(source)


@shared_task(name="kpis.pull_due")
def pull_due() -> None:
    """Ring for each due row; a row that is rung for twice is pulled once."""
    for source_id in pulling.due_ids(timezone.now()):
        ring("kpis.pull_source", {"source_id": source_id})


@shared_task(name="kpis.forget_abandoned")
def forget_abandoned() -> None:
    """Drop files that nobody confirmed and access that nobody used."""
    forget_abandoned_imports()
    forget_unused_logins()


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

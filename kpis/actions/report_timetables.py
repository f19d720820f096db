"""Reports that come by themselves: a draft for each week or month, once its numbers are final."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis import rules
from kpis.actions.reports import demand_own, prepare_for
from kpis.models import Report, ReportTemplate, ReportTimetable
from kpis.queries.report_contents import unfinished
from kpis.reporting import period_with
from projects.models import Project
from smmportal.audit import record
from smmportal.people.models import User
from smmportal.refusals import demand


def demand_timing(project: Project, *, by: User) -> None:
    allowed = rules.can_issue_reports(by, project)
    demand(allowed, _("The timetable of reports is set by the agency’s owner or manager."))


@transaction.atomic
def set_timetable(
    project: Project, *, cadence: str, by: User, template: ReportTemplate | None = None, language: str = ""
) -> ReportTimetable:
    """From the week or month that runs now on, a draft for each."""
    demand_timing(project, by=by)
    demand_own(template, project)
    Project.objects.select_for_update().get(pk=project.pk)
    kept = ReportTimetable.objects.filter(project=project).first()
    timetable = kept or ReportTimetable(project=project)
    if kept is None or kept.cadence != cadence:
        timetable.next_first = period_with(project.today, cadence).first
    timetable.cadence, timetable.template = cadence, template
    timetable.language = language or by.language
    timetable.set_by, timetable.set_at = by, timezone.now()
    timetable.save()
    record("report_timetable.set", about=timetable, by=by, project=project, cadence=cadence)
    return timetable


@transaction.atomic
def drop_timetable(project: Project, *, by: User) -> None:
    """No more drafts by themselves; those that are begun stay. Twice is once."""
    demand_timing(project, by=by)
    kept = ReportTimetable.objects.filter(project=project).first()
    if kept:
        record("report_timetable.dropped", about=kept, by=by, project=project)
        kept.delete()


def prepare_due() -> list[Report]:
    """The drafts of all periods that are over and final; safe to run twice and by two workers."""
    timetables = ReportTimetable.objects.filter(project__closed_at=None)
    timetables = timetables.select_related("project__agency", "project__client", "template", "set_by")
    return [report for timetable in timetables for report in prepare(timetable)]


def prepare(timetable: ReportTimetable) -> list[Report]:
    made, project = [], timetable.project
    period = period_with(timetable.next_first, timetable.cadence)
    while is_due(timetable, project, period):
        report = prepare_for(timetable, timetable.next_first, period.last)
        if report is None:
            break
        made.append(report)
        timetable.refresh_from_db(fields=["next_first"])
        period = period_with(timetable.next_first, timetable.cadence)
    return made


def is_due(timetable: ReportTimetable, project: Project, period) -> bool:
    may = rules.can_write_reports(timetable.set_by, project)
    return may and period.is_over(project.today) and not unfinished(project, timetable.next_first, period.last)

"""A report's life: begun by hand or by the timetable, written, checked by a colleague, issued for good; a mistake is
mended by a new one that names the old."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis import blocks, rules
from kpis.models import IssuedReport, Report, ReportRemark, ReportTemplate, ReportTimetable
from kpis.queries.report_contents import content_of, unfinished
from kpis.report_words import missing_words, say_unfinished
from kpis.reporting import LONGEST
from projects.actions.projects import facts_of
from projects.models import Project
from smmportal.audit import record
from smmportal.facts import content_hash
from smmportal.notifications.actions import announce
from smmportal.people.models import Side, User
from smmportal.refusals import Refused, demand

LONGEST_COMMENTARY = 10_000
MOST_IN_WORK = 50


def demand_writing(project: Project, *, by: User) -> None:
    demand(rules.can_write_reports(by, project), _("Reports are written by the agency’s people."))
    demand_open(project)


def demand_open(project: Project) -> None:
    if not project.is_open:
        raise Refused(_("The project is closed: its reports stay as they are."), code="project-closed")


# --- Begin, write, throw away ---------------------------------------------------------------------------------------


@transaction.atomic
def begin_report(
    project: Project,
    *,
    first: date,
    last: date,
    by: User,
    template: ReportTemplate | None = None,
    language: str = "",
    timetable: ReportTimetable | None = None,
) -> Report:
    """A draft over these days, both included, made of the template's blocks (of the portal's own without one)."""
    demand_writing(project, by=by)
    check_days(first, last)
    lock_project(project)
    if project.reports.in_work().count() >= MOST_IN_WORK:
        raise Refused(_("Very many reports are in work here. Issue some, or throw drafts away."), code="too-many")
    demand_own(template, project)
    report = project.reports.create(
        number=next_number(project),
        first=first,
        last=last,
        layout=template.layout if template else [dict(one) for one in blocks.SHIPPED],
        jurisdiction=template.jurisdiction if template else "ru",
        language=language or by.language,
        timetable=timetable,
        begun_by=by,
    )
    record("report.begun", about=report, by=by, project=project, **period_of(report))
    return report


def check_days(first: date, last: date) -> None:
    if last < first:
        raise ValidationError({"last": _("The last day comes after the first.")})
    if (last - first).days >= LONGEST:
        raise ValidationError({"last": _("A report covers at most a year.")})
    if first.year < 2000 or last.year > 2200:
        raise ValidationError({"first": _("Check the year.")})


def demand_own(template: ReportTemplate | None, project: Project) -> None:
    if template and (template.agency_id != project.agency_id or template.archived_at):
        raise Refused(_("There is no such report template. Choose another one."), code="unknown-template")


def next_number(project: Project) -> int:
    return (project.reports.aggregate(last=models.Max("number"))["last"] or 0) + 1


@transaction.atomic
def edit_report(
    report: Report,
    *,
    revision: int,
    by: User,
    commentaries: Mapping[str, str] | None = None,
    first: date | None = None,
    last: date | None = None,
    language: str | None = None,
    jurisdiction: str | None = None,
) -> Report:
    """Change the words of a draft, its days, or whose law it follows; what is left out stays.

    `revision` is that of the report as its writer saw it: what somebody else wrote meanwhile is never written over.
    """
    demand_writing(report.project, by=by)
    report = lock(report)
    demand_draft(report)
    if report.revision != revision:
        raise Refused(
            _("Somebody else changed this report meanwhile. Look at it as it is now, then save again."),
            code="changed-meanwhile",
            revision=report.revision,
        )
    was = (dict(report.commentaries), report.first, report.last, report.language, report.jurisdiction)
    report.commentaries = {**report.commentaries, **checked_words(report, commentaries or {})}
    report.first, report.last = first or report.first, last or report.last
    check_days(report.first, report.last)
    report.language = language or report.language
    report.jurisdiction = report.jurisdiction if jurisdiction is None else jurisdiction
    if was == (report.commentaries, report.first, report.last, report.language, report.jurisdiction):
        return report
    report.revision += 1
    report.written_by = by
    report.save()
    record("report.written", about=report, by=by, project=report.project, revision=report.revision)
    return report


def checked_words(report: Report, commentaries: Mapping[str, str]) -> dict[str, str]:
    known = {one["key"] for one in report.layout}
    unknown = next((key for key in commentaries if key not in known), None)
    if unknown is not None:
        raise ValidationError({"commentaries": _("The report has no block “%(key)s”.") % {"key": unknown[:40]}})
    if any(len(text) > LONGEST_COMMENTARY for text in commentaries.values()):
        raise ValidationError({"commentaries": _("The words on one block are at most 10,000 characters.")})
    return {key: text.replace("\r\n", "\n").strip() for key, text in commentaries.items()}


@transaction.atomic
def drop_report(report: Report, *, by: User) -> None:
    """Throw a draft away. What was issued stays for good."""
    demand_writing(report.project, by=by)
    report = lock(report)
    if report.is_issued:
        raise Refused(
            _("Report No. %(number)s is issued: it stays as it was sent. To mend a mistake, issue a correction.")
            % {"number": report.number},
            code="issued",
        )
    record("report.dropped", about=report, by=by, project=report.project, **period_of(report))
    report.delete()


def demand_draft(report: Report) -> None:
    if report.is_issued:
        raise Refused(
            _("Report No. %(number)s is issued: it stays as it was sent. To mend a mistake, issue a correction.")
            % {"number": report.number},
            code="issued",
        )
    if report.state != "draft":
        raise Refused(_("The report is in the check. Take it back first, then change it."), code="in-check")


# --- The check ------------------------------------------------------------------------------------------------------


@transaction.atomic
def send_to_check(report: Report, *, by: User) -> Report:
    """Ask a colleague to look. Twice is once."""
    demand_writing(report.project, by=by)
    report = lock(report)
    if report.state in ("checking", "checked"):
        return report
    demand_draft(report)
    demand_words(report)
    report.sent_at, report.sent_by = timezone.now(), by
    report.save(update_fields=["sent_at", "sent_by"])
    record("report.sent_to_check", about=report, by=by, project=report.project, revision=report.revision)
    tell("report.to_check", report, to=report.project.people_of(Side.AGENCY), by=by)
    return report


@transaction.atomic
def write_and_send(report: Report, *, by: User, **said: object) -> Report:
    """What was written, and the check asked for, or neither."""
    return send_to_check(edit_report(report, by=by, **said), by=by)


def demand_words(report: Report) -> None:
    missing = blocks.without_words(report.layout, report.commentaries)
    if missing:
        raise Refused(missing_words(missing), code="no-commentary", blocks=[one["key"] for one in missing])


@transaction.atomic
def take_back(report: Report, *, by: User) -> Report:
    """Go on writing: the report is a draft again, and a check that was passed counts for nothing."""
    demand_writing(report.project, by=by)
    report = lock(report)
    if report.is_issued:
        demand_draft(report)
    if report.sent_at:
        back_to_draft(report)
        record("report.taken_back", about=report, by=by, project=report.project)
    return report


def back_to_draft(report: Report) -> None:
    report.sent_at = report.sent_by = report.checked_at = report.checked_by = None
    report.save(update_fields=["sent_at", "sent_by", "checked_at", "checked_by"])


@transaction.atomic
def pass_check(report: Report, *, revision: int, by: User) -> Report:
    """The colleague has read it and found it right. `revision` is that of the report as they read it."""
    report = lock(report)
    demand_checking(report, by=by)
    if report.state == "checked":
        return report
    if report.state != "checking":
        raise Refused(_("Nobody has sent this report to the check yet."), code="not-in-check")
    if report.revision != revision:
        sentence = _("The report changed while you were reading it. Please read it again.")
        raise Refused(sentence, code="changed-meanwhile")
    report.checked_at, report.checked_by = timezone.now(), by
    report.save(update_fields=["checked_at", "checked_by"])
    record("report.checked", about=report, by=by, project=report.project, revision=revision)
    tell("report.checked", report, to=report.project.people_of(Side.AGENCY), by=by)
    return report


@transaction.atomic
def return_report(report: Report, *, remark: str, by: User) -> Report:
    """Back to whoever wrote it, with what is to be mended."""
    report = lock(report)
    demand_checking(report, by=by)
    if report.state not in ("checking", "checked"):
        raise Refused(_("Nobody has sent this report to the check yet."), code="not-in-check")
    if not remark.strip():
        raise ValidationError({"remark": _("Say what is to be mended.")})
    sender = report.sent_by
    back_to_draft(report)
    add_remark(report, text=remark, by=by)
    record("report.returned", about=report, by=by, project=report.project)
    tell("report.returned", report, to=[sender], by=by, remark=remark.strip())
    return report


def demand_checking(report: Report, *, by: User) -> None:
    demand_writing(report.project, by=by)
    if not report.is_issued and not rules.can_check_report(by, report):
        raise Refused(_("You wrote this report: a colleague checks it."), code="own-report")
    if report.is_issued:
        demand_draft(report)


@transaction.atomic
def add_remark(report: Report, *, text: str, by: User) -> ReportRemark:
    """A word among the agency's own people; the client's never see it."""
    demand_writing(report.project, by=by)
    if not text.strip():
        raise ValidationError({"text": _("Write the remark.")})
    return report.remarks.create(text=text.strip(), by=by)


# --- Issued ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def issue_report(report: Report, *, by: User) -> IssuedReport:
    """Freeze everything that is shown and tell both sides. Twice is once."""
    project = report.project
    demand(rules.can_issue_reports(by, project), _("A report is issued by the agency’s owner or manager."))
    demand_open(project)
    lock_project(project)
    report = lock(report)
    if report.is_issued:
        return report.issue
    if report.state != "checked":
        raise Refused(_("A colleague checks the report first; then it can be issued."), code="not-checked")
    demand_words(report)
    demand_final(report)
    issued = freeze(report, by=by)
    record("report.issued", about=report, by=by, project=project, hash=issued.content_hash, **period_of(report))
    tell("report.issued", report, to=project.people, by=by)
    return issued


def demand_final(report: Report) -> None:
    """Only once the period is over and its numbers can't change any more."""
    if report.last >= report.project.today:
        raise Refused(_("The period is not over yet: the report can be issued after its last day."), code="not-over")
    late = unfinished(report.project, report.first, report.last)
    if late:
        raise Refused(
            _("The numbers of the period are not final yet, so the report waits. %(waiting)s.")
            % {"waiting": say_unfinished(late)},
            code="not-final",
            waits_for=[
                {"kpi": one.kpi.pk, "final_through": one.final_through and one.final_through.isoformat()}
                for one in late
            ],
        )


def freeze(report: Report, *, by: User) -> IssuedReport:
    before = IssuedReport.objects.filter(report__project=report.project).order_by("-pk").first()
    previous_hash = before.content_hash if before else ""
    content = content_of(report, today=report.project.today, previous_hash=previous_hash)
    now = timezone.now()
    issued = IssuedReport.objects.create(
        report=report,
        content=content,
        content_hash=content_hash(content),
        previous_hash=previous_hash,
        by=by,
        at=now,
    )
    report.issued_at = now
    report.save(update_fields=["issued_at"])
    return issued


@transaction.atomic
def begin_correction(report: Report, *, by: User) -> Report:
    """A new report over the same days with the same words, which says which one it corrects. One at a time."""
    demand_writing(report.project, by=by)
    lock_project(report.project)
    report = lock(report)
    if not report.is_issued:
        raise Refused(_("This report is not issued yet: simply change it."), code="not-issued")
    begun = report.corrections.in_work().first()
    if begun:
        return begun
    correction = report.project.reports.create(
        number=next_number(report.project),
        first=report.first,
        last=report.last,
        layout=report.layout,
        jurisdiction=report.jurisdiction,
        language=report.language,
        commentaries=report.commentaries,
        corrects=report,
        begun_by=by,
        written_by=by,
    )
    record("report.correction_begun", about=correction, by=by, project=report.project, corrects=report.number)
    return correction


# --- By the timetable -----------------------------------------------------------------------------------------------


def prepare_for(timetable: ReportTimetable, first: date, last: date) -> Report | None:
    """The draft of one period, once; None when another worker was faster."""
    try:
        with transaction.atomic():
            report = begin_report(
                timetable.project,
                first=first,
                last=last,
                by=timetable.set_by,
                template=timetable.template,
                language=timetable.language,
                timetable=timetable,
            )
            moved = ReportTimetable.objects.filter(pk=timetable.pk, next_first=first)
            if not moved.update(next_first=last + timedelta(days=1)):
                raise IntegrityError
            tell("report.prepared", report, to=timetable.project.people_of(Side.AGENCY), by=None)
    except IntegrityError:
        return None
    return report


# --- Shared ---------------------------------------------------------------------------------------------------------


def lock_project(project: Project) -> None:
    Project.objects.select_for_update().get(pk=project.pk)


def lock(report: Report) -> Report:
    found = Report.objects.select_for_update(of=("self",))
    return found.select_related("project__agency", "project__client", "corrects__issue", "sent_by").get(pk=report.pk)


def period_of(report: Report) -> dict:
    return {"number": report.number, "first": report.first, "last": report.last}


def tell(event: str, report: Report, *, to: list[User], by: User | None, **more: object) -> None:
    facts = facts_of(
        report.project,
        number=report.number,
        first_on=report.first.isoformat(),
        last_on=report.last.isoformat(),
        **more,
    )
    announce(event, to=to, about=report, by=by, facts=facts)

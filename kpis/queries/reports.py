"""Reports as their pages show them, what was counted again since, whose move it is, and whether copies are intact."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpis import rules
from kpis.models import IssuedReport, MetricSeries, Report, ReportLink, ReportTemplate, ReportTimetable
from kpis.queries.lines import stored_days
from kpis.queries.many_periods import values_of_many
from kpis.queries.report_contents import Unfinished, content_of, rounded, unfinished
from kpis.report_text import ReportText, text_of
from kpis.report_words import STATE_MARKS, say_period, say_unfinished, state_words
from kpis.reporting import last_over, period_with
from kpis.ritual import Period
from kpis.terms import plain, say_value
from projects.models import Project
from smmportal.facts import content_hash
from smmportal.formatting import format_day
from smmportal.people.models import AgencyLogo, Role, Side, User
from smmportal.waiting import Waiting


@dataclass(frozen=True)
class ReportLine:
    """One report on the list."""

    report: Report
    period: str
    word: str
    mark: str


@dataclass(frozen=True)
class Change:
    """A number of an issued report that its source counted again: a day's, or the whole period's (`day` is None)."""

    kpi: int
    day: date | None
    before: str | None
    after: str | None
    unit: str

    @property
    def sentence(self) -> str:
        words = {
            "before": say_value(self.before, self.unit),
            "after": say_value(self.after, self.unit),
            "day": format_day(self.day, "near"),
        }
        if self.day is None:
            return _("Counted again since the report was issued: %(before)s → %(after)s for the whole period.") % words
        return _("Counted again since the report was issued: %(before)s → %(after)s on %(day)s.") % words


def line_of(report: Report) -> ReportLine:
    return ReportLine(
        report, say_period(report.first, report.last), state_words()[report.state], STATE_MARKS[report.state]
    )


def for_page(reports):
    return reports.select_related(
        "project__agency", "project__client", "corrects__issue", "issue__by", "begun_by", "written_by"
    ).select_related("sent_by", "checked_by", "timetable")


def reports_page(project: Project, reader: User) -> dict:
    rows = Report.objects.visible_to(reader).filter(project=project).select_related("corrects", "issue__by")
    lines = [line_of(report) for report in rows.defer("layout", "commentaries", "issue__content")]
    may_write = rules.can_write_reports(reader, project) and project.is_open
    timetable = ReportTimetable.objects.filter(project=project).select_related("template").first()
    return {
        "project": project,
        "section": "reports",
        "issued": [line for line in lines if line.report.is_issued],
        "in_work": [line for line in lines if not line.report.is_issued],
        "may_write": may_write,
        "may_time": rules.can_issue_reports(reader, project) and project.is_open,
        "timetable": timetable,
        "next": next_by(timetable) if timetable and may_write else None,
        "suggested": last_over(project.today, "monthly"),
    }


def next_by(timetable: ReportTimetable) -> dict:
    """The next draft of the timetable: its period, and what it waits for once that is over."""
    project = timetable.project
    period = Period(timetable.next_first, period_with(timetable.next_first, timetable.cadence).last)
    late = unfinished(project, period.first, period.last) if period.is_over(project.today) else []
    return {
        "period": say_period(period.first, period.last),
        "on": period.last,
        "is_over": period.is_over(project.today),
        "waits_for": say_unfinished(late),
    }


# --- One report -----------------------------------------------------------------------------------------------------


def content_now(report: Report) -> Mapping:
    """What the report says: the frozen copy once it is issued."""
    return report.issue.content if report.is_issued else content_of(report, today=report.project.today)


def shown(report: Report) -> ReportText:
    content = content_now(report)
    return text_of(content, sentences_of(changes_since(report.issue)) if report.is_issued else None)


def sentences_of(changes: Sequence[Change]) -> dict[int, list[str]]:
    said: dict[int, list[str]] = defaultdict(list)
    for change in changes:
        said[change.kpi].append(change.sentence)
    return said


def logo_of(content: Mapping) -> AgencyLogo | None:
    """The mark that the agency had then."""
    logo = content["agency"]["logo"]
    return AgencyLogo.objects.filter(pk=logo["id"], sha256=logo["sha256"]).first() if logo else None


def logo_shown(report: Report) -> AgencyLogo | None:
    return logo_of(report.issue.content) if report.is_issued else report.project.agency.logo


def report_page(report: Report, reader: User) -> dict:
    project = report.project
    writes = rules.can_write_reports(reader, project)
    waits = unfinished(project, report.first, report.last) if writes and not report.is_issued else []
    content = content_now(report)
    changes = changes_since(report.issue) if report.is_issued else []
    return {
        "project": project,
        "section": "reports",
        "report": report,
        "text": text_of(content, sentences_of(changes)),
        "logo": logo_of(content),
        "word": state_words()[report.state],
        "mark": STATE_MARKS[report.state],
        "state": report.state,
        "corrections": list(report.corrections.issued()),
        "remarks": list(report.remarks.select_related("by")) if writes else [],
        "opened": last_openings(report) if report.is_issued and rules.can_share_reports(reader, project) else None,
        **what_may(report, reader, waits),
    }


def what_may(report: Report, reader: User, waits: Sequence[Unfinished]) -> dict:
    """What the reader may do with it now, and what it waits for."""
    project, state = report.project, report.state
    writes = rules.can_write_reports(reader, project) and project.is_open
    is_over = report.last < project.today
    return {
        "is_agency": project.side_of(reader) is Side.AGENCY,
        "may_edit": writes and state == "draft",
        "may_remark": writes and state != "issued",
        "may_check": writes and state == "checking" and rules.can_check_report(reader, report),
        "may_return": writes and state in ("checking", "checked") and rules.can_check_report(reader, report),
        "may_take_back": writes and state in ("checking", "checked"),
        "may_issue": state == "checked" and rules.can_issue_reports(reader, project) and project.is_open,
        "may_correct": writes and state == "issued",
        "may_share": state == "issued" and rules.can_share_reports(reader, project),
        "is_over": is_over,
        "waits_for": say_unfinished(list(waits)),
    }


def last_openings(report: Report) -> dict:
    found = ReportLink.objects.filter(report=report).aggregate(
        links=Count("pk", distinct=True), last=Max("openings__at")
    )
    return {"links": found["links"], "last": found["last"]}


def links_of(report: Report) -> list[ReportLink]:
    """The report's links, each with who opened it when."""
    return list(report.links.select_related("created_by").prefetch_related("openings"))


def templates_for(project: Project) -> list[ReportTemplate]:
    return list(ReportTemplate.objects.in_use().filter(agency=project.agency_id).defer("layout"))


# --- What was counted again -------------------------------------------------------------------------------------------


def changes_since(issued: IssuedReport) -> list[Change]:
    """Where the sources say otherwise today than the frozen copy does: two queries, however many KPIs. The copy stays
    as it was sent; this stands beside it."""
    content = issued.content
    kpis = {kpi["series"]: kpi for kpi in content["kpis"] if kpi["series"]}
    first, last = (date.fromisoformat(content["period"][edge]) for edge in ("first", "last"))
    stored = stored_days(set(kpis), first, last)
    changed = {series: days for series in kpis if (days := changed_days(kpis[series], stored.get(series, ())))}
    wholes = whole_periods(changed, first, last) if changed else {}
    return [
        change
        for series, days in changed.items()
        for change in (*days, *changed_whole(kpis[series], wholes.get(series)))
    ]


def changed_days(kpi: Mapping, stored) -> list[Change]:
    now = {day.day: plain(day.value) for day in stored}
    return [
        Change(kpi["id"], day, was, now[day], kpi["unit"])
        for text, was, *_rest in kpi["line"]
        if (day := date.fromisoformat(text)) in now and now[day] != was
    ]


def whole_periods(changed: Mapping[int, object], first: date, last: date) -> dict[int, Decimal | None]:
    rows = MetricSeries.objects.filter(pk__in=changed).select_related("source__formula", "computed")
    return {pk: over.value for pk, [over] in values_of_many(list(rows), [(first, last)]).items()}


def changed_whole(kpi: Mapping, value: Decimal | None) -> list[Change]:
    was, now = kpi["over"]["value"], plain(rounded(value))
    return [Change(kpi["id"], None, was, now, kpi["unit"])] if was != now else []


# --- Whose move it is -------------------------------------------------------------------------------------------------

WRITERS = (Role.OWNER, Role.MANAGER, Role.SPECIALIST)
ISSUERS = (Role.OWNER, Role.MANAGER)
MOVES = {
    "draft": (gettext_lazy("Report for %(period)s: the words are still to be written"), gettext_lazy("Write"), WRITERS),
    "checking": (gettext_lazy("Report for %(period)s waits for a colleague’s check"), gettext_lazy("Check"), WRITERS),
    "checked": (gettext_lazy("Report for %(period)s is checked and can be issued"), gettext_lazy("Issue"), ISSUERS),
}


def waiting_for_reports(projects: Sequence[Project]) -> list[Waiting]:
    """Drafts to write, reports to check and to issue: all of them the agency's moves."""
    names = {project.pk: project.name for project in projects}
    rows = Report.objects.in_work().filter(project__in=names).defer("layout", "commentaries")
    return [move_of(report, names[report.project_id]) for report in rows]


def move_of(report: Report, project_name: str) -> Waiting:
    sentence, button, roles = MOVES[report.state]
    return Waiting(
        project_id=report.project_id,
        project_name=project_name,
        side=Side.AGENCY,
        sentence=str(sentence) % {"period": say_period(report.first, report.last)},
        button=str(button),
        url=report.get_absolute_url(),
        since=report.checked_at or report.sent_at or report.begun_at,
        roles=roles,
    )


# --- Verification ---------------------------------------------------------------------------------------------------


def verify_reports() -> list[str]:
    """Recompute every issued copy's hash and its place in its project's chain; a line for each mismatch."""
    found, last_of = [], defaultdict(str)
    rows = IssuedReport.objects.order_by("pk").select_related("report")
    for issued in rows.iterator(chunk_size=200):
        project = issued.report.project_id
        found += [f"report {issued.report_id}: {trouble}" for trouble in troubles_of(issued, last_of[project])]
        last_of[project] = issued.content_hash
    lonely = Report.objects.issued().filter(issue=None).values_list("pk", flat=True)
    return [*found, *(f"report {pk}: its issued copy is gone" for pk in lonely)]


def troubles_of(issued: IssuedReport, previous_hash: str) -> Iterator[str]:
    content, report = issued.content, issued.report
    if content_hash(content) != issued.content_hash:
        yield "the content does not match its hash"
    if (content.get("number"), content.get("previous_hash")) != (report.number, issued.previous_hash):
        yield "the number or the chain differs from the issued content"
    if issued.previous_hash != previous_hash:
        yield "it does not follow the report that was issued before it"

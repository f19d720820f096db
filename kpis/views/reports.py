"""The reports of a project: the list, one of them, and its way from a draft to an issued copy."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kpis import report_papers, report_sheets
from kpis.actions import report_timetables
from kpis.actions import reports as actions
from kpis.forms.reports import NewReportForm, RemarkForm, ReportForm, TimetableForm
from kpis.models import Report, ReportTimetable
from kpis.queries import reports as queries
from projects.models import Project
from smmportal import uploads
from smmportal.inputs import whole_number
from smmportal.refusals import carried_out

LANGUAGES = ("ru", "en")


def find_project(request: HttpRequest, pk: int) -> Project:
    return get_object_or_404(Project.objects.visible_to(request.user).select_related("agency", "client"), pk=pk)


def find(request: HttpRequest, pk: int) -> Report:
    return get_object_or_404(queries.for_page(Report.objects.visible_to(request.user)), pk=pk)


# --- The list and the timetable -------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def list_reports(request: HttpRequest, pk: int) -> HttpResponse:
    """What was issued, what is in work; POST begins one more."""
    project = find_project(request, pk)
    if request.method != "POST":
        return show_list(request, project)
    actions.demand_writing(project, by=request.user)
    form = NewReportForm(request.POST, project=project)
    begun = form.is_valid() and carried_out(
        form, actions.begin_report, project=project, by=request.user, **form.cleaned_data
    )
    return redirect(begun) if begun else show_list(request, project, status=422, form=form)


def show_list(request: HttpRequest, project: Project, *, status: int = 200, **forms) -> HttpResponse:
    context = queries.reports_page(project, request.user)
    suggested = context["suggested"]
    usual = {"first": suggested.first, "last": suggested.last, "language": request.user.language}
    timetable = context["timetable"]
    if timetable:
        kept = {"cadence": timetable.cadence, "template": timetable.template_id, "language": timetable.language}
    else:
        kept = {"cadence": ReportTimetable.Cadence.MONTHLY, "language": request.user.language}
    context |= {
        "form": NewReportForm(project=project, initial=usual),
        "timetable_form": TimetableForm(project=project, prefix="timetable", initial=kept),
        **forms,
    }
    return render(request, "kpis/reports.html", context, status=status)


@login_required
@require_POST
def timetable(request: HttpRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    report_timetables.demand_timing(project, by=request.user)
    form = TimetableForm(request.POST, project=project, prefix="timetable")
    kept = form.is_valid() and carried_out(
        form, report_timetables.set_timetable, project=project, by=request.user, **form.cleaned_data
    )
    if not kept:
        return show_list(request, project, status=422, timetable_form=form)
    messages.success(request, _("Saved. A draft appears by itself once the numbers of a period are final."))
    return redirect("kpis:reports", project.pk)


@login_required
@require_POST
def timetable_removal(request: HttpRequest, pk: int) -> HttpResponse:
    project = find_project(request, pk)
    report_timetables.drop_timetable(project, by=request.user)
    messages.success(request, _("No more drafts come by themselves. Those that are begun stay."))
    return redirect("kpis:reports", project.pk)


# --- One report -----------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The report as it stands; POST saves the words of a draft."""
    report = find(request, pk)
    if request.method != "POST":
        return show(request, report)
    actions.demand_writing(report.project, by=request.user)
    form = ReportForm(request.POST, report=report)
    verb, words = actions.edit_report, _("Saved.")
    if "check" in request.POST:
        verb, words = actions.write_and_send, _("Your colleagues have been asked to check the report.")
    if form.is_valid() and carried_out(form, verb, report=report, by=request.user, **form.said):
        messages.success(request, words)
        return redirect(report)
    return show(request, report, status=422, form=form)


def show(request: HttpRequest, report: Report, *, status: int = 200, **forms) -> HttpResponse:
    context = queries.report_page(report, request.user)
    if context["may_edit"]:
        context["form"] = ReportForm(report=report)
    context |= {"remark_form": RemarkForm(), **forms}
    return render(request, "kpis/report.html", context, status=status)


@login_required
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    report = actions.send_to_check(find(request, pk), by=request.user)
    messages.success(request, _("Your colleagues have been asked to check the report."))
    return redirect(report)


@login_required
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(actions.take_back(find(request, pk), by=request.user))


@login_required
@require_POST
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    revision = whole_number(request.POST.get("revision", "")) or 0
    report = actions.pass_check(find(request, pk), revision=revision, by=request.user)
    messages.success(request, _("Checked. An owner or a manager can issue it now."))
    return redirect(report)


@login_required
@require_POST
def return_to_writer(request: HttpRequest, pk: int) -> HttpResponse:
    report, form = find(request, pk), RemarkForm(request.POST)
    actions.demand_writing(report.project, by=request.user)
    if form.is_valid() and carried_out(
        form, actions.return_report, report=report, by=request.user, **form.cleaned_data
    ):
        messages.success(request, _("The report is back with whoever wrote it."))
        return redirect(report)
    return show(request, find(request, pk), status=422, remark_form=form)


@login_required
@require_POST
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    report = find(request, pk)
    actions.demand_writing(report.project, by=request.user)
    form = RemarkForm(request.POST)
    if form.is_valid():
        actions.add_remark(report, text=form.cleaned_data["remark"], by=request.user)
        return redirect(f"{report.get_absolute_url()}#remarks")
    return show(request, report, status=422, remark_form=form)


@login_required
@require_POST
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    report = find(request, pk)
    actions.issue_report(report, by=request.user)
    messages.success(request, _("Issued. Both sides have been told; the copy stays as it is."))
    return redirect(report)


@login_required
@require_POST
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    return redirect(actions.begin_correction(find(request, pk), by=request.user))


@login_required
@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    report = find(request, pk)
    actions.drop_report(report, by=request.user)
    messages.success(request, _("The draft is thrown away."))
    return redirect("kpis:reports", report.project_id)


# --- To take along --------------------------------------------------------------------------------------------------


def language_asked(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "")
    return asked if asked in LANGUAGES else translation.get_language()


@login_required
@require_safe
def report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """`?lang=ru|en`; where no PDF can be made, the page that prints."""
    report = find(request, pk)
    with translation.override(language_asked(request)):
        made = report_papers.as_pdf(report)
        if made is not None:
            return report_papers.as_file(made, report)
    messages.info(request, _("This machine can’t make PDF files. Print the page instead."))
    return redirect(report)


@login_required
@require_safe
def report_logo(request: HttpRequest, pk: int) -> HttpResponse:
    """The mark that the report shows: of an issued one, that of its day."""
    logo = queries.logo_shown(find(request, pk))
    if logo is None:
        raise Http404
    return uploads.give(logo, show=True)


@login_required
@require_safe
def report_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    report = find(request, pk)
    with translation.override(language_asked(request)):
        return report_sheets.as_file(report_sheets.as_xlsx(report), report)

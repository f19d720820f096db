"""Pages on which the sides answer published minutes, take them away, and see what they left for later."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from meetings import actions, carrying, papers, past, queries, rules, settling
from meetings.models import AgendaItem, Minutes, MinutesLink, Objection
from meetings.reading import Reading, reading_of
from meetings.views import A_PAGE, back_to, get_meeting, get_project, show
from smmportal.people.link_pages import LinkPages, frame_of
from smmportal.refusals import carried_out, demand


class ObjectionForm(forms.Form):
    point = forms.ChoiceField(label=gettext_lazy("Which point is not right"))
    passage = forms.CharField(
        label=gettext_lazy("The words that are not right"),
        max_length=1000,
        required=False,
        help_text=gettext_lazy("Only for words of the text: copy them exactly as they stand there."),
    )
    text = forms.CharField(
        label=gettext_lazy("What is not right, and how it should be"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, reading: Reading, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(point.key, point.content["text"]) for point in reading.decisions]
        choices += [(point.key, point.content["title"]) for point in reading.actions]
        if reading.content["text"].strip():
            choices.append(("passage", _("Words of the text")))
        self.fields["point"].choices = choices
        self.meeting = reading.meeting

    def objection(self) -> dict[str, object]:
        """What `object_to_minutes` takes."""
        kind, _dash, key = self.cleaned_data["point"].partition("-")
        point = {
            "decision": {"decision": self.meeting.decisions.filter(pk=key or 0).first()},
            "action": {"action": self.meeting.action_items.filter(pk=key or 0).first()},
            "passage": {"passage": self.cleaned_data["passage"]},
        }
        return {"text": self.cleaned_data["text"], **point[kind]}


class AnswerForm(forms.Form):
    agrees = forms.TypedChoiceField(
        label=gettext_lazy("Do you agree?"),
        coerce=lambda word: word == "yes",
        choices=[
            ("yes", gettext_lazy("Yes: add the correction below")),
            ("no", gettext_lazy("No: keep both views beside the point")),
        ],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("The correction, or why you see it differently"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CorrectionForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What is to be added"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stands under the text with your name and the day; the text itself stays as it is."),
    )


def get_minutes(request: HttpRequest, pk: int) -> Minutes:
    """Published minutes of a meeting on which the person may not only look."""
    meeting = get_meeting(request, pk)
    demand(rules.can_run(request.user, meeting), _("You can look at these minutes, but not answer them."))
    minutes = get_object_or_404(Minutes, meeting=meeting, published_at__isnull=False)
    minutes.meeting = meeting
    return minutes


@login_required
@require_POST
def confirmation(request: HttpRequest, pk: int) -> HttpResponse:
    minutes = get_minutes(request, pk)
    settling.confirm_minutes(minutes, by=request.user, seen_hash=request.POST.get("hash", ""))
    messages.success(request, _("The minutes are confirmed. Thank you."))
    return redirect(minutes)


@login_required
@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    minutes = get_minutes(request, pk)
    reading = reading_of(minutes.meeting, request.user)
    form = ObjectionForm(reading, request.POST or None, initial={"point": request.GET.get("point", "")})
    if form.is_valid() and carried_out(
        form, settling.object_to_minutes, minutes=minutes, by=request.user, **form.objection()
    ):
        messages.success(request, _("The objection is recorded. The other side has been told and answers it."))
        return redirect(minutes)
    return show(request, "objection", minutes.meeting.project, meeting=minutes.meeting, reading=reading, form=form)


@login_required
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    seen = Objection.objects.visible_to(request.user).select_related("decision", "action__task", "by")
    found = get_object_or_404(seen.select_related("minutes__meeting__project__agency"), pk=pk)
    meeting = found.minutes.meeting
    allowed = rules.can_run(request.user, meeting) and meeting.project.side_of(request.user) != found.side
    demand(allowed, _("The other side answers an objection."))
    form = AnswerForm(request.POST or None, initial={"text": found.text})
    if form.is_valid() and carried_out(
        form, settling.answer_objection, objection=found, by=request.user, **form.cleaned_data
    ):
        messages.success(request, _("The answer is recorded. Both sides see it beside the point."))
        return redirect(found.minutes)
    point = settling.point_words(found)
    return show(request, "objection_answer", meeting.project, meeting=meeting, objection=found, point=point, form=form)


@login_required
@require_http_methods(["GET", "POST"])
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    minutes = get_minutes(request, pk)
    form = CorrectionForm(request.POST or None)
    if form.is_valid() and carried_out(
        form, settling.correct_minutes, minutes=minutes, by=request.user, **form.cleaned_data
    ):
        messages.success(request, _("The correction is added under the text. Both sides have been told."))
        return redirect(minutes)
    return show(request, "correction", minutes.meeting.project, meeting=minutes.meeting, form=form)


@login_required
@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Where no PDF can be made, the page that prints."""
    meeting = get_meeting(request, pk)
    made = papers.as_pdf(meeting)
    if made is None:
        messages.info(request, _("This machine can’t make PDF files. Print the page instead."))
        return redirect("meetings:minutes", meeting.pk)
    return papers.as_file(made, meeting, "pdf")


@login_required
@require_safe
def markdown(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_meeting(request, pk)
    return papers.as_file(papers.as_markdown(meeting), meeting, "md")


# --- The agenda's leftovers -----------------------------------------------------------------------------------------


def get_line(request: HttpRequest, pk: int) -> AgendaItem:
    return get_object_or_404(AgendaItem.objects.visible_to(request.user).select_related("meeting__project"), pk=pk)


@login_required
@require_POST
def outcome(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_line(request, pk)
    word = request.POST.get("outcome", "")
    if not word or word in AgendaItem.Outcome.values:
        actions.mark_agenda_item(item, outcome=word, by=request.user)
    return back_to(item.meeting, "agenda")


@login_required
@require_safe
def parking(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request, pk)
    page = Paginator(carrying.parked_lines(project.pk).visible_to(request.user), A_PAGE).get_page(
        request.GET.get("page")
    )
    return show(request, "parking", project, page=page)


@login_required
@require_POST
def returning(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_line(request, pk)
    line = actions.return_agenda_item(item, by=request.user)
    messages.success(request, _("It is on the agenda of “%(meeting)s”.") % {"meeting": line.meeting})
    return redirect("meetings:parking", item.meeting.project_id)


@login_required
@require_POST
def dropping(request: HttpRequest, pk: int) -> HttpResponse:
    item = get_line(request, pk)
    actions.drop_agenda_item(item, by=request.user)
    return redirect("meetings:parking", item.meeting.project_id)


@login_required
@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    project = get_project(request, pk)
    page = Paginator(queries.past(project), A_PAGE).get_page(request.GET.get("page"))
    return show(request, "history", project, record=past.record_of(project), page=page)


# --- By the link in the letter --------------------------------------------------------------------------------------


def closed(request: HttpRequest, link: MinutesLink | None, why: str, *, status: int) -> HttpResponse:
    return render(
        request, "meetings/minutes_link_closed.html", {"link": link, "why": why, **frame_of(request)}, status=status
    )


by_link = LinkPages("meetings:minutes_by_link", settling.find_link, settling.stands, closed).by_link


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def minutes_by_link(request: HttpRequest, link: MinutesLink) -> HttpResponse:
    """Looking changes nothing; the button confirms for the person to whom the letter went."""
    if request.method != "POST":
        return show_link(request, link)
    settling.confirm_by_link(link)
    return closed(request, link, "thanks", status=200)


@by_link
@require_POST
def objection_by_link(request: HttpRequest, link: MinutesLink) -> HttpResponse:
    form = ObjectionForm(reading_of(link.minutes.meeting, link.person), request.POST)
    if form.is_valid() and carried_out(
        form, settling.object_to_minutes, minutes=link.minutes, by=link.person, **form.objection()
    ):
        return closed(request, link, "objected", status=200)
    return show_link(request, link, form=form, status=422)


def show_link(
    request: HttpRequest, link: MinutesLink, form: ObjectionForm | None = None, status: int = 200
) -> HttpResponse:
    reading = reading_of(link.minutes.meeting, link.person)
    context = {
        "link": link,
        "reading": reading,
        "project": link.project,
        "form": form or ObjectionForm(reading),
        "by_link": True,
        **frame_of(request),
    }
    return render(request, "meetings/minutes_link.html", context, status=status)

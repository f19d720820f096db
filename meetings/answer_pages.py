"""Whether one comes: a button in the meeting, and the page behind the link in the letter."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from meetings import answers
from meetings.answers import AnswerLink
from meetings.forms import AnswerForm
from meetings.models import Attendance
from meetings.views import get_meeting, zone_name
from smmportal.people.link_pages import LinkPages, frame_of, stay


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    meeting, form = get_meeting(request, pk), AnswerForm(request.POST)
    if form.is_valid():
        said = answers.answer(meeting, person=request.user, way=Attendance.Way.PAGE, **form.cleaned_data)
        messages.success(request, thanks(said))
    return redirect(meeting)


def thanks(seat: Attendance) -> str:
    if seat.answer == Attendance.Answer.DECLINED:
        return _("Thank you. Whoever booked the meeting is told, with other free times.")
    return _("Thank you, your answer is kept.")


def closed(request: HttpRequest, link: AnswerLink | None, why: str, *, status: int) -> HttpResponse:
    return render(
        request, "meetings/answer_closed.html", {"link": link, "why": why, **frame_of(request)}, status=status
    )


by_link = LinkPages("meetings:answer_link", answers.find_link, answers.stands, closed).by_link


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def answer_link(request: HttpRequest, link: AnswerLink) -> HttpResponse:
    """A look changes nothing: mail programs look at every address in a letter."""
    form = AnswerForm(request.POST)
    if request.method == "POST" and form.is_valid():
        answers.answer(link.seat.meeting, person=link.seat.person, way=Attendance.Way.LINK, **form.cleaned_data)
        return stay(request)
    context = {
        "link": link,
        "seat": link.seat,
        "meeting": link.seat.meeting,
        "zone": zone_name(link.seat.meeting.starts_at),
    }
    return render(request, "meetings/answer.html", {**context, **frame_of(request)})

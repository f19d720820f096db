"""Pages of proposals: inside the portal, and behind the link of a letter."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from meetings import proposals, queries, rules
from meetings.forms import USUAL_LENGTH
from meetings.models import Asked, Proposal, ProposalLink
from meetings.proposal_forms import STARTS, AnswerForm, ProposalForm
from meetings.views import get_project, show, zone_name
from projects.models import Project
from projects.rules import acts_in
from smmportal.people.link_pages import LinkPages, frame_of, stay
from smmportal.refusals import carried_out, demand


@login_required
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer a few times. The form begins with the first free ones of the next days."""
    project = get_project(request, pk)
    demand(rules.can_book(request.user, project), _("You can look at this project’s meetings, but not propose one."))
    form = ProposalForm(project, request.POST or None, initial=None if request.POST else beginning(project))
    if form.is_valid():
        made = carried_out(form, proposals.propose, project=project, by=request.user, **form.proposal())
        if made:
            messages.success(request, _("The times are proposed and held. Everybody asked has got a letter."))
            return redirect(made)
    return show(request, "propose", project, form=form)


def beginning(project: Project) -> dict[str, object]:
    people = [person for person in project.people if acts_in(person, project)]
    starts = queries.suggested_starts(project, people, minutes=USUAL_LENGTH)
    return {"minutes": USUAL_LENGTH, "people": people, **dict(zip(STARTS, starts, strict=False))}


def get_proposal(request: HttpRequest, pk: int) -> Proposal:
    seen = Proposal.objects.visible_to(request.user)
    return get_object_or_404(queries.with_answers(seen).select_related("project__agency", "project__client"), pk=pk)


@login_required
@require_http_methods(["GET", "POST"])
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_proposal(request, pk)
    if request.method == "POST":
        demand(rules.can_book(request.user, found.project), _("You can look at this proposal, but not answer it."))
    form = AnswerForm(found, request.POST if request.method == "POST" else None)
    if form.is_valid():
        answered = carried_out(form, proposals.answer, proposal=found, by=request.user, **form.answer())
        if answered:
            thank(request, answered)
            return redirect(answered.meeting or answered)
    shown = answers_of(found, found.asked_of(request.user), form)
    may_withdraw = found.is_open and rules.can_withdraw(request.user, found)
    return show(request, "proposal", found.project, **shown, may_withdraw=may_withdraw)


def thank(request: HttpRequest, answered: Proposal) -> None:
    if answered.meeting:
        messages.success(request, _("The meeting is booked: this time suits everybody."))
    else:
        messages.success(request, _("Your answer is saved."))


def answers_of(found: Proposal, mine: Asked | None, form: AnswerForm) -> dict[str, object]:
    """Each time with whom it suits, and whether the reader has ticked it."""
    chosen = ticked(mine, form)
    must = [each for each in found.asked.all() if each.is_required]
    rows = [
        {
            "time": time,
            "is_mine": time.pk in chosen,
            "is_past": time.starts_at <= timezone.now(),
            "suits": [each.person for each in time.suits.all()],
        }
        for time in found.times.all()
    ]
    waiting = [each.person for each in must if each.answered_at is None]
    optional = [each.person for each in found.asked.all() if not each.is_required]
    may_answer = found.is_open and found.project.is_open and mine is not None and mine.is_required
    return {
        "proposal": found,
        "rows": rows,
        "form": form,
        "mine": mine,
        "must": [each.person for each in must],
        "optional": optional,
        "waiting": waiting,
        "may_answer": may_answer,
        "zone": zone_name(found.times.all()[0].starts_at),
    }


def ticked(mine: Asked | None, form: AnswerForm) -> set[int]:
    if form.is_bound:
        return {int(value) for value in form["suits"].value() or () if str(value).isdecimal()}
    return set(mine.suits.values_list("pk", flat=True)) if mine else set()


@login_required
@require_POST
def withdrawal(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_proposal(request, pk)
    proposals.withdraw(found, by=request.user)
    messages.success(request, _("The proposal is withdrawn, and the times are free again."))
    return redirect("meetings:list", found.project_id)


# --- Behind a link --------------------------------------------------------------------------------------------------


def stands(link: ProposalLink) -> bool:
    return link.project.is_open and link.asked.person.is_active and acts_in(link.asked.person, link.project)


def closed(request: HttpRequest, link: ProposalLink | None, why: str, *, status: int) -> HttpResponse:
    context = {"link": link, "why": why, **frame_of(request)}
    return render(request, "meetings/proposed_closed.html", context, status=status)


by_link = LinkPages("meetings:proposed", proposals.find_link, stands, closed).by_link


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def proposed(request: HttpRequest, link: ProposalLink) -> HttpResponse:
    """Looking changes nothing; the button answers."""
    found = queries.with_answers(Proposal.objects.filter(pk=link.proposal.pk)).get()
    form = AnswerForm(found, request.POST if request.method == "POST" else None)
    if form.is_valid() and carried_out(form, proposals.answer_by_link, link=link, **form.answer()):
        return stay(request)
    shown = answers_of(found, link.asked, form)
    status = 422 if form.is_bound else 200
    return render(request, "meetings/proposed.html", {"link": link, **shown, **frame_of(request)}, status=status)

"""A section of the brief behind a colleague's link. The address is the key: it lets in without a login, so nothing here
rests on a session, and no other page may learn it."""

from collections.abc import Callable
from functools import wraps
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projects import actions, answers, rules
from projects.autosave import saved, wants_json
from projects.models import AnswerFile, Delegation
from projects.questionnaire import find_question
from projects.sections import save_field, save_section, stored_of
from smmportal import uploads
from smmportal.limits import is_too_often

#: Looks and saves by one link in a minute, and unknown links tried from one address in ten.
A_MINUTE, UNKNOWN_TRIES = 240, 30
View = Callable[..., HttpResponse]


def by_link(view: View) -> View:
    """Let in by the link or say why not, in its language; keep the address out of caches, referrers and frames.

    There is no CSRF check: who knows the address needs no session, and who does not can't forge a request to it.
    """

    @csrf_exempt
    @wraps(view)
    @sensitive_variables("secret")
    def checked(request: HttpRequest, secret: str, **named) -> HttpResponse:
        delegation = actions.find_delegation(secret)
        language = language_of(request, delegation)
        zone = ZoneInfo(delegation.brief.project.timezone if delegation else settings.TIME_ZONE)
        with translation.override(language), timezone.override(zone):
            request.secret = secret
            response = refusal(request, secret, delegation) or view(request, delegation, **named)
        return kept_quiet(response, language)

    return checked


def language_of(request: HttpRequest, delegation: Delegation | None) -> str:
    """The one that was chosen for the colleague, unless they choose another on the page."""
    chosen = request.GET.get("lang", "")
    if chosen in dict(settings.LANGUAGES):
        return chosen
    return delegation.language if delegation else translation.get_language()


def refusal(request: HttpRequest, secret: str, delegation: Delegation | None) -> HttpResponse | None:
    if is_flood(request, secret, delegation):
        return closed(request, delegation, "too_often", status=429)
    if delegation is None:
        return closed(request, None, "unknown", status=404)
    if not delegation.is_open:
        return closed(request, delegation, delegation.state, status=410)
    project, asker = delegation.brief.project, delegation.created_by
    if delegation.section_form and project.is_open and asker.is_active and rules.fills_brief(asker, project):
        return None
    return closed(request, delegation, "closed", status=410)


def is_flood(request: HttpRequest, secret: str, delegation: Delegation | None) -> bool:
    if delegation:
        return is_too_often("delegated", str(delegation.pk), most=A_MINUTE, seconds=60)
    return is_too_often("delegated-unknown", request.META["REMOTE_ADDR"], most=UNKNOWN_TRIES, seconds=600)


def closed(request: HttpRequest, delegation: Delegation | None, why: str, *, status: int) -> HttpResponse:
    if wants_json(request):
        sentence = _("This link does not work any more. Ask the person who sent it for a new one.")
        return JsonResponse({"sentence": sentence}, status=status)
    context = {"delegation": delegation, "why": why, "root": root_of(request), "languages": languages()}
    return render(request, "projects/delegated_closed.html", context, status=status)


def kept_quiet(response: HttpResponse, language: str) -> HttpResponse:
    add_never_cache_headers(response)
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Content-Language"] = language
    return response


def languages() -> list[tuple[str, str]]:
    """The languages of the page but the current one, each with its own name."""
    return [
        (code, translation.get_language_info(code)["name_local"].capitalize())
        for code, _name in settings.LANGUAGES
        if code != translation.get_language()
    ]


def root_of(request: HttpRequest) -> str:
    return reverse("projects:delegated", args=[request.secret])


def stay(request: HttpRequest, place: str = "") -> HttpResponse:
    """Back to the section, in the language that was chosen on it."""
    chosen = request.GET.get("lang", "")
    query = f"?lang={chosen}" if chosen in dict(settings.LANGUAGES) else ""
    return redirect(root_of(request) + query + (f"#{place}" if place else ""))


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
def delegated(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    """Looking changes nothing. A form that saves itself posts one field; the button posts all of them."""
    if request.method != "POST":
        return show_section(request, delegation)
    if wants_json(request):
        return answer_field(request, delegation)
    items = save_sent(request, delegation)
    if any(item.error for item in items):
        return show_section(request, delegation, items, status=422)
    return stay(request)


def show_section(
    request: HttpRequest, delegation: Delegation, items: list | None = None, *, status: int = 200
) -> HttpResponse:
    stored = stored_of(delegation.brief)
    if items is None:
        items = stored.items_of(delegation.section_form)
    context = {
        "delegation": delegation,
        "brief": delegation.brief,
        "project": delegation.brief.project,
        "current": delegation.section_form,
        "items": [item for item in items if item.key in stored.asked or item.error],
        "root": root_of(request),
        "query": f"?lang={translation.get_language()}",
        "currencies": answers.CURRENCIES,
        "languages": languages(),
    }
    return render(request, "projects/delegated.html", context, status=status)


def answer_field(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    question = find_question({"sections": [delegation.section_form]}, request.POST.get("field", ""))
    if question is None:
        raise Http404
    actions.begin_delegation(delegation)
    return saved(
        save_field,
        delegation.brief,
        question,
        request.POST,
        by=delegation.created_by,
        delegation=delegation,
        current=lambda value: answers.write(question, value),
    )


def save_sent(request: HttpRequest, delegation: Delegation, *, unknown: dict[str, bool] | None = None) -> list:
    actions.begin_delegation(delegation)
    sent = request.POST.copy()
    for key in unknown or {}:
        sent.setdefault(f"revision-{key}", "")
    return save_section(
        delegation.brief,
        delegation.section_form,
        sent,
        request.FILES,
        by=delegation.created_by,
        delegation=delegation,
        unknown=unknown,
    )


@by_link
@require_POST
def beginning(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    actions.begin_delegation(delegation)
    return stay(request)


@by_link
@require_POST
def delegated_answer(request: HttpRequest, delegation: Delegation, key: str) -> HttpResponse:
    """«Don't know», or knowing after all; whatever else stood on the screen is saved with it."""
    demand_asked(delegation, key)
    items = save_sent(request, delegation, unknown={key: request.POST.get("unknown") == "yes"})
    if any(item.error for item in items):
        return show_section(request, delegation, items, status=422)
    return stay(request, key)


@by_link
@require_POST
def delegated_files(request: HttpRequest, delegation: Delegation, key: str) -> HttpResponse:
    demand_asked(delegation, key)
    items = save_sent(request, delegation)
    if any(item.error for item in items):
        return show_section(request, delegation, items, status=422)
    return stay(request, key)


@by_link
@require_safe
def delegated_file(request: HttpRequest, delegation: Delegation, file: int) -> FileResponse:
    return uploads.give(find_file(delegation, file), show="show" in request.GET)


@by_link
@require_POST
def delegated_file_removal(request: HttpRequest, delegation: Delegation, file: int) -> HttpResponse:
    given = find_file(delegation, file)
    items = save_sent(request, delegation)
    actions.remove_file(given, by=delegation.created_by, delegation=delegation)
    if any(item.error for item in items):
        return show_section(request, delegation, items, status=422)
    return stay(request, given.key)


@by_link
@require_POST
def handing_in(request: HttpRequest, delegation: Delegation) -> HttpResponse:
    """Save what is on the screen and hand the section in: from now on the link only says so."""
    items = save_sent(request, delegation)
    if any(item.error for item in items):
        return show_section(request, delegation, items, status=422)
    actions.finish_delegation(delegation)
    return closed(request, delegation, "thanks", status=200)


def demand_asked(delegation: Delegation, key: str) -> None:
    if find_question({"sections": [delegation.section_form]}, key) is None:
        raise Http404


def find_file(delegation: Delegation, number: int) -> AnswerFile:
    """A file that stands in an answer of this section now; those of submitted versions are for the project's people."""
    keys = [question["key"] for question in delegation.section_form["questions"]]
    given = get_object_or_404(AnswerFile, brief=delegation.brief, pk=number, key__in=keys)
    answer = delegation.brief.answers.filter(key=given.key).first()
    if given.pk not in [file["file"] for file in answers.files_of(answer.value if answer else None)]:
        raise Http404
    given.brief = delegation.brief
    return given

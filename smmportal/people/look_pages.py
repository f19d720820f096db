"""The agency's look: a page to change it, its mark, and the style sheet of a colour."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from smmportal import colours, uploads
from smmportal.people import looks
from smmportal.people.models import AgencyLogo, Organisation, check_accent
from smmportal.refusals import carried_out

A_YEAR = 31_536_000


class LookForm(forms.Form):
    accent = forms.CharField(
        label=gettext_lazy("Colour"),
        required=False,
        max_length=7,
        help_text=gettext_lazy("Like #0f5c74. Leave it empty for the portal’s own colour."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "class": "input-short"}),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy("PNG, JPEG or WebP, at most 2 MB. On a transparent or white ground it looks best."),
    )

    def clean_accent(self) -> str:
        accent = self.cleaned_data["accent"].strip().lower()
        if accent:
            check_accent(accent)
        return accent


def find_agency(request: HttpRequest, pk: int) -> Organisation:
    found = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    looks.demand_dressing(found, by=request.user)
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """The colour and the mark, with a sample of how words look in them."""
    agency = find_agency(request, pk)
    form = LookForm(request.POST or None, request.FILES or None, initial={"accent": agency.accent})
    if form.is_valid() and carried_out(form, dress, agency=agency, by=request.user, **form.cleaned_data):
        messages.success(request, _("Saved. The pages of your projects, new reports and letters look like this now."))
        return redirect("people:look", agency.pk)
    context = {"agency": agency, "form": form, "logo": agency.logo}
    return render(request, "people/look.html", context, status=422 if form.errors else 200)


def dress(agency: Organisation, *, accent: str, logo, by) -> Organisation:
    looks.set_accent(agency, accent=accent, by=by)
    if logo:
        looks.put_logo(agency, file=logo, by=by)
    return agency


@login_required
@require_POST
def logo_removal(request: HttpRequest, pk: int) -> HttpResponse:
    agency = find_agency(request, pk)
    looks.take_logo_off(agency, by=request.user)
    messages.success(request, _("The logo is taken off. Reports that were issued with it keep it."))
    return redirect("people:look", agency.pk)


@login_required
@require_safe
def logo(request: HttpRequest, pk: int) -> HttpResponse:
    """The mark that the agency has now."""
    seen = AgencyLogo.objects.visible_to(request.user).filter(taken_off_at=None)
    return uploads.give(get_object_or_404(seen, agency=pk), show=True)


@require_safe
def sheet(_request: HttpRequest, colour: str) -> HttpResponse:
    """The accents of a colour. It tells of the colour in its address and of nobody, so everyone may have it."""
    accent = f"#{colour}"
    if not (colours.is_colour(accent) and colours.stands_out(accent)):
        raise Http404
    answer = HttpResponse(colours.sheet_of(accent), "text/css")
    answer["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return answer

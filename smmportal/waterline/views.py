from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from projects.models import Project
from smmportal.people.models import Organisation, Side
from smmportal.refusals import carried_out
from smmportal.waterline import actions, queries, rights
from smmportal.waterline.forms import WeightsForm
from smmportal.waterline.models import Weights
from smmportal.waterline.showing import RANGES, USUAL_RANGE, waterline_page


@login_required
@require_safe
def waterline(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the water stands now, what pulled it down, and by which rules."""
    project = get_object_or_404(Project.objects.visible_to(request.user).select_related("agency", "client"), pk=pk)
    days = {str(each): each for each in RANGES}.get(request.GET.get("range", ""), USUAL_RANGE)
    return render(request, "waterline/waterline.html", waterline_page(project, request.user, days))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def weights(request: HttpRequest, pk: int) -> HttpResponse:
    """What each rule counts in the agency's projects: everybody reads it, the owner says it."""
    seen = Organisation.objects.visible_to(request.user).filter(kind=Side.AGENCY)
    agency = get_object_or_404(seen, pk=pk)
    if request.method == "POST":
        actions.demand_weighing(agency, by=request.user)
    form = WeightsForm(request.POST or None, instance=queries.weights_for(agency))
    if form.is_valid() and carried_out(form, actions.set_weights, agency=agency, by=request.user, **form.cleaned_data):
        messages.success(request, _("Saved. From now on the waterline of all your projects counts like this."))
        return redirect("waterline:weights", pk)
    context = {
        "agency": agency,
        "form": form,
        "weights": queries.weights_for(agency),
        "may_change": rights.can_set_weights(request.user, agency),
        "least": Weights.LEAST,
        "most": Weights.MOST,
    }
    return render(request, "waterline/weights.html", context, status=422 if form.is_bound else 200)

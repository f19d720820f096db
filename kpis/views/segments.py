from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kpis.actions import segments as actions
from kpis.actions.sources import demand_to_tend
from kpis.connectors.filters import Choice, Filter
from kpis.forms.segments import SegmentForm
from kpis.models import Source
from kpis.views.sources import find_source, of
from smmportal.refusals import Refused, carried_out


@login_required
@require_safe
def choose_filter(request: HttpRequest, pk: int) -> HttpResponse:
    source = find_source(request, pk)
    demand_to_tend(request.user, source)
    context = {"source": source, "filters": actions.filters_left(source)}
    return render(request, "kpis/source_segments.html", {**of(source.project), **context})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_segment(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    source = find_source(request, pk)
    demand_to_tend(request.user, source)
    filter = find_filter(source, name)
    choices, trouble = suggested(request, source, filter)
    form = SegmentForm(request.POST or None, filter=filter, choices=choices)
    if form.is_valid():
        fields = {"conditions": [form.condition], "by": request.user}
        if segment := carried_out(form, actions.add_segment, source=source, **fields):
            messages.success(request, _("“%(source)s” is added. Its numbers are on their way.") % {"source": segment})
            return redirect(segment)
    context = {"source": source, "filter": filter, "form": form, "trouble": trouble}
    return render(request, "kpis/source_segment.html", {**of(source.project), **context})


def suggested(request: HttpRequest, source: Source, filter: Filter) -> tuple[list[Choice], str]:
    """The platform's own values, or why there are none: a value can still be typed."""
    try:
        return actions.values_of(source, filter, by=request.user), ""
    except Refused as refusal:
        return [], refusal.sentence


def find_filter(source: Source, name: str) -> Filter:
    found = next((one for one in actions.filters_left(source) if one.name == name), None)
    if found is None:
        raise Http404
    return found

"""The doors of KPIs, agreements and the dashboard."""

from kpis.actions.agreements import prepare_agreement
from kpis.models import Agreement, Annotation, Kpi, MetricSeries
from tests.builders import PASSWORD, Cast, make_agreement
from tests.doors import Door
from tests.kpis.conftest import begun
from tests.needs import has_pango

ONLY_AGENCY = {"decider": 403, "contact": 403, "viewer": 403}
ONLY_HEADS_OF_AGENCY = {**ONLY_AGENCY, "specialist": 403}
ONLY_DECIDING = {"specialist": 403, "contact": 403, "viewer": 403}


def of_kpi(cast: Cast) -> list:
    return [cast.get(Kpi).pk]


def of_signed_kpi(cast: Cast) -> list:
    kpi = cast.get(Kpi)
    kpi.signed_in = make_agreement(cast, kpis=[kpi])
    kpi.save()
    return [kpi.pk]


def of_kpi_with_numbers(cast: Cast) -> list:
    series = cast.get(MetricSeries)
    series.points.create(day="2026-11-01", value=9000, provenance="measured")
    return of_kpi(cast)


def of_agreement(cast: Cast) -> list:
    begun(cast).get(Kpi)
    return [prepare_agreement(cast.project, by=cast.manager).pk]


def of_project_with_kpi(cast: Cast) -> list:
    return [begun(cast).get(Kpi).project_id]


def terms(cast: Cast) -> dict:
    kpi = cast.get(Kpi)
    return {
        "measure": f"{kpi.source_id}:followers",
        "kind": "increase_to",
        "target": "15000",
        "starts_on": "2026-11-01",
        "due_on": "2027-03-01",
        "baseline": "9000",
        "guardrail_waived_because": "We only begin.",
    }


def api_terms(cast: Cast) -> dict:
    kpi = cast.get(Kpi)
    said = {name: value for name, value in terms(cast).items() if name != "measure"}
    return {**said, "project": cast.project.pk, "source": kpi.source_id, "metric": "followers", "guardrail": None}


def change(cast: Cast) -> dict:
    kpi = cast.get(Kpi)
    asked = {"starts_on": "2026-11-01", "change": "20", "baseline": "9000"}
    return {**asked, "measure": f"{kpi.source_id}:followers", "source": kpi.source_id, "metric": "followers"}


def signing(cast: Cast) -> dict:
    return {"hash": Agreement.objects.get(project=cast.project).content_hash, "password": PASSWORD}


def of_note(cast: Cast) -> list:
    """Written by the manager, so that the specialist and the client's people only read it."""
    return [cast.get(Annotation).pk]


def note(cast: Cast) -> dict:
    return {"day": "2026-11-02", "kind": "campaign", "text": "A sale"}


def api_note(cast: Cast) -> dict:
    return {**note(cast), "project": cast.project.pk}


NOT_VIEWERS = {"viewer": 403}
ONLY_HEADS_OR_ITS_AUTHOR = dict.fromkeys(("specialist", "decider", "contact", "viewer"), 403)
NOTES = [
    Door("kpis:annotation_new", args=of_kpi, expects=NOT_VIEWERS),
    Door("kpis:annotation_new", "post", args=of_kpi, data=note, inside=302, expects=NOT_VIEWERS),
    Door("kpis:annotation_edit", args=of_note, expects=ONLY_HEADS_OR_ITS_AUTHOR),
    Door("kpis:annotation_edit", "post", args=of_note, data=note, inside=302, expects=ONLY_HEADS_OR_ITS_AUTHOR),
    Door("kpis:annotation_removal", "post", args=of_note, inside=302, expects=ONLY_HEADS_OR_ITS_AUTHOR),
    Door("api:annotations", args=lambda cast: [], outside=200),
    Door("api:annotations", "post", args=lambda cast: [], data=api_note, inside=201, outside=400, expects=NOT_VIEWERS),
    Door("api:annotation", args=of_note),
    Door("api:annotation", "patch", args=of_note, data=note, expects=ONLY_HEADS_OR_ITS_AUTHOR),
    Door("api:annotation", "delete", args=of_note, inside=204, expects=ONLY_HEADS_OR_ITS_AUTHOR),
    Door("api:kpi_notes", args=of_kpi),
]
VIEWS = [
    Door("kpis:board_view"),
    Door("kpis:board_view", "post", data=lambda cast: {"range": "30", "keep": "1"}, inside=302),
    Door("api:board_view"),
    Door("api:board_view", "patch", data=lambda cast: {"range": "30"}),
    Door("api:board_view", "delete", inside=204),
    Door("project_now"),
    Door("api:project_now"),
]
FILES = [
    *(Door("kpis:kpi_export", args=lambda cast, kind=kind: [*of_kpi(cast), kind]) for kind in ("csv", "xlsx", "png")),
    *(Door("api:kpi_export", args=lambda cast, kind=kind: [*of_kpi(cast), kind]) for kind in ("csv", "xlsx", "png")),
    Door("kpis:kpi_export", args=lambda cast: [*of_kpi(cast), "exe"], inside=404),
    Door("api:kpi_comparison", args=of_kpi),
]
PAGES = [
    Door("kpis:board"),
    Door("kpis:kpi", args=of_kpi),
    Door("kpis:kpi_new", expects=ONLY_AGENCY),
    Door("kpis:kpi_new", "post", data=terms, inside=302, expects=ONLY_AGENCY),
    Door("kpis:kpi_edit", args=of_kpi, expects=ONLY_AGENCY),
    Door("kpis:kpi_edit", "post", args=of_kpi, data=terms, inside=302, expects=ONLY_AGENCY),
    Door("kpis:kpi_target", data=change, expects=ONLY_AGENCY),
    Door("kpis:kpi_new_terms", args=of_signed_kpi, expects=ONLY_AGENCY),
    Door("kpis:kpi_new_terms", "post", args=of_signed_kpi, data=terms, inside=302, expects=ONLY_AGENCY),
    Door("kpis:kpi_baseline", "post", args=of_kpi_with_numbers, inside=302, expects=ONLY_AGENCY),
    Door("kpis:kpi_removal", "post", args=of_kpi, inside=302, expects=ONLY_AGENCY),
    Door("kpis:agreements"),
    Door("kpis:agreements", "post", args=of_project_with_kpi, inside=302, expects=ONLY_HEADS_OF_AGENCY),
    Door("kpis:agreement", args=of_agreement),
    Door("kpis:agreement_print", args=of_agreement),
    Door("kpis:agreement_signature", "post", args=of_agreement, data=signing, inside=302, expects=ONLY_DECIDING),
    Door("kpis:agreement_pdf", args=of_agreement, inside=200 if has_pango() else 302),
    Door("kpis:agreement_code", "post", args=of_agreement, inside=302, expects=ONLY_DECIDING),
    Door("kpis:agreement_withdrawal", "post", args=of_agreement, inside=302, expects=ONLY_DECIDING),
]
API = [
    Door("api:kpis", args=lambda cast: [], outside=200),
    Door("api:kpis", "post", args=lambda cast: [], data=api_terms, inside=201, outside=400, expects=ONLY_AGENCY),
    Door("api:kpi_target", data=change, expects=ONLY_AGENCY),
    Door("api:kpi", args=of_kpi),
    Door("api:kpi", "patch", args=of_kpi, data=lambda cast: {"target": "13000"}, expects=ONLY_AGENCY),
    Door("api:kpi", "delete", args=of_kpi, inside=204, expects=ONLY_AGENCY),
    Door("api:kpi_series", args=of_kpi),
    Door("api:kpi_forecast", args=of_kpi),
    Door("api:kpi_weeks", args=of_kpi),
    Door("api:board"),
    Door("api:agreements", args=lambda cast: [], outside=200),
    Door("api:project_agreements", "post", args=of_project_with_kpi, inside=201, expects=ONLY_HEADS_OF_AGENCY),
    Door("api:agreement", args=of_agreement),
    Door("api:agreement_signature", "post", args=of_agreement, data=signing, inside=201, expects=ONLY_DECIDING),
    Door("api:agreement_pdf", args=of_agreement, inside=200 if has_pango() else 409),
    Door("api:agreement_changes", args=of_agreement),
    Door("api:agreement_code", "post", args=of_agreement, inside=409, expects=ONLY_DECIDING),
    Door("api:agreement_withdrawal", "post", args=of_agreement, inside=201, expects=ONLY_DECIDING),
]
GOALS = [
    Door("kpis:goal_kpis", args=lambda cast: [cast.get(Kpi).goal_id]),
    Door("api:goal_kpis", args=lambda cast: [cast.get(Kpi).goal_id]),
]
BOARD_DOORS = [*PAGES, *API, *GOALS, *NOTES, *VIEWS, *FILES]

"""The doors of alerts, of the levels that fire them, and of how a chance went."""

from kpis.models import Alert, AlertThreshold, Kpi
from tests.builders import Cast
from tests.doors import Door, everyone_inside

#: An alert whose move is the agency's: its people tend it, the client's read.
AGENCY_ONLY = {"decider": 403, "contact": 403, "viewer": 403}


def of_alert(cast: Cast) -> list:
    return [cast.get(Alert).pk]


def of_kpi(cast: Cast) -> list:
    return [cast.get(Kpi).pk]


def of_threshold(cast: Cast) -> list:
    return [cast.get(AlertThreshold).pk]


def words(_cast: Cast) -> dict:
    return {"words": "A sale ended."}


def to_specialist(cast: Cast) -> dict:
    return {"to": cast.specialist.pk}


def level(_cast: Cast) -> dict:
    return {"is_above": False, "value": "9500"}


ALERT_DOORS = [
    Door("kpis:alerts", args=lambda cast: [], expects=everyone_inside(200)),
    Door("kpis:project_alerts"),
    Door("kpis:alert", args=of_alert),
    Door("kpis:alert_explanation", "post", args=of_alert, data=words, inside=302, expects=AGENCY_ONLY),
    Door("kpis:alert_closing", "post", args=of_alert, data=words, inside=302, expects=AGENCY_ONLY),
    Door("kpis:alert_owner", "post", args=of_alert, data=to_specialist, inside=302, expects=AGENCY_ONLY),
    Door("kpis:kpi_alerts", args=of_kpi),
    Door("kpis:thresholds", "post", args=of_kpi, data=level, inside=302, expects=AGENCY_ONLY),
    Door("kpis:threshold_removal", "post", args=of_threshold, inside=302, expects=AGENCY_ONLY),
    Door("api:alerts", args=lambda cast: [], outside=200),
    Door("api:alert", args=of_alert),
    Door("api:alert_sight", "post", args=of_alert),
    Door("api:alert_explanation", "post", args=of_alert, data=words, inside=201, expects=AGENCY_ONLY),
    Door("api:alert_closing", "post", args=of_alert, data=words, inside=201, expects=AGENCY_ONLY),
    Door("api:alert_owner", "put", args=of_alert, data=to_specialist, expects=AGENCY_ONLY),
    Door("api:thresholds", args=of_kpi),
    Door("api:thresholds", "post", args=of_kpi, data=level, inside=201, expects=AGENCY_ONLY),
    Door("api:threshold", "delete", args=of_threshold, inside=204, expects=AGENCY_ONLY),
    Door("api:kpi_forecast_history", args=of_kpi),
]

"""The doors of sources, imports and points."""

from kpis.models import Kpi, PendingImport, PlatformLogin, Source
from tests.builders import Cast
from tests.doors import Door, of_nothing

LOOKS_ON = {"viewer": 403}
TABLE = "day,views\n2026-11-01,5\n2026-11-02,7\n"


def of_source(cast: Cast) -> list:
    return [cast.get(Source).pk]


def of_kpi(cast: Cast) -> list:
    return [cast.get(Kpi).pk]


def of_platform(cast: Cast) -> list:
    return [cast.project.pk, "vk"]


def of_login(cast: Cast) -> list:
    """The agency's access without a token in it, so that nobody is asked."""
    login = PlatformLogin.objects.create(
        organisation=cast.agency, platform="vk", credentials={"token": ""}, granted_by=cast.manager
    )
    return [cast.project.pk, login.pk]


def of_pending(cast: Cast) -> list:
    pending = PendingImport.objects.create(
        project=cast.project, uploaded_by=cast.manager, file_name="views.csv", content=TABLE.encode()
    )
    return [pending.pk]


NOT_THE_CLIENTS = dict.fromkeys(("decider", "contact", "viewer"), 404)
ONLY_WHO_BROUGHT_IT = dict.fromkeys(("owner", "specialist", "decider", "contact", "viewer"), 404)

SOURCE_DOORS = [
    Door("kpis:sources"),
    Door("kpis:source_new", expects=LOOKS_ON),
    Door("kpis:source_access_new", args=of_platform, expects=LOOKS_ON),
    Door("kpis:source_access_new", "post", args=of_platform, expects=LOOKS_ON),
    Door("kpis:source_accounts", args=of_login, expects=NOT_THE_CLIENTS),
    Door("kpis:source_accounts", "post", args=of_login, expects=NOT_THE_CLIENTS),
    Door("kpis:import", expects=LOOKS_ON),
    Door("kpis:import", "post", expects=LOOKS_ON),
    Door("kpis:import_preview", args=of_pending, expects=ONLY_WHO_BROUGHT_IT),
    Door("kpis:source", args=of_source),
    Door("kpis:source_access", args=of_source, expects=LOOKS_ON),
    Door("kpis:source_access", "post", args=of_source, expects=LOOKS_ON),
    Door("kpis:source_pulls", "post", args=of_source, inside=302, expects=LOOKS_ON),
    Door("kpis:source_pause", "post", args=of_source, inside=302, expects=LOOKS_ON),
    Door("kpis:source_resumption", "post", args=of_source, inside=302, expects=LOOKS_ON),
    Door("api:platforms", args=of_nothing, outside=200),
    Door("api:sources", args=of_nothing, outside=200),
    Door(
        "api:sources",
        "post",
        args=of_nothing,
        data=lambda cast: {"project": cast.project.pk, "platform": "vk", "credentials": {}, "external_id": "1"},
        inside=409,
        outside=400,
        expects=LOOKS_ON,
    ),
    Door("api:source", args=of_source),
    Door("api:source_pulls", "post", args=of_source, inside=202, expects=LOOKS_ON),
    Door("api:source_pause", "post", args=of_source, expects=LOOKS_ON),
    Door("api:source_pause", "delete", args=of_source, expects=LOOKS_ON),
    Door(
        "api:source_access",
        "post",
        args=of_source,
        data=lambda cast: {"credentials": {}},
        inside=409,
        expects=LOOKS_ON,
    ),
    Door(
        "api:accounts",
        "post",
        data=lambda cast: {"platform": "vk", "credentials": {}},
        inside=409,
        expects=LOOKS_ON,
    ),
    Door("api:imports", "post", data=lambda cast: {"text": TABLE}, inside=201, expects=LOOKS_ON),
    Door(
        "api:kpi_points",
        "post",
        args=of_kpi,
        data=lambda cast: [{"day": "2026-11-01", "value": "5"}],
        inside=201,
        expects=LOOKS_ON,
    ),
]

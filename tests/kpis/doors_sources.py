"""The doors of sources, imports and points."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from kpis.models import Kpi, PendingImport, PlatformLogin, Source
from tests.builders import Cast, make_post, make_post_point, make_source
from tests.doors import Door, of_nothing

LOOKS_ON = {"viewer": 403}
AGENCY_ONLY = {"decider": 403, "contact": 403, "viewer": 403}
TABLE = "day,views\n2026-11-01,5\n2026-11-02,7\n"


def some_hours(_cast: Cast) -> dict:
    return {"hours": 24}


def of_source(cast: Cast) -> list:
    return [cast.get(Source).pk]


def of_site(cast: Cast) -> list:
    """A counter, and a filter that asks nobody for its values."""
    return [make_source(cast, platform="metrika").pk, "traffic"]


def of_place(cast: Cast) -> list:
    """A place whose numbers are typed by hand."""
    plan = {"typed_metrics": ["views"], "typed_every": "weekly", "typed_by": cast.specialist}
    return [make_source(cast, platform="manual", title="Дзен", login=None, **plan).pk]


def of_posts(cast: Cast) -> list:
    """A dozen posts with numbers on their seventh day, one of them gone and one without likes."""
    for number in range(12):
        moment = datetime(2026, 11, number + 1, 10, tzinfo=UTC)
        post = make_post(cast, published_at=moment, gone_at=moment + timedelta(days=9) if number == 3 else None)
        make_post_point(cast, post=post, value=Decimal(900 + number * 40))
        hidden = {"value": None, "reason": "hidden"} if number == 5 else {"value": Decimal(number)}
        make_post_point(cast, post=post, metric="likes", **hidden)
    return of_source(cast)


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
    Door("kpis:source_posts", args=of_posts),
    Door("kpis:source_posts", args=of_posts, query="?age=7d&sort=views"),
    Door("kpis:source_posts_csv", args=of_posts),
    Door("api:source_posts", args=of_posts),
    Door("kpis:source_access", args=of_source, expects=LOOKS_ON),
    Door("kpis:source_access", "post", args=of_source, expects=LOOKS_ON),
    Door("kpis:source_pulls", "post", args=of_source, inside=302, expects=LOOKS_ON),
    Door("kpis:source_quiet_hours", args=of_source, expects=AGENCY_ONLY),
    Door("kpis:source_quiet_hours", "post", args=of_source, data=some_hours, inside=302, expects=AGENCY_ONLY),
    Door("kpis:source_pause", "post", args=of_source, inside=302, expects=LOOKS_ON),
    Door("kpis:source_resumption", "post", args=of_source, inside=302, expects=LOOKS_ON),
    Door("kpis:place_new", expects=LOOKS_ON),
    Door("kpis:place_new", "post", expects=LOOKS_ON),
    Door("kpis:source_plan", args=of_place, expects=LOOKS_ON),
    Door("kpis:source_plan", "post", args=of_place, expects=LOOKS_ON),
    Door("kpis:source_numbers", args=of_place, expects=LOOKS_ON),
    Door("kpis:source_numbers", "post", args=of_place, inside=302, expects=LOOKS_ON),
    Door("kpis:source_column", args=of_place, expects=LOOKS_ON),
    Door("kpis:source_column", "post", args=of_place, expects=LOOKS_ON),
    Door("api:places", "post", inside=400, expects=LOOKS_ON),
    Door("api:source_plan", "put", args=of_place, inside=400, expects=LOOKS_ON),
    Door("api:source_points", args=of_place),
    Door(
        "api:source_points",
        "post",
        args=of_place,
        data=lambda cast: [{"metric": "views", "day": "2026-11-01", "value": "5"}],
        inside=201,
        expects=LOOKS_ON,
    ),
    Door("api:source_typed", args=of_place),
    Door("kpis:source_segments", args=of_source, expects=LOOKS_ON),
    Door("kpis:source_segment", args=of_site, expects=LOOKS_ON),
    Door("kpis:source_segment", "post", args=of_site, expects=LOOKS_ON),
    Door("api:source_segments", args=of_source),
    Door(
        "api:source_segments",
        "post",
        args=of_source,
        data=lambda cast: {"conditions": [{"name": "traffic", "value": "social"}]},
        inside=409,
        expects=LOOKS_ON,
    ),
    Door("api:source_segment_values", args=of_site, expects=LOOKS_ON),
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
    Door("api:source_quiet_hours", args=of_source, expects=AGENCY_ONLY),
    Door("api:source_quiet_hours", "put", args=of_source, data=some_hours, expects=AGENCY_ONLY),
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

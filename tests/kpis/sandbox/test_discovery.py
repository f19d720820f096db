"""The stand-ins for Google's platforms against Google's own description of its answers.

The documents come with google-api-python-client; only its files are read, nothing of it runs.
"""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import jsonschema_rs
import pytest

from kpis.connectors.filters import Condition
from kpis.sandbox import MISBEHAVIOURS
from smmportal.http import Request, send
from tests.kpis.connectors.samples import SAMPLES
from tests.kpis.connectors.test_posts import look

pytestmark = pytest.mark.discovery

ANSWERED = sorted(set(MISBEHAVIOURS) & {"empty", "partial", "hidden", "zero", "sampled", "duplicate"})
CHANNEL = "UCobzharka7zerno00000007"
TOKEN = {"Authorization": "Bearer sandbox-token"}


@cache
def document(name: str) -> dict:
    package = find_spec("googleapiclient")
    assert package and package.origin
    return json.loads((Path(package.origin).parent / f"discovery_cache/documents/{name}.json").read_text())


def as_schema(described: dict) -> dict:
    """A schema of a discovery document in JSON Schema's words; what is not described may not be there."""
    if "$ref" in described:
        return {"$ref": f"#/$defs/{described['$ref']}"}
    kind = described.get("type")
    if kind == "any":
        return {}
    if kind == "array":
        return {"type": "array", "items": as_schema(described["items"])}
    if kind != "object":
        return {"type": kind, **({"enum": described["enum"]} if "enum" in described else {})}
    properties = {name: as_schema(one) for name, one in described.get("properties", {}).items()}
    others = described.get("additionalProperties")
    return {"type": "object", "properties": properties, "additionalProperties": as_schema(others) if others else False}


def problems(name: str, schema: str, value) -> list[str]:
    """What in the value is not as the document describes it."""
    defs = {one: as_schema(described) for one, described in document(name)["schemas"].items()}
    validator = jsonschema_rs.validator_for({"$ref": f"#/$defs/{schema}", "$defs": defs})
    return [f"{list(error.instance_path)}: {error.message}" for error in validator.iter_errors(value)]


def known_parameters(name: str, *path: str) -> set[str]:
    method = document(name)
    for resource in path[:-1]:
        method = method["resources"][resource]
    return {*method["methods"][path[-1]].get("parameters", {}), *document(name)["parameters"]}


def channels(sandbox, **params) -> dict:
    url = f"{sandbox.url('youtube')}/youtube/v3/channels"
    return send(Request("GET", url, params=params, headers=TOKEN)).json()


def floats(value):
    """Decimals as numbers again: the checker knows only JSON's own."""
    return json.loads(json.dumps(value, default=float))


def test_the_check_sees_what_is_wrong():
    assert problems("youtube.v3", "ChannelListResponse", {"items": [{"statistics": {"viewCount": 5}}]})
    assert problems("youtube.v3", "ChannelListResponse", {"chanels": []})


@pytest.mark.parametrize("how", ["", *ANSWERED])
def test_channels_are_as_described(sandbox, how):
    if how:
        sandbox.misbehave("youtube", how, times=9)
    for asked in ({"mine": "true", "maxResults": "1"}, {"id": CHANNEL}, {"forHandle": "@obzharka7"}):
        answer = channels(sandbox, part="snippet,statistics", **asked)
        assert problems("youtube.v3", "ChannelListResponse", floats(answer)) == []


@pytest.mark.parametrize("how", ["", *ANSWERED])
def test_videos_are_as_described(sandbox, how):
    if how:
        sandbox.misbehave("youtube", how, times=9)
    schemas = {
        "channels": "ChannelListResponse",
        "playlistItems": "PlaylistItemListResponse",
        "videos": "VideoListResponse",
    }
    asked = {one.path.rpartition("/")[2]: one for one in look("youtube", due=["00070000001"]).exchanges}
    assert asked.keys() == (schemas.keys() if how != "empty" else {"channels", "videos"})
    for what, exchange in asked.items():
        assert (what, problems("youtube.v3", schemas[what], floats(exchange.json()))) == (what, [])
        assert set(exchange.asked) <= known_parameters("youtube.v3", what, "list")


@pytest.mark.parametrize("how", ["", *ANSWERED])
def test_reports_are_as_described(sandbox, how):
    if how:
        sandbox.misbehave("youtube", how, times=9)
    reading = SAMPLES["youtube"].read()
    tables = [floats(one.json()) for one in reading.exchanges if one.path.endswith("/reports")]
    assert tables
    assert [problems("youtubeAnalytics.v2", "QueryResponse", table) for table in tables] == [[]] * len(tables)


@pytest.mark.parametrize("how", ["", *ANSWERED])
def test_analytics_answers_are_as_described(sandbox, how):
    if how:
        sandbox.misbehave("ga4", how, times=9)
    (exchange,) = SAMPLES["ga4"].read().exchanges
    assert problems("analyticsdata.v1beta", "RunReportResponse", floats(exchange.json())) == []


def test_what_we_ask_is_as_described_too(sandbox):
    (exchange,) = SAMPLES["ga4"].read().exchanges
    assert problems("analyticsdata.v1beta", "RunReportRequest", exchange.sent) == []
    asked = {one.path.rpartition("/")[2]: set(one.asked) for one in SAMPLES["youtube"].read().exchanges}
    assert asked["channels"] <= known_parameters("youtube.v3", "channels", "list")
    assert asked["reports"] <= known_parameters("youtubeAnalytics.v2", "reports", "query")


@pytest.mark.parametrize(
    ("name", "setting", "path"),
    [
        ("youtube.v3", "YOUTUBE_API_URL", "youtube/v3/channels"),
        ("youtube.v3", "YOUTUBE_API_URL", "youtube/v3/playlistItems"),
        ("youtube.v3", "YOUTUBE_API_URL", "youtube/v3/videos"),
        ("youtubeAnalytics.v2", "YOUTUBE_ANALYTICS_API_URL", "v2/reports"),
        ("analyticsdata.v1beta", "GA4_API_URL", "v1beta/properties/{propertiesId}:runReport"),
    ],
)
def test_the_addresses_are_googles(settings, name, setting, path):
    """Google calls YouTube's first host by another name too; the old one serves the renewal as well."""
    hosts = {document(name)["rootUrl"], "https://www.googleapis.com/"}
    paths = {method["flatPath"] for method in methods(document(name))}
    assert f"{settings.PLATFORMS[setting]}/" in hosts
    assert path in paths


def methods(described: dict) -> list[dict]:
    found = list(described.get("methods", {}).values())
    for resource in described.get("resources", {}).values():
        found += methods(resource)
    return found


def test_a_part_is_asked_for_and_answered_as_described(sandbox):
    conditions = (Condition("channel", "is", "Organic Social"), Condition("campaign", "contains", 'ле"то\\ ☕'))
    (exchange,) = SAMPLES["ga4"].read(conditions=conditions).exchanges
    assert problems("analyticsdata.v1beta", "RunReportRequest", exchange.sent) == []
    assert problems("analyticsdata.v1beta", "RunReportResponse", floats(exchange.json())) == []
    country = (Condition("country", "is", "RU"), Condition("video", "is", "dMH0bHeiRNg"))
    (report,) = SAMPLES["youtube"].read(conditions=country, metrics=["video_views"]).exchanges
    assert set(report.asked) <= known_parameters("youtubeAnalytics.v2", "reports", "query")
    described = document("youtubeAnalytics.v2")["resources"]["reports"]["methods"]["query"]["parameters"]["filters"]
    assert "country==" in described["description"] and "video==" in described["description"]

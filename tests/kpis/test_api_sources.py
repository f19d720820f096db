"""Sources, imports and points through the API."""

import hashlib
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kpis.actions.imports import import_file
from kpis.models import Kpi, Point, Snapshot, Source
from kpis.recording import differences, unpack, verify_snapshots
from smmportal.refusals import Refused
from tests.builders import make_points, make_series, make_source
from tests.kpis.test_workbooks import workbook

TABLE = "day,views\n2026-11-01,5\n2026-11-02,7\n"
CHANNELS = "date,channel_id,channel_title,subscribers\n" + "".join(
    f"2026-01-0{day},UC{channel},Channel {channel},{100 * channel + day}\n" for day in (1, 2) for channel in (1, 2)
)
VIEWS = [["day", "views"], [date(2026, 11, 1), 5]]
VK = {"platform": "vk", "credentials": {"token": "sandbox-user"}}


def test_connecting_through_the_api(cast, sandbox, api):
    client = api(cast.manager)
    accounts = client.post(f"/api/v1/projects/{cast.project.pk}/accounts/", VK, format="json").json()
    assert [account["external_id"] for account in accounts] == ["207700007", "207700008", "207700009"]
    sent = {**VK, "project": cast.project.pk, "external_id": "207700007"}
    answers = [client.post("/api/v1/sources/", sent, format="json") for _again in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert "sandbox-user" not in answers[0].content.decode()


def test_a_refused_token_is_a_problem_with_a_sentence(cast, sandbox, api):
    sent = {"platform": "vk", "credentials": {"token": "stolen"}, "project": cast.project.pk, "external_id": "1"}
    answer = api(cast.manager).post("/api/v1/sources/", sent, format="json")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:portal:reauthorise")


def test_a_source_with_its_metrics(cast, api):
    source = make_source(cast)
    make_points(make_series(cast, source=source), [10, 12], last=date(2026, 11, 22))
    answer = api(cast.viewer).get(f"/api/v1/sources/{source.pk}/").json()
    assert answer["metrics"] == [
        {"metric": "followers", "latest_value": "12", "latest_on": "2026-11-22", "final_through": "2026-11-22"}
    ]
    assert not {"login", "credentials"} & set(answer)


def test_the_list_is_filtered_by_project_and_costs_the_same(cast, api, django_assert_num_queries):
    make_series(cast, source=make_source(cast))
    client = api(cast.manager)
    client.get("/api/v1/sources/")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for rows in (0, 29):
        for _row in range(rows):
            make_series(cast, source=make_source(cast))
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/api/v1/sources/?project={cast.project.pk}")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert client.get("/api/v1/sources/?project=zero").json()["results"] == []


def test_a_file_as_text_and_as_a_file_is_the_same_import(cast, api):
    client = api(cast.manager)
    address = f"/api/v1/projects/{cast.project.pk}/imports/"
    first = client.post(address, {"text": TABLE, "file_name": "views.csv"}, format="json").json()
    file = SimpleUploadedFile("views.csv", TABLE.encode())
    second = client.post(address, {"file": file}, format="multipart").json()
    assert first == {"sources": [Source.objects.get().pk], "read": 2, "changed": 2, "problems": []}
    assert second == {**first, "changed": 0}
    assert Snapshot.objects.count() == 1


def test_a_source_for_each_account_with_only_its_own_lines(cast):
    import_file(cast.project, file_name="channels.csv", content=CHANNELS.encode(), by=cast.manager)
    assert list(Source.objects.values_list("external_id", "title")) == [("UC1", "Channel 1"), ("UC2", "Channel 2")]
    values = Point.objects.order_by("series__source", "day").values_list("value", flat=True)
    assert list(values) == [101, 102, 201, 202]
    assert [list(differences(source)) for source in Source.objects.all()] == [[], []]


def test_a_corrected_file_replaces_what_was_imported(cast):
    for text in (TABLE, TABLE.replace(",7", ",8")):
        import_file(cast.project, file_name="views.csv", content=text.encode(), by=cast.manager)
    assert list(Point.objects.values_list("value", flat=True)) == [5, 8]
    assert list(differences(Source.objects.get())) == []


def test_a_spreadsheet_is_imported_once_and_can_be_read_again(cast, api):
    content = workbook(["Report"], views=[["day", "views"], [date(2026, 11, 1), 5], [date(2026, 11, 2), "7"]])
    address = f"/api/v1/projects/{cast.project.pk}/imports/"
    answers = [
        api(cast.manager).post(address, {"file": SimpleUploadedFile("views.xlsx", content)}, format="multipart").json()
        for _again in range(2)
    ]
    source = Source.objects.get()
    first = {"sources": [source.pk], "read": 2, "changed": 2, "problems": []}
    assert answers == [first, {**first, "changed": 0}]
    kept = unpack(Snapshot.objects.get())
    assert (kept["file_sha256"], kept["sheet"], kept["text"]) == (
        hashlib.sha256(content).hexdigest(),
        "views",
        '["day","views"]\n[["2026-11-01"],["5"]]\n[["2026-11-02"],"7"]\n',
    )
    assert (list(differences(source)), verify_snapshots()) == ([], [])


@pytest.mark.parametrize(("sheet", "outcome"), [("likes", 201), ("Дни", 409), ("nope", 409)])
def test_a_program_names_the_sheet(cast, api, sheet, outcome):
    content = workbook(["Report"], views=VIEWS, likes=[["day", "likes"], [date(2026, 11, 1), 9]])
    sent = {"file": SimpleUploadedFile("views.xlsx", content), "sheet": sheet}
    answer = api(cast.manager).post(f"/api/v1/projects/{cast.project.pk}/imports/", sent, format="multipart")
    assert (answer.status_code, Point.objects.count()) == (outcome, int(outcome == 201))


def test_an_unclear_file_is_refused_with_the_question(cast, api):
    text = "day,views\n02/03/2026,5\n04/05/2026,6\n"
    address = f"/api/v1/projects/{cast.project.pk}/imports/"
    answer = api(cast.manager).post(address, {"text": text}, format="json")
    assert (answer.status_code, answer.json()["questions"]) == (409, ["day_format"])
    mapping = {"day": "day", "metrics": {"views": "views"}, "day_format": "mdy", "decimal": "."}
    answer = api(cast.manager).post(address, {"text": text, "mapping": mapping}, format="json")
    assert (answer.status_code, answer.json()["read"]) == (201, 2)


@pytest.mark.parametrize("mapping", [{"day": "nope"}, {"metrics": {"nope": "views"}}, {"account": "nope"}])
def test_a_mapping_that_names_no_column_is_refused(cast, api, mapping):
    sent = {"day": "day", "metrics": {"views": "views"}, "day_format": "ymd", "decimal": ".", **mapping}
    address = f"/api/v1/projects/{cast.project.pk}/imports/"
    answer = api(cast.manager).post(address, {"text": TABLE, "mapping": sent}, format="json")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:portal:file-no-column")


@pytest.mark.parametrize("text", ["", "\x00", "🙂", "<b>,</b>\n1,2\n", "day,views\n" + "x" * 10_000 + ",1\n"])
def test_strange_text_is_refused_in_words(cast, api, text):
    answer = api(cast.manager).post(f"/api/v1/projects/{cast.project.pk}/imports/", {"text": text}, format="json")
    assert answer.status_code in {400, 409}


# --- Points ---


def send(client, kpi, points):
    return client.post(f"/api/v1/kpis/{kpi.pk}/points/", points, format="json")


def test_points_are_imported_once(cast, api):
    kpi, client = cast.get(Kpi), api(cast.manager)
    points = [{"day": "2026-11-01", "value": "10.5"}, {"day": "2026-11-02", "value": None}]
    answers = [send(client, kpi, points).json() for _again in range(2)]
    assert answers == [{"received": 2, "changed": 2}, {"received": 2, "changed": 0}]
    rows = Point.objects.order_by("day").values_list("value", "provenance", "reason")
    assert list(rows) == [(Decimal("10.5"), "imported", ""), (None, "imported", "empty_in_file")]
    assert list(differences(kpi.source)) == []


def test_what_the_platform_measured_is_not_overwritten(cast, api):
    kpi = cast.get(Kpi)
    make_points(make_series(cast, source=kpi.source), [10], last=date(2026, 11, 1))
    answer = send(api(cast.manager), kpi, [{"day": "2026-11-01", "value": "11"}, {"day": "2026-11-02", "value": "12"}])
    assert (answer.status_code, answer.json()["days"]) == (409, ["2026-11-01"])
    assert list(Point.objects.values_list("value", flat=True)) == [10]


def test_the_same_number_as_measured_is_no_conflict(cast, api):
    kpi = cast.get(Kpi)
    make_points(make_series(cast, source=kpi.source), [10], last=date(2026, 11, 1))
    assert send(api(cast.manager), kpi, [{"day": "2026-11-01", "value": "10"}]).json() == {"received": 1, "changed": 0}


@pytest.mark.parametrize(
    "points",
    [
        [],
        {},
        "x",
        [{"day": "2026-11-31", "value": "1"}],
        [{"day": "2026-11-01"}],
        [{"day": "2026-11-01", "value": "NaN"}],
        [{"day": "2026-11-01", "value": "1e40"}],
        [{"day": "2026-11-01", "value": "1"}, {"day": "2026-11-01", "value": "2"}],
        [None],
    ],
)
def test_nonsense_is_refused_by_field(cast, api, points):
    assert send(api(cast.manager), cast.get(Kpi), points).status_code == 400
    assert Point.objects.count() == 0


def test_a_day_that_has_not_come_has_no_number(cast, api):
    answer = send(api(cast.manager), cast.get(Kpi), [{"day": "2999-01-01", "value": "1"}])
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:portal:future-day")


def test_a_viewer_brings_nothing(cast):
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        import_file(cast.project, file_name="x.csv", content=TABLE.encode(), by=cast.viewer)
    with pytest.raises(Refused):
        import_file(cast.project, file_name="x.csv", content=b"", by=cast.manager)

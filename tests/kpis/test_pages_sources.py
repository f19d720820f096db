"""The pages of sources and imports, as people go through them; the platforms are the stand-in."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kpis.models import MetricSeries, PendingImport, PlatformLogin, Point, Snapshot, Source
from kpis.pulling import pull_source
from kpis.queries import spine_states, waiting
from tests.builders import make_points, make_series, make_snapshot, make_source
from tests.conftest import TODAY
from tests.kpis.connectors.samples import GOOGLE
from tests.kpis.test_workbooks import SHEET, changed, workbook

TABLE = "day,views,note\n2026-11-01,5,a\n2026-11-02,7,b\n2026-11-03,oops,c\n"


def upload(text: str = TABLE, name: str = "views.csv") -> dict:
    return {"file": SimpleUploadedFile(name, text.encode(), content_type="text/csv")}


# --- Connecting ---


def test_from_a_token_to_a_connected_source(cast, sandbox, browse):
    browser = browse(cast.specialist)
    project = cast.project.pk
    answer = browser.post(f"/projects/{project}/sources/new/vk/", {"token": "sandbox-user", "community": ""})
    login = PlatformLogin.objects.get()
    assert answer.headers["Location"] == f"/projects/{project}/sources/accounts/{login.pk}/"
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "Обжарка №7" in page
    assert "VK has blocked or deleted this community." in page
    answer = browser.post(answer.headers["Location"], {"external_id": "207700007", "hint": ""})
    source = Source.objects.get()
    assert answer.headers["Location"] == f"/sources/{source.pk}/"
    assert source.next_pull_at <= timezone.now()


def test_access_that_the_portal_renews_is_said_so_and_other_access_has_its_end(cast, sandbox, browse):
    browser, project = browse(cast.manager), cast.project.pk
    answer = browser.post(f"/projects/{project}/sources/new/youtube/", GOOGLE)
    answer = browser.post(answer.headers["Location"], {"external_id": "UCobzharka7zerno00000007"})
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "the portal renews it by itself" in page
    PlatformLogin.objects.update(credentials={"token": "sandbox-pasted"}, platform="vk")
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "Access ends" in page
    assert "renews it by itself" not in page


def test_no_field_of_a_refused_renewal_is_written_back_but_what_is_no_secret(cast, sandbox, browse):
    pasted = {**GOOGLE, "refresh_token": "stolen-77"}
    page = browse(cast.manager).post(f"/projects/{cast.project.pk}/sources/new/youtube/", pasted).content.decode()
    assert "Google no longer accepts the refresh token." in page
    assert [value in page for value in pasted.values()] == [False, True, False]


def test_a_refused_token_is_explained_and_never_written_back(cast, sandbox, browse):
    answer = browse(cast.manager).post(
        f"/projects/{cast.project.pk}/sources/new/vk/", {"token": "stolen-77", "community": "vk.com/coffee"}
    )
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "The platform no longer accepts the saved access." in page
    assert "vk.com/coffee" in page
    assert "stolen-77" not in page


def test_a_platform_that_is_down_is_said_on_the_page(cast, sandbox, browse):
    login = PlatformLogin.objects.create(
        organisation=cast.agency, platform="vk", credentials={"token": "sandbox-user"}, granted_by=cast.manager
    )
    sandbox.misbehave("vk", "busy", times=3)
    page = browse(cast.manager).get(f"/projects/{cast.project.pk}/sources/accounts/{login.pk}/").content.decode()
    assert "The platform did not answer properly." in page


# --- A source ---


def test_a_source_shows_its_numbers_and_where_they_are_from(cast, sandbox, browse):
    source = make_source(cast, external_id="207700007", next_pull_at=timezone.now(), began_on=TODAY)
    PlatformLogin.objects.update(credentials={"token": "sandbox-user"})
    pull_source(source)
    page = browse(cast.viewer).get(f"/sources/{source.pk}/").content.decode()
    assert "Followers" in page
    assert "measured" in page
    assert Snapshot.objects.get().content_hash[:12] in page
    assert "Take numbers now" not in page


def test_a_lost_source_says_how_to_mend_it(cast, browse):
    source = make_source(
        cast,
        error_kind="reauthorise",
        error_detail="5 User authorization failed",
        error_words="The platform no longer accepts the saved access. Connect the source again with a fresh token.",
    )
    page = browse(cast.manager).get(f"/sources/{source.pk}/").content.decode()
    assert "Connect the source again with a fresh token." in page
    assert f"/sources/{source.pk}/access/" in page
    cast.manager.language = "ru"
    cast.manager.save()
    assert "доступ утрачен" in browse(cast.manager).get(f"/sources/{source.pk}/").content.decode()


def test_what_a_platform_says_is_shown_as_text(cast, browse):
    source = make_source(cast, title="<script>alert(1)</script>", error_kind="transient", error_detail="<b>502</b>")
    page = browse(cast.manager).get(f"/sources/{source.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;b&gt;502" in page


def test_a_double_click_on_take_numbers_is_one_pull(cast, browse):
    source = make_source(cast, next_pull_at=timezone.now() + timezone.timedelta(hours=2))
    browser = browse(cast.manager)
    answers = [browser.post(f"/sources/{source.pk}/pulls/").status_code for _click in range(2)]
    assert answers == [302, 302]
    assert Source.objects.due().count() == 1


@pytest.mark.parametrize("address", ["/projects/{project}/sources/", "/sources/{source}/"])
def test_pages_cost_the_same_with_one_row_and_with_thirty(cast, browse, address, django_assert_max_num_queries):
    source = make_source(cast)
    make_points(make_series(cast, source=source), [1, 2], last=TODAY)
    make_snapshot(cast, source=source)
    browser = browse(cast.manager)
    path = address.format(project=cast.project.pk, source=source.pk)
    few = count_queries(browser, path)
    for number in range(30):
        other = make_source(cast)
        make_points(make_series(cast, source=other), [1], last=TODAY)
        make_snapshot(cast, source=source, previous_hash=str(number))
    for metric in ("reach", "views", "likes", "comments", "shares"):
        make_points(make_series(cast, source=source, metric=metric), [1, 2], last=TODAY)
    assert count_queries(browser, path) == few


def count_queries(browser, path: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(path).status_code == 200
    return len(queries)


# --- What waits ---


def test_a_lost_source_waits_for_the_side_whose_access_it_is(cast):
    make_source(cast, error_kind="reauthorise", title="Roast on VK")
    theirs = PlatformLogin.objects.create(
        organisation=cast.client, platform="vk", credentials={}, granted_by=cast.decider
    )
    make_source(cast, error_kind="scope_missing", title="Counter", login=theirs)
    make_source(cast, error_kind="transient")
    lines = [(line.side, line.sentence) for line in waiting([cast.project]) if "gives no more" in line.sentence]
    assert lines == [
        ("agency", "“Roast on VK” gives no more numbers: its access has run out"),
        ("client", "“Counter” gives no more numbers: the platform refuses"),
    ]


def test_the_spine_tells_the_state_of_the_sources(cast):
    def step() -> str:
        return spine_states([cast.project])[cast.project.pk]["sources"]["word"]

    seen = [step()]
    source = make_source(cast)
    seen.append(step())
    for kind in ("transient", "reauthorise"):
        Source.objects.filter(pk=source.pk).update(error_kind=kind)
        seen.append(step())
    assert seen == ["none yet", "connected", "waiting", "access lost"]


# --- Files ---


def test_a_file_goes_from_upload_through_preview_to_points(cast, browse):
    browser = browse(cast.manager)
    answer = browser.post(f"/projects/{cast.project.pk}/sources/import/", upload())
    pending = PendingImport.objects.get()
    assert answer.headers["Location"] == f"/imports/{pending.pk}/"
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "2 numbers will be taken, from 1\u00a0November 2026 to 2\u00a0November 2026." in page
    assert "Line 4, views." in page
    assert Point.objects.count() == 0
    said = {
        "column_0": "day",
        "column_1": "views",
        "column_2": "skip",
        "day_format": "ymd",
        "decimal": ".",
        "title": "Site",
    }
    answers = [browser.post(f"/imports/{pending.pk}/", {**said, "confirm": "1"}) for _click in range(2)]
    source = Source.objects.get()
    assert [answer.headers["Location"] for answer in answers] == [
        f"/sources/{source.pk}/",
        f"/projects/{cast.project.pk}/sources/",
    ]
    assert list(Point.objects.values_list("value", "provenance")) == [(5, "imported"), (7, "imported")]
    assert (Snapshot.objects.count(), bytes(PendingImport.objects.get().content)) == (1, b"")


def test_a_spreadsheet_is_looked_over_sheet_by_sheet(cast, browse):
    days = [["day", "views"], [date(2026, 11, 1), 5], [date(2026, 11, 2), "oops"]]
    content = workbook(["Report"], views=days, likes=[["day", "likes"], [date(2026, 11, 1), 9]])
    browser = browse(cast.manager)
    answer = browser.post(
        f"/projects/{cast.project.pk}/sources/import/", {"file": SimpleUploadedFile("numbers.xlsx", content)}
    )
    address = answer.headers["Location"]
    page = browser.get(address).content.decode()
    assert '<a href="?sheet=views" aria-current="true">views</a>' in page
    assert ("1 number will be taken" in page, "Line 3, views." in page) == (True, True)
    said = {"column_0": "day", "column_1": "likes", "day_format": "ymd", "decimal": ".", "title": "Likes"}
    assert '<option value="likes" selected>' in browser.get(f"{address}?sheet=likes").content.decode()
    browser.post(f"{address}?sheet=likes", {**said, "confirm": "1"})
    assert list(Point.objects.values_list("series__metric", "value")) == [("likes", 9)]


def test_a_sheet_that_is_no_table_is_refused_and_the_preview_stays(cast, browse):
    browser = browse(cast.manager)
    content = workbook(["Report"], views=[["day", "views"], [date(2026, 11, 1), 5]])
    browser.post(f"/projects/{cast.project.pk}/sources/import/", {"file": SimpleUploadedFile("n.xlsx", content)})
    address = f"/imports/{PendingImport.objects.get().pk}/"
    for sheet, sentence in (("Дни", "There is only one column here."), ("nope", "There is no such sheet in the file.")):
        answer = browser.get(address, {"sheet": sheet}, headers={"Referer": f"http://testserver{address}"}, follow=True)
        assert (answer.redirect_chain, sentence in answer.content.decode()) == ([(address, 302)], True)


def test_a_bomb_is_refused_on_the_page(cast, browse):
    bomb = changed(workbook(["day", "views"]), SHEET, b"</sheetData>", b"</sheetData>" + b" " * 33 * 1024 * 1024)
    page = browse(cast.manager).post(
        f"/projects/{cast.project.pk}/sources/import/", {"file": SimpleUploadedFile("bomb.xlsx", bomb)}
    )
    assert "This spreadsheet unpacks to too much." in page.content.decode()
    assert PendingImport.objects.count() == 0


def test_looking_again_takes_nothing_and_keeps_what_was_chosen(cast, browse):
    browser = browse(cast.manager)
    browser.post(f"/projects/{cast.project.pk}/sources/import/", upload())
    said = {"column_0": "day", "column_1": "page_views", "column_2": "skip", "day_format": "ymd", "decimal": "."}
    page = browser.post(f"/imports/{PendingImport.objects.get().pk}/", {**said, "look": "1"}).content.decode()
    assert '<option value="page_views" selected>' in page
    assert Point.objects.count() == 0


def test_two_columns_of_the_same_metric_are_refused(cast, browse):
    browser = browse(cast.manager)
    browser.post(f"/projects/{cast.project.pk}/sources/import/", upload())
    said = {"column_0": "day", "column_1": "views", "column_2": "views", "day_format": "ymd", "decimal": "."}
    page = browser.post(f"/imports/{PendingImport.objects.get().pk}/", {**said, "confirm": "1"}).content.decode()
    assert "Two columns can&#x27;t be the same thing." in page
    assert Point.objects.count() == 0


@pytest.mark.parametrize("text", ["", "one column\nonly\n", "day,views\n"])
def test_what_is_no_table_is_refused_on_the_page(cast, browse, text):
    answer = browse(cast.manager).post(f"/projects/{cast.project.pk}/sources/import/", upload(text))
    assert (answer.status_code, PendingImport.objects.count()) == (200, 0)
    assert "error" in answer.content.decode()


def test_a_file_on_its_way_is_its_bringers_alone(cast, browse):
    browse(cast.manager).post(f"/projects/{cast.project.pk}/sources/import/", upload())
    address = f"/imports/{PendingImport.objects.get().pk}/"
    assert [browse(one).get(address).status_code for one in (cast.manager, cast.owner, cast.decider)] == [200, 404, 404]


def test_an_ambiguous_date_is_asked_about(cast, browse):
    browser = browse(cast.manager)
    browser.post(f"/projects/{cast.project.pk}/sources/import/", upload("day,views\n02/03/2026,5\n04/05/2026,6\n"))
    address = f"/imports/{PendingImport.objects.get().pk}/"
    assert "The dates can be read in two ways." in browser.get(address).content.decode()
    said = {"column_0": "day", "column_1": "views", "day_format": "dmy", "decimal": ".", "title": "x", "confirm": "1"}
    browser.post(address, said)
    assert MetricSeries.objects.get().latest_on.isoformat() == "2026-05-04"

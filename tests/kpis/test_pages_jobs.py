"""The page of the pulls and its API: what failed, whether platforms answer, the ledger, and nobody else's sources."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpis.models import AgencyDay, MetricSeries, PlatformDay, PlatformState, Revision, Source
from projects.models import Project
from smmportal.people.models import Organisation
from tests.builders import make_kpi, make_points, make_revision, make_source
from tests.conftest import TODAY
from tests.kpis.test_pulling_many import make_project

FAILED = {
    "error_kind": "transient",
    "error_detail": "500 Internal Server Error",
    "error_words": (
        "The platform did not answer properly. The portal will try again by itself; there is nothing to do."
    ),
}


@pytest.fixture
def page(cast, browse):
    def open_page(person=None) -> str:
        return browse(person or cast.manager).get(f"/organisations/{cast.agency.pk}/pulls/").content.decode()

    return open_page


@pytest.fixture
def answer(cast, api):
    def ask(person=None) -> dict:
        return api(person or cast.manager).get(f"/api/v1/organisations/{cast.agency.pk}/pulls/").json()

    return ask


@pytest.fixture
def failed(cast) -> Source:
    now = timezone.now()
    times = {"last_attempt_at": now - timedelta(minutes=2), "next_pull_at": now + timedelta(minutes=5)}
    return make_source(cast, title="Roast on VK", attempts=3, **FAILED, **times)


def test_what_failed_says_why_and_can_be_tried_again(page, failed):
    said = page()
    assert "Roast on VK" in said
    assert "did not answer properly" in said
    assert "500 Internal Server Error" in said
    assert f'action="/sources/{failed.pk}/pulls/"' in said


def test_what_only_a_person_mends_leads_to_the_access(page, failed):
    Source.objects.update(error_kind="reauthorise", next_pull_at=None)
    said = page()
    assert f'href="/sources/{failed.pk}/access/"' in said
    assert f'action="/sources/{failed.pk}/pulls/"' not in said


def test_the_api_tells_the_same(answer, cast, failed):
    told = answer()
    [line] = told.pop("failed")
    assert (line["id"], line["error_kind"], line["attempts"]) == (failed.pk, "transient", 3)
    assert line["error"].startswith("The platform did not answer properly")
    assert (told["failed_count"], told["due"], told["running"]) == (1, 0, 0)


def test_a_paused_source_has_not_failed(answer, failed):
    Source.objects.update(paused_at=timezone.now())
    assert answer()["failed"] == []


def test_files_are_not_pulled(page, cast):
    make_source(cast, platform="file", title="Table", login=None, error_kind="permanent")
    assert "Table" not in page()


def test_other_peoples_sources_are_not_here(page, answer, cast, failed):
    """Another agency's source that failed for the same reason."""
    agency = Organisation.objects.get(name="Other Agency")
    client = Organisation.objects.create(name="Their Client", kind="client", agency=agency)
    days = {"starts_on": TODAY, "ends_on": TODAY + timedelta(days=90)}
    theirs = Project.objects.create(name="Theirs", agency=agency, client=client, created_by=cast.stranger, **days)
    make_source(cast, project=theirs, title="A stranger's channel", **FAILED)
    assert "A stranger" not in page()
    assert [line["title"] for line in answer()["failed"]] == ["Roast on VK"]


def test_a_platform_that_answers_nobody_says_so(page, answer, failed):
    now = timezone.now()
    fields = {"counted_from": now, "opened_at": now, "ask_again_at": now + timedelta(minutes=1)}
    PlatformState.objects.create(platform="vk", **fields)
    assert "does not answer" in page()
    [vk] = answer()["platforms"]
    assert (vk["answers"], vk["not_answering_since"] is not None) == (False, True)


def test_the_ledger_is_read_by_day(page, answer, cast, failed):
    today = timezone.now().date()
    AgencyDay.objects.create(agency=cast.agency, platform="vk", day=today, calls=1234, units=1234, slowed=5, errors=6)
    AgencyDay.objects.create(agency=cast.agency, platform="vk", day=today - timedelta(days=30), calls=77777)
    AgencyDay.objects.create(agency=cast.agency, platform="telegram", day=today, calls=88888)
    said = page()
    assert "1,234" in said
    assert "77,777" not in said
    assert "88,888" not in said  # nobody here is connected to Telegram
    assert answer()["ledger"] == [
        {"platform": "vk", "day": str(today), "calls": 1234, "units": 1234, "slowed": 5, "errors": 6}
    ]


def test_what_others_asked_is_not_here(page, answer, failed):
    today = timezone.now().date()
    other = Organisation.objects.get(name="Other Agency")
    AgencyDay.objects.create(agency=other, platform="vk", day=today, calls=66666, units=66666)
    PlatformDay.objects.create(platform="vk", day=today, calls=66666, units=66666)
    assert "66,666" not in page()
    told = answer()
    nothing = {"platform": "vk", "day": str(today), "calls": 0, "units": 0, "slowed": 0, "errors": 0}
    assert (told["ledger"], [line["today"] for line in told["platforms"]]) == ([], [nothing])


def test_with_no_source_the_page_teaches(page):
    assert "No source yet" in page()


def test_twenty_failures_cost_as_many_queries_as_one(cast, browse, failed):
    costs = []
    for number in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert browse(cast.manager).get(f"/organisations/{cast.agency.pk}/pulls/").status_code == 200
        costs.append(len(queries))
        for place in range(20 if number == 0 else 0):
            make_source(cast, project=make_project(cast, place), title=f"Source {place}", **FAILED)
    assert costs[0] == costs[1]


def test_who_may_see_it_finds_it_from_the_agency_and_from_a_source(cast, browse, failed):
    address = f"/organisations/{cast.agency.pk}/pulls/"
    places = [cast.agency.get_absolute_url(), failed.get_absolute_url()]
    assert [address in browse(cast.manager).get(place).content.decode() for place in places] == [True, True]
    assert address not in browse(cast.specialist).get(places[1]).content.decode()


# --- Days that were counted again ---


@pytest.fixture
def recounted(cast) -> Revision:
    make_kpi(cast)
    make_points(cast.get(MetricSeries), [134], last=date(2026, 11, 20))
    make_revision(cast, before=100, after=120)
    return make_revision(cast)


def test_the_kpi_page_and_the_source_page_say_what_was(cast, browse, recounted):
    kpi, source = recounted.series.source.kpis.get(), recounted.series.source
    words = "was 120, became 134 (recounted by the platform on"
    span = f"{kpi.get_absolute_url()}?from=2026-11-18&to=2026-11-21"
    for place in (span, source.get_absolute_url()):
        assert words in browse(cast.decider).get(place).content.decode().replace("\u00a0", " ")


def test_the_api_marks_the_day(cast, api, recounted):
    kpi = recounted.series.source.kpis.get()
    days = api(cast.decider).get(f"/api/v1/kpis/{kpi.pk}/series/?from=2026-11-19&to=2026-11-20").json()
    assert "revised" not in days[0]
    assert [(one["before"], one["after"]) for one in days[1]["revised"]] == [("100", "120"), ("120", "134")]

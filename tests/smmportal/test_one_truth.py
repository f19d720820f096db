"""One number, one truth: the page, the API, the report, the agenda and the message say the same of every KPI, to both
sides and in both languages."""

import html
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import translation

from kpis import wording
from kpis.actions.forecasts import foresee_all
from kpis.actions.thresholds import set_threshold
from kpis.actions.watching import watch
from kpis.models import Alert, Kpi
from kpis.queries.standings import Standing, for_standing, standings
from kpis.terms import plain, say_value
from meetings import tasks
from projects.models import Project
from smmportal.demo.clock import moved_to
from smmportal.formatting import format_day
from smmportal.notifications.models import Notification
from smmportal.notifications.wording import sentence
from smmportal.waterline.gathering import facts_of
from tests.builders import make_issued_report, make_meeting, make_points, make_report, make_series, make_source
from tests.kpis.conftest import begun
from tests.kpis.reviewing import NOON, STARTS_ON, YESTERDAY, make_watched

DUE_ON = STARTS_ON + timedelta(days=119)
LANGUAGES = ("en", "ru")
#: Monday to Sunday, for fourteen weeks; the last seven come to 331.
WEEK = (310, 305, 300, 320, 330, 380, 372)
SHARES = ("4.1", "4.25", "3.9", "4.4", "4.2", "4.05", "4.31")
SEEN = (900, 1200, 1000, 800, 2000, 700, 1500)


@pytest.fixture(autouse=True)
def on_monday(cast):
    begun(cast)
    with moved_to(NOON):
        yield


@pytest.fixture
def told(cast) -> dict[str, Standing]:
    """A project with KPIs of every sort, as they stand: by their names."""
    make_watched(cast, name="Fans", target=Decimal(11150))
    visits = {"metric": "visits", "over": 7, "baseline": Decimal(250), "target": Decimal("1000.5")}
    make_watched(cast, name="Visits", source=site(cast, "Site"), line=list(WEEK) * 14, **visits)
    shop = site(cast, "Advertising")
    make_points(make_series(cast, source=shop, metric="impressions"), list(SEEN) * 14, last=YESTERDAY)
    clicks = {"metric": "ctr", "over": 7, "kind": Kpi.Kind.STAY_ABOVE, "target": Decimal(5)}
    clicks |= {"baseline": Decimal("4.02")}
    make_watched(cast, name="Clicks", source=shop, line=list(SHARES) * 14, **clicks)
    slow = make_watched(cast, name="Unhurried", source=site(cast, "Group"), target=Decimal(40000))
    set_threshold(slow, is_above=False, value=Decimal(20000), by=cast.manager)
    weekly = Kpi.objects.get(name="Visits")
    set_threshold(weekly, is_above=False, value=Decimal(500), by=cast.manager)
    make_watched(cast, name="Silent", source=site(cast, "New"), line=[])
    make_watched(cast, name="Lost", source=site(cast, "Shut", error_kind="reauthorise"))
    guard = site(cast, "Views")
    make_points(make_series(cast, source=guard, metric="views"), [300] * 50 + [200] * 50, last=YESTERDAY)
    pinned = {"guardrail_source": guard, "guardrail_metric": "views", "guardrail_over": 7}
    pinned |= {"guardrail_baseline": Decimal(300), "guardrail_baseline_on": STARTS_ON}
    make_watched(cast, name="Guarded", source=site(cast, "Second"), target=Decimal(11000), **pinned)
    foresee_all()
    return stand(cast.project)


def site(cast, title: str, **fields):
    return make_source(cast, title=title, external_id=title, **fields)


def stand(project: Project) -> dict[str, Standing]:
    return {str(one.kpi): one for one in standings(for_standing(project.kpis.standing()))}


def plainly(text: str) -> str:
    """What a person reads of a page: no markup, no kinds of spaces."""
    bare = html.unescape(re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<(svg|script|style)\b.*?</\1>", " ", text)))
    return " ".join(bare.split())


def page_of(browser, address: str, language: str) -> str:
    answer = browser.get(address, headers={"accept-language": language})
    assert answer.status_code == 200, address
    return answer.content.decode()


def read(browser, address: str, language: str) -> str:
    return plainly(page_of(browser, address, language))


def current_of(standing: Standing) -> str:
    return "" if standing.current is None else plainly(wording.current_words(standing))


def missing(text: str, *wanted: str) -> list[str]:
    return [words for words in map(plainly, wanted) if words not in text]


def readers(cast) -> list:
    return [cast.manager, cast.decider]


@pytest.fixture(params=LANGUAGES)
def language(request, cast):
    """Both sides read in this language."""
    for person in readers(cast):
        person.language = request.param
        person.save()
    with translation.override(request.param):
        yield request.param


def test_the_cast_of_this_story_is_of_every_kind(told):
    assert {name: (one.status, one.shade, one.current_over) for name, one in told.items()} == {
        "Fans": (told["Fans"].status, told["Fans"].shade, 1),
        "Visits": ("at_risk", "at_risk", 7),
        "Clicks": ("off_track", "off_track", 7),
        "Unhurried": ("off_track", "off_track", 1),
        "Silent": ("no_data", "no_data", 1),
        "Lost": ("source_lost", "source_lost", 1),
        "Guarded": (told["Guarded"].status, "at_risk", 1),
    }
    assert (told["Visits"].current, told["Silent"].current, told["Fans"].chance is None) == (331, None, False)


# --- The page and the API -------------------------------------------------------------------------------------------


def test_the_board_the_page_and_the_api_agree(cast, told, browse, api, language):
    for person in readers(cast):
        browser, client = browse(person), api(person)
        board = page_of(browser, reverse("kpis:board", args=[cast.project.pk]), language)
        cards = [plainly(card) for card in re.findall(r'(?s)<article class="board-card.*?</article>', board)]
        rows = client.get(f"/api/v1/kpis/?project={cast.project.pk}").json()["results"]
        assert {row["name"]: numbers_of(row) for row in rows} == {name: raw(one) for name, one in told.items()}
        for name, one in told.items():
            [card] = [card for card in cards if card.startswith(f"{name} ")]
            began = say_value(one.kpi.baseline, one.unit)
            words = [current_of(one), wording.headline(one), wording.freshness(one), began]
            chance = wording.say_chance(one.chance)
            assert missing(card, *words, say_value(one.kpi.target, one.unit), chance) == [], card
            page = read(browser, one.kpi.get_absolute_url(), language)
            assert missing(page, wording.headline(one), wording.baseline_words(one.kpi)) == [], name
            ahead = client.get(f"/api/v1/kpis/{one.kpi.pk}/forecast/").json()["p_hit"]
            assert wording.say_chance(ahead) == chance, name


def numbers_of(row: dict) -> dict:
    guardrail = row["guardrail"] and (row["guardrail"]["status"], row["guardrail"]["current"])
    names = ("current", "current_on", "current_over", "target", "baseline", "status")
    return {**{name: row[name] for name in names}, "guardrail": guardrail}


def raw(one: Standing) -> dict:
    return {
        "current": plain(one.current),
        "current_on": one.current_on and one.current_on.isoformat(),
        "current_over": one.current_over,
        "target": plain(one.kpi.target),
        "baseline": plain(one.kpi.baseline),
        "status": one.status,
        "guardrail": one.guardrail and (one.guardrail.status, plain(one.guardrail.current)),
    }


# --- The report -----------------------------------------------------------------------------------------------------


def test_a_live_and_an_issued_report_agree_with_the_board(cast, told, browse, api, language):
    live = make_report(cast, last=YESTERDAY)
    issued = make_issued_report(cast, last=YESTERDAY)
    for person, report in ((cast.manager, live), (cast.manager, issued), (cast.decider, issued)):
        kpis = api(person).get(f"/api/v1/reports/{report.pk}/").json()["content"]["kpis"]
        assert {kpi["name"][language]: of_report(kpi) for kpi in kpis} == {
            name: {**raw(one), "guardrail": one.guardrail and one.guardrail.status, "chance": chance_of(one)}
            for name, one in told.items()
        }
        page = page_of(browse(person), report.get_absolute_url(), language)
        table = page[page.index("report-table") :]
        rows = {name: next(row for row in table.split("<tr>") if f">{name}" in row) for name in told}
        for name, one in told.items():
            on = format_day(one.current_on, "short") if one.current_on else ""
            target = say_value(one.kpi.target, one.unit)
            said = missing(plainly(rows[name]), current_of(one), on, target, wording.say_chance(one.chance))
            assert said == [], plainly(rows[name])


def chance_of(one: Standing) -> str:
    return wording.say_chance(one.chance)


def of_report(kpi: dict) -> dict:
    names = ("current", "current_on", "current_over", "target", "baseline", "status")
    guardrail = kpi["guardrail"] and kpi["guardrail"]["status"]
    chance = wording.say_chance(float(kpi["chance"])) if kpi["chance"] else ""
    return {**{name: kpi[name] for name in names}, "guardrail": guardrail, "chance": chance}


# --- The agenda -----------------------------------------------------------------------------------------------------


def test_the_agenda_agrees_with_the_board(cast, told, browse, api, language):
    starts_at = NOON + timedelta(days=1)
    meeting = make_meeting(cast, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
    tasks.refresh_agendas()
    for person in readers(cast):
        page = read(browse(person), meeting.get_absolute_url(), language)
        items = api(person).get(f"/api/v1/meetings/{meeting.pk}/agenda/").json()
        brought = {item["title"]: item["standing"] for item in items if item["kpi"]}
        assert set(brought) == set(told)
        for name, said in brought.items():
            one = told[name]
            guardrail = one.guardrail and one.guardrail.status
            assert (said["status"], said["headline"], said["guardrail"]) == (
                one.status,
                wording.headline(one),
                guardrail,
            )
            assert missing(page, f"{name} ", wording.headline(one)) == [], name
        assert missing(page, wording.guardrail_mark("worse")[1]) == []


def test_what_changed_since_the_last_meeting_compares_weeks_with_weeks(cast, told, browse, api, language):
    before, coming = NOON - timedelta(days=7), NOON + timedelta(days=1)
    make_meeting(cast, starts_at=before, ends_at=before + timedelta(hours=1))
    meeting = make_meeting(cast, starts_at=coming, ends_at=coming + timedelta(hours=1))
    for person in readers(cast):
        rows = api(person).get(f"/api/v1/meetings/{meeting.pk}/board/").json()["kpis"]
        assert {row["name"]: (row["now"]["status"], row["now"]["value"], row["now"]["over"]) for row in rows} == {
            name: (one.status, plain(one.current), one.current_over) for name, one in told.items()
        }
        [visits] = [row for row in rows if row["name"] == "Visits"]
        assert (visits["was"]["over"], visits["was"]["value_on"]) == (7, "2026-11-16")
        page = read(browse(person), meeting.get_absolute_url(), language)
        assert missing(page, *(current_of(one) for one in told.values())) == []


# --- The message ----------------------------------------------------------------------------------------------------


def test_alerts_and_their_letters_say_the_words_of_the_board(cast, told, browse, api, language):
    watch(NOON)
    by_id = {one.kpi.pk: one for one in told.values()}
    for kind in ("pace", "threshold"):
        for alert in Alert.objects.filter(kind=kind):
            one = by_id[alert.kpi_id]
            for said in said_of(cast, alert, browse, api, language):
                assert missing(said, current_of(one)) == [], said
    assert {(alert.kind, str(alert.kpi)) for alert in Alert.objects.filter(kpi__isnull=False)} >= {
        ("pace", "Visits"),
        ("threshold", "Visits"),
        ("threshold", "Unhurried"),
        ("pace", "Clicks"),
    }
    chances = list(Alert.objects.filter(kind="chance"))
    assert chances
    for alert in chances:
        for said in said_of(cast, alert, browse, api, language):
            assert missing(said, wording.say_chance(by_id[alert.kpi_id].chance)) == [], said


def said_of(cast, alert: Alert, browse, api, language: str) -> list[str]:
    """The API and the page to both sides, and every letter."""
    letters = Notification.objects.filter(url=f"/alerts/{alert.pk}/") or Notification.objects.filter(
        event__startswith="alert.", facts__evidence=alert.evidence
    )
    assert letters
    said = [sentence(letter) for letter in letters]
    for person in readers(cast):
        said.append(api(person).get(f"/api/v1/alerts/{alert.pk}/").json()["sentence"])
        said.append(read(browse(person), f"/alerts/{alert.pk}/", language))
    return [plainly(text) for text in said]


# --- The portfolio, the goal and the waterline ------------------------------------------------------------------------


def test_the_portfolio_and_the_goal_agree_with_the_board(cast, told, browse, language):
    unfolded = f"{reverse('portfolio')}?open={cast.project.pk}"
    page = read(browse(cast.manager), unfolded, language)
    for one in told.values():
        assert missing(page, wording.headline(one), wording.say_chance(one.chance)) == []
    assert missing(page, wording.guardrail_mark("worse")[1]) == []
    for person in readers(cast):
        goal = read(browse(person), reverse("kpis:goal_kpis", args=[told["Fans"].kpi.goal_id]), language)
        assert missing(goal, *(current_of(one) for one in told.values())) == []


def test_the_waterline_rests_on_the_same_numbers(cast, told, browse, language):
    [facts] = facts_of([cast.project]).values()
    assert {kpi.name: (kpi.status, wording.say_chance(kpi.chance and float(kpi.chance))) for kpi in facts.kpis} == {
        name: (one.status, wording.say_chance(one.chance)) for name, one in told.items()
    }
    for person in readers(cast):
        page = read(browse(person), reverse("waterline:project", args=[cast.project.pk]), language)
        low = [one for one in told.values() if one.status == "off_track" and one.chance is not None]
        assert low
        assert missing(page, *(wording.say_chance(one.chance) for one in low)) == []

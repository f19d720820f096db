"""Alerts: one row however often it fires, whose it is, who is told, who sees it, how it ends."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from kpis.actions import alerts as actions
from kpis.actions import thresholds
from kpis.actions.alerts import fire, settle
from kpis.alert_words import MEANINGS, NAMES, sentence_of
from kpis.alerts import KINDS
from kpis.models import Alert, AlertThreshold, Kpi
from kpis.queries.alerts import standing_counts
from smmportal.audit import AuditEntry
from smmportal.demo.clock import moved_to
from smmportal.notifications.models import Delivery, Notification
from smmportal.refusals import Refused
from tests.builders import Cast, make_alert, make_dip, make_kpi
from tests.smmportal.notifications.racing import at_once

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FALL = {"chance": 0.64, "on": "2026-11-23", "before": 0.71, "before_on": "2026-11-20", "level": 0.5}
NBSP = "\N{NO-BREAK SPACE}"


def chance(cast: Cast, **fields) -> Alert:
    usual = {"kind": "chance", "subject": "kpi:1", "url": "/kpis/1/", "evidence": FALL}
    usual |= fields
    return fire(cast.project, usual.pop("kind"), usual.pop("subject"), **usual)


def told() -> list[tuple[str, str]]:
    return sorted((note.event, note.to.name) for note in Notification.objects.select_related("to"))


# --- Firing ---------------------------------------------------------------------------------------------------------


def test_it_is_one_row_however_often_it_fires(cast):
    first = chance(cast)
    again = chance(cast, evidence={**FALL, "chance": 0.6})
    assert (again.pk, again.times, again.evidence["chance"], Alert.objects.count()) == (first.pk, 2, 0.6, 1)
    assert told() == [("alert.drift", "Maxim")]


def test_what_got_worse_opens_again_and_is_told_at_once(cast):
    alert = actions.see(chance(cast), by=cast.manager)
    assert alert.state == "seen"
    alert = chance(cast, weight="cliff")
    assert (alert.state, alert.weight, alert.seen_by) == ("open", "cliff", None)
    assert told() == [("alert.cliff", "Maxim"), ("alert.drift", "Maxim")]
    assert (chance(cast, weight="drift").weight, len(told())) == ("drift", 2)


def test_what_passed_is_closed_by_nobody_and_may_open_anew(cast):
    first = chance(cast)
    assert (settle(cast.project, "chance", "kpi:1"), settle(cast.project, "chance", "kpi:1")) == (1, 0)
    first.refresh_from_db()
    assert (first.state, first.closed_by) == ("closed", None)
    assert chance(cast).pk != first.pk


def test_what_was_closed_by_hand_rests(cast):
    with moved_to(NOW):
        closed = actions.close(chance(cast), words="A sale ended.", by=cast.manager)
    with moved_to(NOW + timedelta(days=2)):
        assert chance(cast).pk == closed.pk
    with moved_to(NOW + timedelta(days=2)):
        assert chance(cast, weight="cliff").pk != closed.pk


def test_its_rest_is_over_after_a_while(cast):
    with moved_to(NOW):
        closed = actions.close(chance(cast), words="A sale ended.", by=cast.manager)
    with moved_to(NOW + timedelta(days=3)):
        assert chance(cast).pk != closed.pk


@pytest.mark.django_db(transaction=True)
def test_workers_that_fire_at_once_make_one_row_and_count_each_other(cast):
    at_once(*[lambda: chance(cast).pk] * 6)
    alert = Alert.objects.get()
    assert (alert.times, told()) == (6, [("alert.drift", "Maxim")])


@pytest.mark.django_db(transaction=True)
def test_workers_that_fire_and_settle_at_once_leave_at_most_one_standing(cast):
    def settle_it() -> int:
        return settle(cast.project, "chance", "kpi:1") * 0

    at_once(*[lambda: chance(cast).pk * 0, settle_it] * 4)
    assert Alert.objects.standing().count() <= 1


# --- Whose it is, who is told ---------------------------------------------------------------------------------------


def test_the_owner_of_the_kpi_owns_it(cast):
    alert = chance(cast, kpi=make_kpi(cast, owner=cast.specialist), weight="cliff")
    assert (alert.owner, told()) == (cast.specialist, [("alert.cliff", "Maxim"), ("alert.cliff", "Sonya")])


def test_whoever_left_owns_nothing(cast):
    assert chance(cast, kpi=make_kpi(cast, owner=cast.stranger)).owner == cast.manager


def test_two_managers_look_after_it_together(cast):
    cast.project.team.add(cast.owner)
    assert chance(cast).owner is None
    assert told() == [("alert.drift", name) for name in ("Maxim", "Olga", "Sonya")]


def test_what_the_client_has_to_do_is_told_to_the_client(cast):
    alert = chance(cast, kind="stalled", side="client", weight="cliff")
    assert (alert.owner, told()) == (None, [("alert.cliff", "Dmitry"), ("alert.cliff", "Katya")])


def test_what_was_told_with_words_of_its_own_is_only_listed(cast):
    alert = chance(cast, kind="access_lost", weight="cliff")
    assert (told(), alert.told_at) == ([], None)


def test_drift_goes_into_the_digest_and_a_cliff_does_not(cast):
    chance(cast)
    chance(cast, subject="kpi:2", weight="cliff")
    letters = Delivery.objects.filter(channel="email").order_by("pk")
    assert [(letter.notification.event, letter.gathers) for letter in letters] == [
        ("alert.drift", True),
        ("alert.cliff", False),
    ]


# --- Who sees it ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "side", "seen"),
    [
        ("chance", "agency", True),
        ("silent", "agency", False),
        ("access_ending", "agency", False),
        ("access_ending", "client", True),
        ("access_lost", "agency", True),
    ],
)
def test_the_clients_people_see_all_but_the_agencys_housekeeping(cast, kind, side, seen):
    make_alert(cast, kind=kind, side=side)
    count = {name: Alert.objects.visible_to(getattr(cast, name)).count() for name in (*Cast.INSIDE, *Cast.OUTSIDE)}
    ours = dict.fromkeys(("owner", "manager", "specialist"), 1)
    theirs = dict.fromkeys(("decider", "contact", "viewer"), int(seen))
    assert count == {**ours, **theirs, **dict.fromkeys(Cast.OUTSIDE, 0)}


def test_what_is_internal_leaves_no_words_where_the_client_reads(cast):
    alert = chance(cast, kind="silent", evidence={})
    actions.explain(alert, words="We forgot to pay.", by=cast.manager)
    trail = AuditEntry.objects.visible_to(cast.decider).filter(verb="alert.explained")
    assert ([entry.facts for entry in trail], Notification.objects.filter(event="alert.explained").count()) == (
        [{"kind": "silent"}],
        0,
    )


# --- Its life -------------------------------------------------------------------------------------------------------


def test_it_is_seen_when_its_own_side_opens_it(cast, browse):
    alert = chance(cast)
    address = alert.get_absolute_url()
    states = []
    for person in (cast.decider, cast.viewer, cast.specialist, cast.manager):
        browse(person).get(address)
        alert.refresh_from_db()
        states.append((alert.state, alert.seen_by and alert.seen_by.name))
    assert states == [("open", None), ("open", None), ("seen", "Sonya"), ("seen", "Sonya")]


def test_it_is_explained_and_both_sides_hear_of_it(cast, browse):
    alert = chance(cast)
    answer = browse(cast.manager).post(f"/alerts/{alert.pk}/explanation/", {"words": "A sale ended."})
    alert.refresh_from_db()
    assert (answer.status_code, alert.state, alert.explained_by) == (302, "explained", cast.manager)
    assert [name for event, name in told() if event == "alert.explained"] == sorted(
        person.name for person in (cast.specialist, cast.decider, cast.contact)
    )
    text = browse(cast.decider).get(alert.get_absolute_url()).content.decode()
    assert ["A sale ended." in text, "Close the alert" in text] == [True, False]


def test_without_words_nothing_is_closed(cast, browse):
    alert = chance(cast)
    answer = browse(cast.manager).post(f"/alerts/{alert.pk}/closing/", {"words": " "})
    alert.refresh_from_db()
    assert (answer.status_code, alert.state) == (422, "open")
    with pytest.raises(Refused):
        actions.close(alert, by=cast.manager)


def test_what_is_explained_needs_no_more_words(cast):
    alert = actions.explain(chance(cast), words="A sale ended.", by=cast.manager)
    closed = actions.close(alert, by=cast.manager)
    assert (closed.state, closed.closed_by, closed.explanation) == ("closed", cast.manager, "A sale ended.")
    for verb in (actions.explain, actions.close):
        with pytest.raises(Refused, match="closed already"):
            verb(closed, words="Once more.", by=cast.manager)


def test_it_is_handed_over_within_its_side(cast):
    alert = actions.hand_over(chance(cast), to=cast.specialist, by=cast.manager)
    assert (alert.owner, ("alert.handed_over", "Sonya") in told()) == (cast.specialist, True)
    for person in (cast.decider, cast.stranger, cast.colleague):
        with pytest.raises(Refused):
            actions.hand_over(alert, to=person, by=cast.manager)


def test_nothing_changes_in_a_closed_project(cast):
    alert = chance(cast)
    type(cast.project).objects.update(closed_at=NOW)
    with pytest.raises(Refused):
        actions.explain(alert, words="A sale ended.", by=cast.manager)


# --- Words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("kind", [*KINDS, "something-else"])
def test_every_kind_has_words_even_without_facts(cast, kind, language):
    with translation.override(language):
        bare = sentence_of(make_alert(cast, kind=kind))
        named = sentence_of(make_alert(cast, kind=kind, subject="kpi:2", kpi=make_kpi(cast, name="Followers")))
    assert (bool(bare), bool(named), set(NAMES) == set(KINDS)) == (True, True, True)


@pytest.mark.parametrize(
    ("kind", "evidence", "english", "russian"),
    [
        (
            "chance",
            FALL,
            "“Fans”: the chance of reaching the target in time was about 70%, and 3 days later it is about 65%",
            "«Fans»: вероятность успеть была около 70 %, через 3 дня — около 65 %",
        ),
        (
            "threshold",
            {"value": "9400", "level": "9500", "is_above": False, "unit": "count"},
            "“Fans”: 9,400, below the level of 9,500",
            "«Fans»: 9 400 — ниже уровня 9 500",
        ),
        (
            "pace",
            {"status": "off_track", "value": "10100", "target": "12000", "due_on": "2027-03-01", "holds": False},
            "“Fans” is off course: 10,100, with 12,000 wanted by 1 March",
            "«Fans» сбивается с курса: сейчас 10 100, нужно 12 000 к 1 марта",
        ),
        (
            "reach_flat",
            {"followers": ["1000", "1080"], "reach": ["500", "490"]},
            "“Fans”: followers +8%, a usual day’s reach −2% over the same four weeks",
            "«Fans»: подписчики +8 %, охват обычного дня −2 % за те же четыре недели",
        ),
        (
            "stalled",
            {"what": {"en": "Sign it", "ru": "Подпишите"}, "since_on": "2026-11-10"},
            "Waiting since 10 November: Sign it",
            "Ждёт с 10 ноября: Подпишите",
        ),
        (
            "waterline",
            {"before": "afloat", "after": "listing", "score": 62},
            "The waterline went from “afloat” to “listing”: 62 of 100",
            "Ватерлиния: было «на плаву», стало «кренится» — 62 из 100",
        ),
        (
            "meeting_overdue",
            {"cadence": "weekly", "last_on": "2026-11-10", "has_met": True},
            "No meeting since 10 November, and you agreed to meet once a week",
            "Встреч не было с 10 ноября, а договорились встречаться раз в неделю",
        ),
    ],
)
def test_the_words(cast, kind, evidence, english, russian):
    alert = make_alert(cast, kind=kind, evidence=evidence, kpi=make_kpi(cast, name="Fans"))
    said = []
    for language in ("en", "ru"):
        with translation.override(language):
            said.append(sentence_of(alert).replace(NBSP, " "))
    assert said == [english, russian]


# --- Lists ----------------------------------------------------------------------------------------------------------


def subjects(browse, person, address: str) -> list[str]:
    return [alert.subject for alert in browse(person).get(address).context["page"]]


def test_the_legend_tells_each_side_of_the_kinds_that_it_may_meet(cast, browse):
    assert set(MEANINGS) == set(KINDS) == set(NAMES)
    for address in ("/alerts/", f"/projects/{cast.project.pk}/alerts/"):
        ours, theirs = (browse(person).get(address).context["legend"] for person in (cast.manager, cast.decider))
        names = {name for name, _meaning in ours} - {name for name, _meaning in theirs}
        assert (len(ours), names) == (len(KINDS), {"No numbers come", "Access is ending"})


def test_the_list_is_narrowed_in_the_address(cast, browse):
    make_alert(cast, subject="one", kind="pace")
    make_alert(cast, subject="two", kind="chance", weight="cliff")
    make_alert(cast, subject="three", kind="pace", state="explained", owner=cast.specialist)
    make_alert(cast, subject="four", kind="stalled", side="client")
    make_alert(cast, subject="five", kind="pace", state="closed", closed_at=NOW)
    found = {
        query: set(subjects(browse, cast.manager, f"/alerts/{query}")) for query in ("", "?whose=all", "?kind=pace")
    }
    assert found == {"": {"one", "two"}, "?whose=all": {"one", "two", "three", "four"}, "?kind=pace": {"one"}}
    assert subjects(browse, cast.specialist, "/alerts/?state=explained") == ["three"]
    assert subjects(browse, cast.decider, "/alerts/") == ["four"]
    address = f"/projects/{cast.project.pk}/alerts/"
    assert subjects(browse, cast.decider, f"{address}?side=agency")[0] == "two"
    assert subjects(browse, cast.decider, f"{address}?state=closed") == ["five"]
    assert set(subjects(browse, cast.decider, f"{address}?kind=nonsense")) == {"one", "two", "three", "four"}
    assert standing_counts([cast.project], cast.decider) == {cast.project.pk: 4}


def test_the_api_says_the_same(cast, api):
    alert = chance(cast, kpi=make_kpi(cast, name="Fans"))
    make_alert(cast, subject="closed", state="closed", closed_at=NOW)
    [row] = api(cast.decider).get("/api/v1/alerts/?standing=true&kind=chance").json()["results"]
    assert row == api(cast.decider).get(f"/api/v1/alerts/{alert.pk}/").json()
    assert (row["sentence"], row["evidence"], row["state"], row["owner"]) == (
        "“Fans”: the chance of reaching the target in time was about 70%, and 3 days later it is about 65%",
        FALL,
        "open",
        cast.manager.pk,
    )
    mine = api(cast.manager)
    assert mine.post(f"/api/v1/alerts/{alert.pk}/sight/").json()["seen_by"] == "Maxim"
    said = mine.post(f"/api/v1/alerts/{alert.pk}/explanation/", {"words": "A sale."}, format="json")
    assert (said.status_code, said.json()["state"], said.json()["explained_by"]) == (201, "explained", "Maxim")
    assert mine.put(f"/api/v1/alerts/{alert.pk}/owner/", {"to": cast.specialist.pk}, format="json").status_code == 200
    closed = mine.post(f"/api/v1/alerts/{alert.pk}/closing/", {}, format="json").json()
    assert (closed["state"], closed["closed_by"], closed["owner"]) == ("closed", "Maxim", cast.specialist.pk)
    assert [len(mine.get(f"/api/v1/alerts/?{query}").json()["results"]) for query in ("state=closed", "mine=true")] == [
        2,
        1,
    ]


def test_a_list_of_thirty_costs_what_one_of_three_does(cast, browse, django_assert_max_num_queries):
    counts = []
    browser = browse(cast.manager)
    for many in (3, 30):
        Alert.objects.all().delete()
        kpi = cast.get(Kpi)
        for number in range(many):
            make_alert(cast, subject=f"{number}", kpi=kpi, evidence=FALL, kind="chance", owner=cast.manager)
        with django_assert_max_num_queries(40) as captured:
            browser.get("/alerts/?whose=all")
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- Levels ---------------------------------------------------------------------------------------------------------


def test_a_level_is_set_once_and_taken_away_with_its_alert(cast, browse):
    kpi = cast.get(Kpi)
    browser = browse(cast.specialist)
    for _again in range(2):
        answer = browser.post(f"/kpis/{kpi.pk}/thresholds/", {"is_above": "False", "value": "9 500"})
        assert answer.status_code == 302
    threshold = AlertThreshold.objects.get()
    assert (threshold.value, threshold.is_above, threshold.set_by) == (9500, False, cast.specialist)
    fire(cast.project, "threshold", f"threshold:{threshold.pk}", url="/", evidence={}, kpi=kpi)
    assert "below 9,500" in browser.get(f"/kpis/{kpi.pk}/alerts/").content.decode()
    browser.post(f"/thresholds/{threshold.pk}/removal/")
    assert (AlertThreshold.objects.count(), Alert.objects.standing().count()) == (0, 0)


def test_ten_levels_are_enough(cast):
    kpi = cast.get(Kpi)
    for number in range(10):
        thresholds.set_threshold(kpi, is_above=True, value=number, by=cast.manager)
    with pytest.raises(Refused, match="Ten levels"):
        thresholds.set_threshold(kpi, is_above=True, value=11, by=cast.manager)


def test_levels_through_the_api(cast, api):
    kpi = cast.get(Kpi)
    made = api(cast.manager).post(
        f"/api/v1/kpis/{kpi.pk}/thresholds/", {"is_above": True, "value": "12500"}, format="json"
    )
    assert (made.status_code, made.json()["value"], made.json()["set_by"]) == (201, "12500", "Maxim")
    assert [row["id"] for row in api(cast.decider).get(f"/api/v1/kpis/{kpi.pk}/thresholds/").json()] == [
        made.json()["id"]
    ]


def test_a_dip_is_told_of_in_its_numbers(cast):
    dip = make_dip(cast, kpi=make_kpi(cast, name="Fans"))
    evidence = {"day_on": dip.day.isoformat(), "value": "10", "low": "20", "high": "30"}
    alert = make_alert(cast, kind="anomaly", subject=f"dip:{dip.pk}", kpi=dip.kpi, evidence=evidence)
    assert sentence_of(alert).replace(NBSP, " ") == "“Fans”: 10 on 1 November, outside of what was expected"

"""Numbers that people type: places, columns, the verbs, and what is late."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone, translation

from kpis.actions import byhand as actions
from kpis.actions.agreements import prepare_agreement
from kpis.actions.byhand import Typed
from kpis.actions.imports import send_points
from kpis.actions.kpis import draft_kpi
from kpis.actions.sources import ask_for_pull, pause_source
from kpis.byhand import known_places, overdue_from, place_name, read_column
from kpis.models import Kpi, Point, Revision, Snapshot, Source
from kpis.points import Cell, replaces
from kpis.queries import waiting
from kpis.queries.byhand import changes_of
from kpis.queries.sources import line_of
from kpis.queries.standings import standings
from kpis.recording import differences, pack, unpack, verify_snapshots
from kpis.terms import source_of, text_of
from smmportal.audit import AuditEntry
from smmportal.people.models import Side
from smmportal.refusals import Refused
from tests.builders import make_points, make_series, make_source

TODAY = date(2026, 11, 23)
DAY = date(2026, 11, 20)


def place(cast, **changes) -> Source:
    fields = {"name": "дзен", "metrics": ["views", "followers"], "every": "weekly", "person": cast.specialist}
    return actions.add_place(cast.project, by=cast.manager, **{**fields, **changes})


@pytest.fixture
def dzen(cast) -> Source:
    return place(cast)


def put(source: Source, value, *, by, day: date = DAY, metric: str = "views", **more):
    number = Typed(metric, day, None if value is None else Decimal(value), **more)
    return actions.type_numbers(source, numbers=[number], by=by)


def points(source: Source) -> list:
    rows = Point.objects.filter(series__source=source).order_by("series__metric", "day")
    return list(rows.values_list("series__metric", "day", "value", "provenance", "reason"))


# --- What places are called ---


@pytest.mark.parametrize(
    ("written", "called"),
    [
        ("дзен", "Дзен"),
        ("  Яндекс   Дзен ", "Дзен"),
        ("RuTube", "RUTUBE"),
        ("рутуб", "RUTUBE"),
        ("одноклассники", "Одноклассники"),
        ("Касса на Лесной", "Касса на Лесной"),
    ],
)
def test_known_places_are_called_as_they_call_themselves(written, called):
    assert place_name(written) == called
    assert place_name(called) == called


def test_each_known_place_is_named_once():
    assert len(set(known_places())) == len(known_places())


# --- When a number is late ---


@pytest.mark.parametrize(("every", "days"), [("daily", 3), ("weekly", 9), ("monthly", 33)])
def test_a_day_is_over_before_its_number_is_late(every, days):
    assert overdue_from(DAY, every) == DAY + timedelta(days=days)


# --- A column ---


def column(text: str, first: date = DAY) -> tuple[dict, list]:
    read = read_column(text, first=first, today=TODAY)
    return {day.isoformat(): cell for day, cell in read.cells.items()}, read.problems


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("120\n1 340,5\n0", {"2026-11-20": "120", "2026-11-21": "1 340,5", "2026-11-22": "0"}),
        ("Просмотры\n120\n\n7\n\n", {"2026-11-20": "120", "2026-11-21": "", "2026-11-22": "7"}),
        ("120\r\nнет данных\r\n—", {"2026-11-20": "120", "2026-11-21": "", "2026-11-22": ""}),
        ("02.11.2026\t12\n03.11.2026\t13", {"2026-11-02": "12", "2026-11-03": "13"}),
        ("Дата;Просмотры\n2026-11-02;12\n2026-11-05;", {"2026-11-02": "12", "2026-11-05": ""}),
        ("11/13/2026\t5\n11/14/2026\t6", {"2026-11-13": "5", "2026-11-14": "6"}),
        ("many\nwords", {"2026-11-20": "words"}),
        ("", {}),
    ],
)
def test_a_column_is_put_on_its_days(text, cells):
    assert column(text) == (cells, [])


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("1\n2\n3\n4\n5", [(5, "future")]),
        ("02.11.2026\t12\nзавтра\t13", [(2, "day")]),
        ("02.11.2026\t12\n02.11.2026\t13", [(2, "twice")]),
        ("02.11.2026\t12\n02.11.2026\t12", []),
        ("\n".join(["1"] * 367), [(367, "long")]),
    ],
)
def test_a_line_that_can_not_be_placed_is_named(text, problems):
    assert column(text, DAY if len(text) < 99 else date(2025, 1, 1))[1] == problems


# --- The rule ---


def test_only_what_was_typed_can_be_taken_back():
    taken_back = Cell("views", DAY, None, reason="taken_back", provenance="manual")
    numbers = [Cell("views", DAY, Decimal(1), provenance=code) for code in ("manual", "imported", "measured")]
    assert [replaces(taken_back, number) for number in numbers] == [True, False, False]
    assert replaces(taken_back, taken_back) is False


# --- Adding a place ---


def test_a_place_has_its_name_its_numbers_and_its_person(cast, dzen):
    assert (dzen.title, dzen.platform, dzen.external_id, dzen.login) == ("Дзен", "manual", "дзен", None)
    assert (dzen.told, dzen.typed_every, dzen.typed_by) == (("followers", "views"), "weekly", cast.specialist)
    assert dzen.next_pull_at is None


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "Dzen"}, "place-known"),
        ({"name": " "}, "place-nameless"),
        ({"name": "RUTUBE", "metrics": []}, "no-metrics"),
        ({"name": "RUTUBE", "metrics": ["luck"]}, "no-metrics"),
        ({"name": "RUTUBE", "person": "stranger"}, "person-elsewhere"),
    ],
)
def test_what_makes_no_place_is_refused_in_words(cast, dzen, change, code):
    if "person" in change:
        change = {**change, "person": getattr(cast, change["person"])}
    with pytest.raises(Refused) as refusal:
        place(cast, **change)
    assert (refusal.value.code, refusal.value.sentence.endswith(".")) == (code, True)
    assert Source.objects.count() == 1


def test_the_plan_can_be_changed_and_numbers_stay(cast, dzen):
    put(dzen, 5, by=cast.specialist)
    actions.change_plan(dzen, metrics=["reach"], every="daily", person=cast.contact, by=cast.manager)
    dzen.refresh_from_db()
    assert (dzen.told, dzen.typed_every, dzen.typed_by) == (("reach",), "daily", cast.contact)
    assert len(points(dzen)) == 1
    assert AuditEntry.objects.filter(verb="source.plan_changed").count() == 1


def test_only_a_typed_source_has_a_plan(cast):
    with pytest.raises(Refused) as refusal:
        actions.change_plan(make_source(cast), metrics=["views"], every="daily", person=cast.manager, by=cast.manager)
    assert refusal.value.code == "not-typed"


def test_there_is_nobody_to_ask_for_typed_numbers(cast, dzen):
    with pytest.raises(Refused) as refusal:
        ask_for_pull(dzen, by=cast.manager)
    assert refusal.value.code == "not-pulled"


def test_a_viewer_only_looks_on(cast, dzen):
    for act in (
        lambda: put(dzen, 5, by=cast.viewer),
        lambda: actions.add_place(
            cast.project, name="x", metrics=["views"], every="daily", person=cast.manager, by=cast.viewer
        ),
    ):
        with pytest.raises(PermissionDenied):
            act()


# --- Typing ---


def test_a_typed_number_is_a_point_that_says_so_and_a_link_of_the_chain(cast, dzen):
    recorded = put(dzen, "1340.5", by=cast.specialist)
    assert recorded.changed == 1
    assert points(dzen) == [("views", DAY, Decimal("1340.5"), "manual", "")]
    snapshot = dzen.snapshots.get()
    assert (snapshot.kind, snapshot.taken_by, snapshot.pk) == (
        Snapshot.Kind.HAND,
        cast.specialist,
        recorded.snapshot_id,
    )
    dzen.refresh_from_db()
    assert (dzen.history_from, dzen.last_success_at) == (DAY, snapshot.taken_at)


def test_zero_is_a_number_and_empty_is_none(cast, dzen):
    numbers = [Typed("views", DAY, Decimal(0)), Typed("followers", DAY, None)]
    assert actions.type_numbers(dzen, numbers=numbers, by=cast.manager).changed == 1
    assert points(dzen) == [("views", DAY, Decimal(0), "manual", "")]


def test_a_correction_replaces_and_both_stay_in_the_history(cast, dzen):
    put(dzen, 120, by=cast.specialist)
    put(dzen, 134, by=cast.manager, seen=Decimal(120))
    assert points(dzen) == [("views", DAY, Decimal(134), "manual", "")]
    assert [(change.who, change.metric, change.day, change.before, change.after) for change in changes_of(dzen)] == [
        ("Maxim", "views", DAY, Decimal(120), Decimal(134)),
        ("Sonya", "views", DAY, None, Decimal(120)),
    ]
    assert Revision.objects.count() == 0


def test_an_emptied_cell_takes_the_number_back(cast, dzen):
    put(dzen, 120, by=cast.specialist)
    put(dzen, None, by=cast.specialist)
    assert points(dzen) == [("views", DAY, None, "manual", "taken_back")]
    put(dzen, 7, by=cast.specialist)
    assert points(dzen) == [("views", DAY, Decimal(7), "manual", "")]
    assert [(change.before, change.after) for change in changes_of(dzen)] == [
        (None, Decimal(7)),
        (Decimal(120), None),
        (None, Decimal(120)),
    ]
    assert list(differences(dzen)) == []


def test_what_is_there_already_changes_nothing(cast, dzen):
    put(dzen, 120, by=cast.specialist)
    assert put(dzen, "120.0", by=cast.manager) == actions.Recorded(None, 0)
    assert dzen.snapshots.count() == 1


def test_of_two_people_at_once_nobody_loses_a_number(cast, dzen):
    put(dzen, 120, by=cast.specialist, seen=None)
    with pytest.raises(Refused) as refusal:
        put(dzen, 134, by=cast.manager, seen=None)
    assert (refusal.value.code, refusal.value.extra) == (
        "changed-meanwhile",
        {"cells": [{"metric": "views", "day": "2026-11-20"}]},
    )
    assert "it says 120 now, and you typed 134" in refusal.value.sentence
    put(dzen, 134, by=cast.manager, metric="followers", seen=None)
    assert [value for _metric, _day, value, *_rest in points(dzen)] == [Decimal(134), Decimal(120)]


def test_two_who_typed_the_same_do_not_disagree(cast, dzen):
    put(dzen, 120, by=cast.specialist, seen=None)
    assert put(dzen, 120, by=cast.manager, seen=None).changed == 0


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (Typed("views", date(2099, 1, 1), Decimal(5)), "future-day"),
        (Typed("views", date(1812, 9, 7), Decimal(5)), "day-long-ago"),
        (Typed("views", DAY, Decimal(-5)), "negative"),
        (Typed("views", DAY, Decimal(10) ** 18), "too-large"),
        (Typed("likes", DAY, Decimal(5)), "metric-unknown"),
    ],
)
def test_an_impossible_number_is_refused_and_takes_the_others_with_it(cast, dzen, number, code):
    with pytest.raises(Refused) as refusal:
        actions.type_numbers(dzen, numbers=[Typed("views", date(2026, 11, 1), Decimal(1)), number], by=cast.manager)
    assert (refusal.value.code, points(dzen)) == (code, [])


def test_a_measured_number_is_never_typed_over_and_a_gap_may_be_filled(cast):
    source = make_source(cast)
    make_points(make_series(cast, source=source), [10000, None], last=DAY)
    with pytest.raises(Refused) as refusal:
        put(source, 5, by=cast.manager, metric="followers", day=DAY - timedelta(days=1))
    assert (refusal.value.code, refusal.value.extra) == ("measured-days", {"days": ["2026-11-19"]})
    put(source, 10020, by=cast.manager, metric="followers")
    assert [row[2:4] for row in points(source)] == [(Decimal(10000), "measured"), (Decimal(10020), "manual")]
    source.refresh_from_db()
    assert source.last_success_at is None


def test_an_imported_number_can_be_corrected_but_not_taken_back(cast, dzen):
    kpi = draft(cast, dzen)
    send_points(kpi, values={DAY: Decimal(50)}, by=cast.manager)
    with pytest.raises(Refused) as refusal:
        put(dzen, None, by=cast.manager)
    assert refusal.value.code == "imported-day"
    put(dzen, 51, by=cast.manager)
    assert points(dzen) == [("views", DAY, Decimal(51), "manual", "")]


# --- Facts ---


def test_typed_numbers_are_rebuilt_from_what_was_kept(cast, dzen):
    for value in (120, None, 7):
        put(dzen, value, by=cast.specialist)
    call_command("verify")
    call_command("rebuild_points")
    Point.objects.update(value=99)
    with pytest.raises(CommandError):
        call_command("rebuild_points")
    call_command("rebuild_points", write=True)
    assert [row[2] for row in points(dzen)] == [Decimal(7)]


def test_whoever_changes_what_was_typed_or_by_whom_is_found(cast, dzen):
    put(dzen, 120, by=cast.specialist)
    snapshot = dzen.snapshots.get()
    assert verify_snapshots() == []
    forged = pack({**unpack(snapshot), "by": {"id": cast.manager.pk, "name": "Maxim"}})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kpis_snapshot SET body = %s WHERE id = %s", [forged, snapshot.pk])
    assert [line.split(":")[1] for line in verify_snapshots()] == [" its content does not match its hash"]


# --- What is late ---


def late(cast, source, *, person=None):
    return [
        (line.side, line.sentence, line.person_id, line.url)
        for line in waiting([cast.project])
        if line.url == source.numbers_url
    ]


def test_a_place_without_a_number_waits_for_its_person_only_when_it_is_late(cast, dzen):
    assert late(cast, dzen) == []
    Source.objects.update(connected_at=timezone.now() - timedelta(days=10))
    assert late(cast, dzen) == [
        (Side.AGENCY, "Type the first numbers of “Дзен”", cast.specialist.pk, f"/sources/{dzen.pk}/numbers/")
    ]


def test_a_late_number_waits_until_it_is_typed(cast, dzen):
    today = timezone.localdate(timezone=dzen.zone)
    put(dzen, 5, by=cast.specialist, day=today - timedelta(days=9))
    assert [line[1].partition(":")[0] for line in late(cast, dzen)] == ["Type the numbers of “Дзен”"]
    assert line_of(dzen, timezone.now()).state.word == "numbers are late"
    put(dzen, 5, by=cast.specialist, day=today - timedelta(days=1))
    assert late(cast, dzen) == []
    fresh = Source.objects.get(pk=dzen.pk)
    assert line_of(fresh, timezone.now()).state.status == "on_track"


def test_numbers_of_the_clients_own_wait_for_the_client(cast):
    till = place(cast, name="Касса", person=cast.contact, every="daily")
    Source.objects.update(connected_at=timezone.now() - timedelta(days=5))
    assert [line[0] for line in late(cast, till)] == [Side.CLIENT]


def test_when_its_person_has_left_it_waits_for_their_side(cast, dzen):
    Source.objects.update(connected_at=timezone.now() - timedelta(days=10))
    cast.specialist.memberships.all().delete()
    assert [line[2] for line in late(cast, dzen)] == [None]


def test_of_a_paused_place_nobody_is_reminded(cast, dzen):
    Source.objects.update(connected_at=timezone.now() - timedelta(days=10))
    pause_source(dzen, by=cast.manager)
    assert late(cast, dzen) == []
    assert line_of(dzen, timezone.now()).state.word == "paused"


# --- On the way to the signature ---


def draft(cast, source: Source, **changes) -> Kpi:
    terms = {
        "metric": "views",
        "kind": Kpi.Kind.STAY_ABOVE,
        "target": Decimal(100),
        "starts_on": date(2026, 11, 1),
        "due_on": date(2027, 3, 1),
    }
    return draft_kpi(cast.project, source=source, by=cast.manager, **{**terms, **changes})


def test_a_kpi_of_a_typed_number_has_its_baseline_its_standing_and_its_words(cast, dzen):
    put(dzen, 120, by=cast.specialist, day=date(2026, 11, 1))
    kpi = draft(cast, dzen)
    assert (kpi.baseline, kpi.baseline_provenance) == (Decimal(120), "manual")
    [standing] = standings([kpi])
    assert standing.current == Decimal(120)
    agreement = prepare_agreement(cast.project, by=cast.manager)
    with translation.override("ru"):
        lines = text_of(agreement.content).terms[0].lines
    assert "Источник: «Дзен», значения вводит агентство вручную" in lines
    assert "Source: Дзен. The agency types its numbers by hand" in text_of(agreement.content).terms[0].lines


def test_the_terms_say_when_the_client_types(cast):
    till = place(cast, name="Касса", person=cast.contact)
    assert source_of(till)["typed_by"] == "client"

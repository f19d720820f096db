from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from kpis.actions.kpis import capture_baseline, draft_kpi, drop_kpi, edit_kpi
from kpis.models import Kpi, Source
from smmportal.audit import AuditEntry
from smmportal.refusals import Refused
from tests.builders import make_agreement, make_goal, make_kpi, make_points, make_series, make_snapshot, make_source

NOV = date(2026, 11, 1)
MARCH = date(2027, 3, 1)


@pytest.fixture
def source(cast):
    return cast.get(Source)


@pytest.fixture
def series(cast, source):
    """Ten days to 5 November, 9,991 to 10,000."""
    series = make_series(cast, source=source)
    make_points(series, list(range(9991, 10001)), last=date(2026, 11, 5))
    return series


def draft(cast, **fields) -> Kpi:
    terms = {
        "by": cast.manager,
        "source": cast.get(Source),
        "metric": "followers",
        "kind": "increase_to",
        "target": Decimal(12000),
        "guardrail_waived_because": "We only begin.",
        "starts_on": NOV,
        "due_on": MARCH,
    }
    return draft_kpi(cast.project, **{**terms, **fields})


def baseline(kpi: Kpi) -> tuple:
    kpi.refresh_from_db()
    return kpi.baseline, kpi.baseline_on, kpi.baseline_provenance


def refusal(verb, *args, **kwargs) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        verb(*args, **kwargs)
    return caught.value.code, str(caught.value.sentence)


def test_a_baseline_is_the_sources_value_on_the_first_day(cast, series):
    assert baseline(draft(cast)) == (Decimal(9996), NOV, "measured")


def test_a_gap_on_the_first_day_takes_the_final_value_before_it(cast, series):
    series.points.filter(day=NOV).update(value=None, reason="not_given")
    series.points.filter(day=date(2026, 10, 31)).update(final=False)
    assert baseline(draft(cast)) == (Decimal(9994), date(2026, 10, 30), "measured")


def test_a_start_in_the_future_takes_the_latest_final_value(cast, series):
    assert baseline(draft(cast, starts_on=date(2026, 12, 1))) == (Decimal(10000), date(2026, 11, 5), "measured")


def test_a_start_before_the_history_takes_its_first_value(cast, series):
    assert baseline(draft(cast, starts_on=date(2026, 9, 1))) == (Decimal(9991), date(2026, 10, 27), "measured")


def test_a_baseline_remembers_its_snapshot_and_its_provenance(cast, series):
    snapshot = make_snapshot(cast, source=series.source)
    series.points.filter(day=NOV).update(snapshot=snapshot, provenance="imported")
    kpi = draft(cast)
    assert (kpi.baseline_snapshot_id, baseline(kpi)) == (snapshot.pk, (Decimal(9996), NOV, "imported"))


def test_a_source_without_numbers_lets_the_baseline_be_typed(cast, source):
    kpi = draft(cast, baseline=Decimal(9500), baseline_on=date(2026, 10, 30))
    assert baseline(kpi) == (Decimal(9500), date(2026, 10, 30), "manual")


def test_a_source_without_numbers_and_nothing_typed_leaves_the_baseline_open(cast, source):
    assert baseline(draft(cast)) == (None, None, "")


def test_a_typed_baseline_is_refused_when_the_source_knows(cast, series):
    assert refusal(draft, cast, baseline=Decimal(5)) == (
        "baseline-known",
        "The source has its own number: 9,996 on 1\u00a0November 2026. Leave the baseline empty and that is taken.",
    )


def test_the_same_number_typed_is_taken_from_the_source(cast, series):
    assert baseline(draft(cast, baseline=Decimal("9996.0"))) == (Decimal(9996), NOV, "measured")


@pytest.mark.parametrize(
    ("fields", "code", "sentence"),
    [
        ({"due_on": NOV}, "deadline-before-start", "The deadline must come after the first day."),
        (
            {"target": Decimal(9000)},
            "target-on-the-wrong-side",
            "To grow, the target must be above the baseline: 9,000 is below 9,996.",
        ),
        (
            {"kind": "decrease_to"},
            "target-on-the-wrong-side",
            "To bring it down, the target must be below the baseline: 12,000 is above 9,996.",
        ),
        (
            {"target": Decimal(9999)},
            "target-reached",
            "The target is already reached: the number is 10,000 now. Choose a target that is still ahead.",
        ),
        (
            {"target": Decimal(-1)},
            "target-negative",
            "This number is never below zero, so neither is its target.",
        ),
        (
            {"metric": "romi"},
            "metric-unknown",
            "“Roast No. 7 on VK” does not give this metric. Choose another metric or another source.",
        ),
    ],
)
def test_terms_that_cannot_be_kept_are_refused_in_words(cast, series, fields, code, sentence):
    assert refusal(draft, cast, **fields) == (code, sentence)
    assert not Kpi.objects.exists()


def test_the_baseline_itself_as_the_target_is_already_reached(cast, source):
    code, _sentence = refusal(draft, cast, baseline=Decimal(12000))
    assert code == "target-reached"


def test_a_level_to_hold_may_be_held_already(cast, series):
    assert draft(cast, kind="stay_above", target=Decimal(9000)).holds_a_level


def test_a_kpi_may_wait_for_its_target(cast, series):
    assert draft(cast, target=None).target is None


def test_a_source_or_goal_of_another_project_is_refused(cast, series):
    elsewhere = type(cast.project).objects.create(
        name="Other", agency=cast.agency, client=cast.other_client, created_by=cast.manager
    )
    foreign = make_source(cast, project=elsewhere)
    assert refusal(draft, cast, source=foreign)[0] == "other-project"
    assert refusal(draft, cast, goal=make_goal(cast, project=elsewhere))[0] == "other-project"


def test_terms_of_another_project_are_not_replaced(cast, series):
    elsewhere = type(cast.project).objects.create(
        name="Other", agency=cast.agency, client=cast.other_client, created_by=cast.manager
    )
    foreign = make_kpi(cast, project=elsewhere, goal=None, source=make_source(cast, project=elsewhere))
    assert refusal(draft, cast, replaces=foreign)[0] == "other-project"
    assert list(Kpi.objects.filter(replaces=foreign)) == []


@pytest.mark.parametrize("name", ["decider", "contact", "viewer", "stranger"])
def test_only_the_agency_writes_kpis_down(cast, series, name):
    with pytest.raises(PermissionDenied) as refused:
        draft(cast, by=getattr(cast, name))
    assert (
        str(refused.value)
        == "The agency’s people write KPIs down; the client’s decision-maker agrees to them by signing."
    )


def test_a_closed_project_takes_no_kpi(cast, series):
    cast.project.closed_at = "2026-11-20T00:00:00Z"
    cast.project.save()
    assert refusal(draft, cast)[0] == "project-closed"


def test_drafting_leaves_a_line_in_the_trail(cast, series):
    kpi = draft(cast)
    entry = AuditEntry.objects.get(verb="kpi.drafted")
    assert (entry.about, entry.by, entry.facts) == (
        kpi,
        cast.manager,
        {
            "name": "Followers, VK",
            "metric": "followers",
            "kind": "increase_to",
            "baseline": "9996",
            "target": "12000",
            "change": None,
            "weight": 1,
            "owner": "",
            "cadence": "weekly",
            "tolerance": 0,
            "guardrail": "",
            "guardrail_waived_because": "We only begin.",
            "starts_on": "2026-11-01",
            "due_on": "2027-03-01",
        },
    )


# --- Editing --------------------------------------------------------------------------------------------------------


def test_a_draft_can_be_changed(cast, series):
    kpi = edit_kpi(draft(cast), by=cast.specialist, target=Decimal(13000), name="Our readers")
    kpi.refresh_from_db()
    assert (kpi.target, kpi.name, str(kpi), kpi.baseline) == (Decimal(13000), "Our readers", "Our readers", 9996)


def test_another_first_day_takes_another_baseline(cast, series):
    kpi = edit_kpi(draft(cast), by=cast.manager, starts_on=date(2026, 11, 3))
    assert baseline(kpi) == (Decimal(9998), date(2026, 11, 3), "measured")


def test_an_edit_that_moves_nothing_keeps_a_typed_baseline(cast, source):
    kpi = draft(cast, baseline=Decimal(9500))
    edit_kpi(kpi, by=cast.manager, target=Decimal(12500))
    assert baseline(kpi) == (Decimal(9500), NOV, "manual")


def test_an_edit_is_checked_like_a_draft(cast, series):
    kpi = draft(cast)
    assert refusal(edit_kpi, kpi, by=cast.manager, due_on=NOV)[0] == "deadline-before-start"
    kpi.refresh_from_db()
    assert kpi.due_on == MARCH


def test_signed_terms_are_not_edited_and_the_way_out_is_named(cast, series):
    kpi = draft(cast)
    kpi.signed_in = make_agreement(cast, kpis=[kpi])
    kpi.save()
    expected = (
        "kpi-signed",
        "Both sides signed these terms in agreement No. 1, so they stay as they are. Write new terms for this KPI "
        "and prepare a new agreement: it takes the old one’s place when both sign.",
    )
    assert refusal(edit_kpi, kpi, by=cast.manager, target=Decimal(1)) == expected
    assert refusal(capture_baseline, kpi, by=cast.manager) == expected
    assert refusal(drop_kpi, kpi, by=cast.manager) == expected


def test_new_terms_stand_beside_signed_ones_once(cast, series):
    kpi = draft(cast)
    assert refusal(draft, cast, replaces=kpi)[0] == "kpi-unsigned"
    kpi.signed_in = make_agreement(cast, kpis=[kpi])
    kpi.save()
    newer = draft(cast, replaces=kpi, target=Decimal(15000))
    assert (newer.replaces, list(Kpi.objects.standing())) == (kpi, [kpi, newer])
    assert refusal(draft, cast, replaces=kpi)[0] == "already-replaced"


def test_a_draft_can_be_thrown_away(cast, series):
    drop_kpi(draft(cast), by=cast.manager)
    assert (Kpi.objects.count(), AuditEntry.objects.filter(verb="kpi.dropped").count()) == (0, 1)


# --- Taking the baseline again --------------------------------------------------------------------------------------


def test_the_baseline_is_taken_after_the_first_pull(cast, source):
    kpi = draft(cast)
    make_points(make_series(cast, source=source), [9996], last=NOV)
    capture_baseline(kpi, by=cast.manager)
    assert baseline(kpi) == (Decimal(9996), NOV, "measured")


def provisional(cast, source, metric: str):
    series = make_series(cast, source=source, metric=metric)
    make_points(series, [9996], last=NOV)
    series.points.update(final=False)
    return make_kpi(cast, metric=metric, baseline=None, baseline_on=None)


def test_no_baseline_is_taken_from_a_day_that_is_still_counted(cast, source):
    assert refusal(capture_baseline, provisional(cast, source, "visits"), by=cast.manager) == (
        "no-numbers",
        "“Roast No. 7 on VK” has too few final numbers for this metric yet: five days of seven are needed, because a "
        "single day says little. They come with the next pulls; until then a baseline can be typed.",
    )


def test_followers_counted_today_are_a_baseline_while_there_is_no_final_number(cast, source):
    kpi = provisional(cast, source, "followers")
    capture_baseline(kpi, by=cast.manager)
    assert baseline(kpi) == (Decimal(9996), NOV, "measured")

"""A retired number of a signed KPI: proposed once, bridged, carried over, signed by both sides or dismissed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kpis.actions.agreements import prepare_agreement, sign_agreement
from kpis.actions.kpis import draft_kpi, drop_kpi, edit_kpi
from kpis.actions.successors import accept_successor, choose_successor, dismiss_successor
from kpis.models import Kpi, MetricSeries, Source, SuccessorProposal
from kpis.queries import waiting
from kpis.queries.standings import for_standing, standings
from kpis.queries.successors import due_sources, named_by
from kpis.succession import candidates
from kpis.tasks import propose_due_successors, propose_successors_of
from kpis.terms import say_term, term_of
from smmportal.audit import AuditEntry
from smmportal.notifications.models import Notification
from smmportal.people.models import Side
from smmportal.refusals import Refused
from tests.builders import make_kpi, make_points, make_series, make_source
from tests.kpis.conftest import begun

LAST = date(2026, 11, 21)
GONE = date(2026, 11, 22)


def community(cast) -> Source:
    """A community: reach of 14 days, views a tenth less, likes of five days."""
    source = make_source(cast)
    make_points(make_series(cast, source=source, metric="reach"), [1000] * 7 + [2000] * 7, last=LAST)
    make_points(make_series(cast, source=source, metric="views"), [900] * 7 + [1800] * 8, last=GONE)
    make_points(make_series(cast, source=source, metric="likes"), [30] * 5, last=LAST)
    make_points(make_series(cast, source=source, metric="followers"), [5000] * 14, last=GONE)
    return source


@pytest.fixture
def source(cast) -> Source:
    return community(cast)


def drafted(cast, source, **fields) -> Kpi:
    terms = {
        "metric": "reach",
        "kind": "increase_to",
        "guardrail_waived_because": "We only begin.",
        "target": Decimal(4000),
        "tolerance": 5,
        "owner": cast.specialist,
    }
    days = {"starts_on": date(2026, 11, 8), "due_on": date(2027, 3, 1)}
    return draft_kpi(begun(cast).project, by=cast.manager, source=source, **{**terms, **days, **fields})


def sign_all(cast):
    agreement = prepare_agreement(cast.project, by=cast.manager)
    for person in (cast.manager, cast.decider):
        sign_agreement(agreement, by=person, seen_hash=agreement.content_hash, proof="password")
    return agreement


@pytest.fixture
def kpi(cast, source) -> Kpi:
    kpi = drafted(cast, source)
    sign_all(cast)
    kpi.refresh_from_db()
    return kpi


def retire(source, metric="reach", on: date | None = GONE) -> None:
    source.series.filter(metric=metric).update(retired_on=on)


def run_worker(source) -> None:
    propose_successors_of(source_id=source.pk)


@pytest.fixture
def proposal(kpi, source) -> SuccessorProposal:
    retire(source)
    run_worker(source)
    return SuccessorProposal.objects.get()


def refusal(verb, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        verb(*args, **kwargs)
    return caught.value.code


# --- What opens one -------------------------------------------------------------------------------------------------


def test_a_retired_number_opens_a_proposal_with_its_bridge(proposal, source):
    assert (proposal.source, proposal.metric, proposal.factor, proposal.days, proposal.no_factor) == (
        source,
        "views",
        Decimal("0.9"),
        14,
        "",
    )
    assert (proposal.first_day, proposal.last_day, proposal.low, proposal.high) == (
        date(2026, 11, 8),
        LAST,
        Decimal("0.9"),
        Decimal("0.9"),
    )


def test_both_sides_are_told_and_it_waits_for_the_agency(cast, proposal):
    told = {row.to.name for row in Notification.objects.filter(event="successor.proposed")}
    [line] = [line for line in waiting([cast.project]) if "no longer gives" in line.sentence]
    assert told == {"Maxim", "Sonya", "Dmitry", "Katya"}
    assert (line.side, line.button, line.url) == (Side.AGENCY, "Choose its successor", proposal.get_absolute_url())


def test_however_often_the_worker_comes_there_is_one(cast, proposal, source):
    for _time in range(3):
        run_worker(source)
        propose_due_successors()
    assert (SuccessorProposal.objects.count(), due_sources()) == (1, [])
    assert Notification.objects.filter(event="successor.proposed", to=cast.decider).count() == 1


@pytest.mark.parametrize("retired_on", [GONE, GONE + timedelta(days=1)])
def test_the_database_holds_one_open_proposal_a_kpi(proposal, kpi, retired_on):
    with pytest.raises(IntegrityError), transaction.atomic():
        SuccessorProposal.objects.create(kpi=kpi, retired_on=retired_on)


def test_a_lost_bell_loses_nothing(kpi, source):
    retire(source)
    assert due_sources() == [source]
    propose_due_successors()
    assert (SuccessorProposal.objects.count(), due_sources()) == (1, [])


@pytest.mark.parametrize("metric", ["views", "likes"])
def test_another_number_that_goes_is_nobodys_business(kpi, source, metric):
    retire(source, metric)
    run_worker(source)
    assert (SuccessorProposal.objects.count(), due_sources()) == (0, [])


def test_a_draft_is_changed_directly(cast, source):
    drafted(cast, source)
    retire(source)
    run_worker(source)
    assert (SuccessorProposal.objects.count(), due_sources()) == (0, [])


def test_a_kpi_that_was_over_by_then_needs_none(kpi, source):
    retire(source, on=date(2027, 3, 2))
    run_worker(source)
    assert (SuccessorProposal.objects.count(), due_sources()) == (0, [])


def test_too_few_common_days_are_said(kpi, source):
    source.series.get(metric="views").points.filter(day__lte=date(2026, 11, 15)).delete()
    retire(source)
    run_worker(source)
    found = SuccessorProposal.objects.get()
    assert (found.metric, found.days, found.factor, found.no_factor) == ("views", 6, None, "too_few_days")


def test_what_was_typed_by_hand_bridges_nothing(kpi, source):
    source.series.get(metric="views").points.filter(day__lte=date(2026, 11, 15)).update(provenance="manual")
    retire(source)
    run_worker(source)
    assert SuccessorProposal.objects.get().days == 6


def test_where_nothing_is_near_a_person_chooses(cast, source):
    drafted(cast, source, metric="followers", target=Decimal(6000))
    sign_all(cast)
    retire(source, "followers")
    run_worker(source)
    found = SuccessorProposal.objects.get()
    assert (found.source, found.metric, found.factor, found.no_factor) == (None, "", None, "")
    assert refusal(accept_successor, found, by=cast.manager) == "no-successor"


def test_a_number_that_comes_again_settles_it(proposal, source):
    retire(source, on=None)
    assert due_sources() == [source]
    propose_due_successors()
    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.is_open, due_sources()) == ("returned", False, [])


def test_gone_once_more_it_is_proposed_once_more(proposal, source):
    for on in (None, GONE):
        retire(source, on=on)
        run_worker(source)
    proposal.refresh_from_db()
    assert (proposal.is_open, proposal.outcome, SuccessorProposal.objects.count()) == (True, "", 1)


# --- Another number -------------------------------------------------------------------------------------------------


def test_a_person_chooses_another_number_and_the_bridge_is_reckoned_anew(cast, proposal, source):
    make_points(make_series(cast, source=source, metric="video_views"), [500] * 7 + [1500] * 7, last=LAST)
    chosen = choose_successor(proposal, source=source, metric="video_views", by=cast.specialist)
    assert (chosen.metric, chosen.factor, chosen.low, chosen.high) == (
        "video_views",
        Decimal("0.6667"),
        Decimal("0.5"),
        Decimal("0.75"),
    )


@pytest.mark.parametrize(
    ("metric", "code"),
    [("reach", "successor-unknown"), ("shares", "successor-unknown"), ("followers", "successor-incomparable")],
)
def test_what_does_not_arrive_or_counts_otherwise_is_refused(cast, proposal, source, metric, code):
    assert refusal(choose_successor, proposal, source=source, metric=metric, by=cast.manager) == code


# --- Accepting ------------------------------------------------------------------------------------------------------


def test_accepting_drafts_the_terms_carried_over(cast, proposal, kpi, source):
    newer = accept_successor(proposal, by=cast.specialist)
    assert (newer.replaces, newer.source, newer.metric, newer.kind) == (kpi, source, "views", "increase_to")
    assert (newer.baseline, newer.baseline_on, newer.baseline_provenance, newer.target) == (
        900,
        kpi.baseline_on,
        "bridged",
        3600,
    )
    assert (newer.tolerance, newer.owner, newer.due_on) == (5, cast.specialist, kpi.due_on)
    assert newer.bridge == {
        **{name: term_of(kpi)[name] for name in ("metric", "source")},
        "retired_on": "2026-11-22",
        "first": "2026-11-08",
        "last": "2026-11-21",
        "days": 14,
        "factor": "0.9",
        "low": "0.9",
        "high": "0.9",
        "baseline": {"before": "1000", "after": "900"},
        "target": {"before": "4000", "after": "3600"},
    }


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            (
                "Takes the place of “Reach” (Roast No. 7 on VK), which the platform has not given since "
                "22\u00a0November 2026",
                "Bridge: ×0.9 over 14 days from 8\u00a0November 2026 to 21\u00a0November 2026; day by day from 0.9 to "
                "0.9",
                "Baseline carried over: 1,000 × 0.9 = 900",
                "Target carried over: 4,000 × 0.9 = 3,600",
            ),
        ),
        (
            "ru",
            (
                "Вместо «Охват» (Roast No. 7 on VK): этот показатель платформа не отдаёт с 22\u00a0ноября 2026",
                "Мост: ×0,9 по 14 дням с 8\u00a0ноября 2026 по 21\u00a0ноября 2026; по дням — от 0,9 до 0,9",
                "Точка отсчёта по мосту: 1\u00a0000 × 0,9 = 900",
                "Цель по мосту: 4\u00a0000 × 0,9 = 3\u00a0600",
            ),
        ),
    ],
)
def test_the_bridge_stands_in_the_signed_text_with_its_sums(cast, proposal, language, words):
    newer = accept_successor(proposal, by=cast.manager)
    with translation.override(language):
        assert say_term(term_of(newer)).lines[5:9] == words


def test_a_level_and_a_percent_are_carried_over_too(cast, source):
    level = drafted(cast, source, kind="stay_above", target=Decimal(500))
    percent = drafted(cast, source, kind="change_by", change=Decimal(150), target=None)
    sign_all(cast)
    retire(source)
    run_worker(source)
    newer = [accept_successor(each.successor_proposals.get(), by=cast.manager) for each in (level, percent)]
    assert [(each.kind, each.baseline, each.target, each.change) for each in newer] == [
        ("stay_above", 900, 450, None),
        ("change_by", 900, 2250, 150),
    ]
    assert newer[1].bridge["target"] is None


def test_an_owner_who_is_gone_by_then_is_nobody_yet(cast, proposal):
    cast.project.team.remove(cast.specialist)
    assert accept_successor(proposal, by=cast.manager).owner is None


def test_what_guarded_it_can_not_guard_itself(cast, source):
    drafted(cast, source, guardrail_source=source, guardrail_metric="views")
    sign_all(cast)
    retire(source)
    run_worker(source)
    newer = accept_successor(SuccessorProposal.objects.get(), by=cast.manager)
    assert (newer.guardrail_source, newer.guardrail_waived_because) == (
        None,
        "What guarded it has become the number itself.",
    )


def test_without_a_factor_nothing_is_carried_over(cast, proposal):
    SuccessorProposal.objects.update(factor=None, no_factor="too_few_days")
    assert (refusal(accept_successor, proposal, by=cast.manager), Kpi.objects.count()) == ("no-factor", 1)


def test_numbers_that_are_rounded_away_are_not_carried_over(cast, proposal):
    SuccessorProposal.objects.update(factor=Decimal("0.0001"))
    assert (refusal(accept_successor, proposal, by=cast.manager), Kpi.objects.count()) == ("bridge-too-coarse", 1)


def test_accepting_twice_is_accepting_once(cast, proposal):
    assert accept_successor(proposal, by=cast.manager) == accept_successor(proposal, by=cast.specialist)


def test_a_bridge_that_is_left_is_given_up_and_one_that_stays_keeps_its_numbers(cast, proposal):
    newer = accept_successor(proposal, by=cast.manager)
    renamed = edit_kpi(newer, by=cast.manager, name="Views now", tolerance=7)
    assert (renamed.baseline, renamed.bridge["factor"]) == (900, "0.9")
    moved = edit_kpi(newer, by=cast.manager, starts_on=date(2026, 11, 9), target=Decimal(5000))
    assert (moved.bridge, moved.baseline_provenance) == (None, "measured")


def test_signing_the_new_terms_settles_it_and_the_chart_goes_on(cast, proposal, kpi):
    newer = accept_successor(proposal, by=cast.manager)
    sign_all(cast)
    proposal.refresh_from_db()
    found = standings(for_standing(cast.project.kpis.standing()))
    assert (proposal.outcome, proposal.settled_by) == ("signed", cast.decider)
    assert [(each.kpi, each.status == "source_lost", each.current) for each in found] == [(newer, False, 1800)]


def test_a_draft_thrown_away_leaves_it_open(cast, proposal):
    newer = accept_successor(proposal, by=cast.manager)
    assert [line for line in waiting([cast.project]) if "no longer gives" in line.sentence] == []
    drop_kpi(newer, by=cast.manager)
    proposal.refresh_from_db()
    assert (proposal.is_open, accept_successor(proposal, by=cast.manager).target) == (True, 3600)


@pytest.mark.parametrize("name", ["decider", "contact", "viewer", "stranger"])
def test_the_agency_drafts(cast, proposal, name):
    with pytest.raises(PermissionDenied):
        accept_successor(proposal, by=getattr(cast, name))


# --- Dismissing -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["owner", "manager", "decider"])
def test_who_signs_may_dismiss_it_with_a_reason(cast, proposal, source, name):
    person = getattr(cast, name)
    dismiss_successor(proposal, reason="We stop counting.", by=person)
    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.reason, proposal.settled_by) == ("dismissed", "We stop counting.", person)
    assert Notification.objects.filter(event="successor.dismissed", facts__reason="We stop counting.").exists()
    run_worker(source)
    assert (SuccessorProposal.objects.open().exists(), due_sources()) == (False, [])


def test_dismissing_takes_a_reason_and_happens_once(cast, proposal):
    assert refusal(dismiss_successor, proposal, reason=" ", by=cast.decider) == "no-reason"
    dismiss_successor(proposal, reason="We stop counting.", by=cast.decider)
    again = dismiss_successor(proposal, reason="Something else", by=cast.manager)
    assert (again.reason, AuditEntry.objects.filter(verb="successor.settled").count()) == ("We stop counting.", 1)
    assert refusal(accept_successor, proposal, by=cast.manager) == "settled"


# --- Pages and the API ----------------------------------------------------------------------------------------------


def text(answer) -> str:
    return answer.content.decode().replace("\u00a0", " ")


def test_the_kpis_page_says_what_happened_and_since_when(cast, proposal, kpi, browse):
    page = text(browse(cast.viewer).get(kpi.get_absolute_url()))
    words = "Since 22 November 2026 VK no longer gives this number; the last one is 2,000, on 21 November."
    assert (words in page, proposal.get_absolute_url() in page) == (True, True)


def test_the_page_shows_the_bridge_and_what_to_do(cast, proposal, browse):
    page = text(browse(cast.manager).get(proposal.get_absolute_url()))
    wanted = ("×0.9", "on 14 days from 8 November", "Target carried over: 4,000 × 0.9 = 3,600", "Carry the terms over")
    assert [words for words in wanted if words not in page] == []
    looking_on = text(browse(cast.viewer).get(proposal.get_absolute_url()))
    assert [words in looking_on for words in ("Carry the terms over", "Dismiss", "The agency drafts")] == [
        False,
        False,
        True,
    ]


def test_the_page_carries_it_all_out(cast, proposal, source, browse):
    browser = browse(cast.manager)
    chosen = browser.post(f"/successors/{proposal.pk}/candidate/", {"measure": f"{source.pk}:likes"}, follow=True)
    assert "Both numbers are known for 5 common days, and 7 are needed" in text(chosen)
    refused = browser.post(f"/successors/{proposal.pk}/candidate/", {"measure": f"{source.pk}:followers"})
    assert (refused.status_code, list(refused.context["choice"].errors)) == (422, ["measure"])
    browser.post(f"/successors/{proposal.pk}/candidate/", {"measure": f"{source.pk}:views"})
    answer = browser.post(f"/successors/{proposal.pk}/acceptance/", follow=True)
    newer = Kpi.objects.get(replaces=proposal.kpi)
    assert answer.redirect_chain == [(newer.get_absolute_url(), 302)]
    page = text(answer)
    wanted = ("carried over from the retired number", "Target carried over: 4,000 × 0.9 = 3,600", "Bridge: ×0.9 over")
    assert [words for words in wanted if words not in page] == []


def test_dismissing_on_the_page_keeps_what_was_typed(cast, proposal, browse):
    refused = browse(cast.decider).post(f"/successors/{proposal.pk}/dismissal/", {"reason": " "})
    assert (refused.status_code, list(refused.context["dismissal"].errors)) == (422, ["reason"])
    browse(cast.decider).post(f"/successors/{proposal.pk}/dismissal/", {"reason": "We stop counting."})
    assert "We stop counting." in text(browse(cast.viewer).get(proposal.get_absolute_url()))


def test_the_api_says_and_does_the_same(cast, proposal, kpi, source, api):
    client = api(cast.manager)
    [said] = client.get(f"/api/v1/successors/?project={cast.project.pk}&open=true").json()["results"]
    moments = ("opened_at",)
    assert {name: value for name, value in said.items() if name not in moments} == {
        "id": proposal.pk,
        "project": cast.project.pk,
        "kpi": kpi.pk,
        "retired_source": source.pk,
        "retired_metric": "reach",
        "retired_on": "2026-11-22",
        "source": source.pk,
        "metric": "views",
        "named_by_platform": False,
        "first_day": "2026-11-08",
        "last_day": "2026-11-21",
        "days": 14,
        "factor": "0.9",
        "low": "0.9",
        "high": "0.9",
        "no_factor": "",
        "settled_at": None,
        "settled_by": None,
        "outcome": "",
        "reason": "",
    }
    address = f"/api/v1/successors/{proposal.pk}/"
    put = client.put(f"{address}candidate/", {"source": source.pk, "metric": "likes"}, format="json").json()
    assert (put["metric"], put["factor"], put["no_factor"][:40]) == (
        "likes",
        None,
        "Both numbers are known for 5 common days"[:40],
    )
    client.put(f"{address}candidate/", {"source": source.pk, "metric": "views"}, format="json")
    made = client.post(f"{address}acceptance/")
    assert (made.status_code, made.json()["replaces"], made.json()["bridge"]["factor"]) == (201, kpi.pk, "0.9")
    assert client.get(f"/api/v1/kpis/{kpi.pk}/").json()["retired_on"] == "2026-11-22"
    assert client.get(f"/api/v1/kpis/{kpi.pk}/").json()["status"] == "source_lost"


def test_the_list_costs_the_same_with_one_and_with_thirty(cast, proposal, source, api):
    client = api(cast.manager)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get("/api/v1/successors/").status_code == 200
        return len(caught)

    client.get("/api/v1/successors/")
    one = queries()
    for _number in range(29):
        SuccessorProposal.objects.create(kpi=make_kpi(cast), retired_on=GONE, source=source, metric="views")
    assert queries() == one


def test_what_waits_costs_the_same_with_one_and_with_thirty(cast, proposal):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            waiting([cast.project])
        return len(caught)

    one = queries()
    for _number in range(29):
        SuccessorProposal.objects.create(kpi=make_kpi(cast, signed_in=proposal.kpi.signed_in), retired_on=GONE)
    assert queries() == one


def test_a_series_of_another_project_is_no_candidate(cast, proposal):
    stranger = MetricSeries.objects.create(source=proposal.source, metric="visits")
    assert refusal(choose_successor, proposal, source=stranger.source, metric="visits", by=cast.manager) == (
        "successor-unknown"
    )


def test_what_the_platform_names_comes_before_our_guess():
    assert candidates("reach") == ("impressions", "views", "video_views")
    assert candidates("reach", "views") == ("views", "impressions", "video_views")
    assert candidates("reach", "followers") == ("impressions", "views", "video_views"), "no bridge leads to a level"


@pytest.mark.parametrize(("platform", "metric"), [("facebook", "reach"), ("facebook", "followers"), ("file", "reach")])
def test_a_new_name_for_the_same_number_is_no_successor(platform, metric):
    assert named_by(platform, metric) == ""

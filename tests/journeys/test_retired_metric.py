"""The platform retires the number of a signed KPI: nobody is said to have missed it, both sides sign its successor."""

from datetime import timedelta

import pytest
from django.utils import timezone

from kpis.actions.agreements import prepare_agreement, sign_agreement
from kpis.actions.kpis import draft_kpi
from kpis.actions.sources import make_due
from kpis.models import Agreement, Kpi, Source, SuccessorProposal
from kpis.queries.standings import for_standing, standings, today_of
from tests.builders import PASSWORD, make_source
from tests.journeys.conftest import DESK, PHONE
from tests.kpis.conftest import begun
from tests.kpis.test_pulling import login_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def source(cast, todays_sandbox, worker) -> Source:
    """A community that the real worker has read once."""
    source = make_source(cast, external_id="207700007", login=login_for(cast), title="Обжарка №7")
    pull(source, worker)
    return source


def pull(source, worker) -> None:
    """What the timetable does when the source is due; the worker does the rest."""
    asked = timezone.now()
    make_due(source)
    worker.wait_for(Source.objects.filter(pk=source.pk, last_success_at__gte=asked, claimed_at=None).exists)


@pytest.fixture
def kpi(cast, source) -> Kpi:
    today, reach = today_of(begun(cast).project), source.series.get(metric="reach").latest_value
    kpi = draft_kpi(
        cast.project,
        by=cast.manager,
        source=source,
        metric="reach",
        kind="increase_to",
        guardrail_waived_because="We only begin.",
        target=reach * 2,
        starts_on=today - timedelta(days=20),
        due_on=today + timedelta(days=80),
    )
    agreement = prepare_agreement(cast.project, by=cast.manager)
    for person in (cast.manager, cast.decider):
        sign_agreement(agreement, by=person, seen_hash=agreement.content_hash, proof="password")
    return kpi


def status_of(kpi: Kpi) -> str:
    [standing] = standings(for_standing(Kpi.objects.filter(pk=kpi.pk)))
    return standing.status


def test_a_retired_number_finds_a_successor_that_both_sides_sign(cast, kpi, source, worker, todays_sandbox, visit):
    assert status_of(kpi) != "source_lost"
    todays_sandbox.misbehave("vk", "retired", times=999)
    pull(source, worker)
    worker.wait_for(SuccessorProposal.objects.filter(kpi=kpi).exists)
    assert status_of(kpi) == "source_lost"
    manager, decider = visit(cast.manager, DESK), visit(cast.decider, PHONE, language="ru")
    both_see_it(kpi, manager, decider)
    newer = carry_over(kpi, manager)
    sign(cast, manager, decider)
    the_chart_goes_on(newer, source, worker, manager)


def both_see_it(kpi, manager, decider) -> None:
    manager.go("/")
    manager.sees("The platform no longer gives the number of the signed KPI")
    manager.follow("Choose its successor")
    manager.sees("VK has not given “Reach” since", "Views, Обжарка №7", "Bridge", "Target carried over")
    decider.go(f"/projects/{kpi.project_id}/")
    decider.sees("Платформа больше не отдаёт показатель подписанного KPI")
    decider.go(kpi.get_absolute_url())
    decider.sees("Платформа вывела этот показатель", "KPI не провален", "источник потерян")
    decider.follow("Посмотреть, чем его заменить")
    decider.sees("Чем его заменить", "Новые условия готовит агентство")


def carry_over(kpi, manager) -> Kpi:
    manager.press("Carry the terms over")
    manager.sees("The terms are carried over.", "carried over from the retired number")
    newer = Kpi.objects.get(replaces=kpi)
    assert (newer.metric, newer.bridge["days"] >= 14) == ("views", True)
    return newer


def sign(cast, manager, decider) -> None:
    manager.go(f"/projects/{cast.project.pk}/board/")
    manager.press("Prepare the agreement")
    manager.sees("Bridge: ×", "Takes the place of “Reach”", "What changed since agreement No. 1")
    manager.fill(password=PASSWORD)
    manager.press("Sign for Fairway")
    agreement = Agreement.objects.get(number=2)
    decider.go(agreement.get_absolute_url())
    decider.sees("Мост: ×", "Цель по мосту")
    decider.fill(password=PASSWORD)
    decider.press("Подписать за Roast No. 7")
    decider.sees("Подписали обе стороны")


def the_chart_goes_on(newer, source, worker, manager) -> None:
    assert SuccessorProposal.objects.get().outcome == "signed"
    assert (list(Kpi.objects.standing()), status_of(newer) == "source_lost") == ([newer], False)
    before = newer.source.series.get(metric="views").points.count()
    pull(source, worker)
    manager.go(newer.get_absolute_url())
    manager.sees("Views", "carried over from the retired number")
    assert newer.source.series.get(metric="views").points.count() >= before

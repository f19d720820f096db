"""The month's budget for platforms that charge: what is counted, when it stops, what a person reads."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kpis.actions.sources import connect_source, grant_access
from kpis.connectors import connector_for
from kpis.connectors.contract import RateLimited
from kpis.models import Expense, PlatformLogin, Point, Source
from kpis.pulling import pull_source
from kpis.queries.sources import state_of
from kpis.spending import next_month, pay, spent
from smmportal.refusals import Refused
from tests.builders import make_source
from tests.conftest import TODAY

X = connector_for("x")
PASTED = {"token": "sandbox-x", "account": "@obzharka7"}
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ID = "7700000007"

pytestmark = pytest.mark.django_db


@pytest.fixture
def budget(settings):
    settings.X_MONTHLY_BUDGET_USD = Decimal("0.02")


def expenses():
    return [(one.day, one.thing, one.usd) for one in Expense.objects.order_by("day", "thing")]


def x_source(cast) -> Source:
    login = PlatformLogin.objects.create(
        organisation=cast.agency, platform="x", credentials=PASTED, granted_by=cast.manager
    )
    return make_source(cast, platform="x", external_id=ID, login=login, next_pull_at=NOON)


def pull(source, at=NOON):
    return pull_source(Source.objects.get(pk=source.pk), clock=lambda: at, chance=lambda: 0.5)


def test_a_platform_that_charges_nothing_is_not_written_down():
    pay(connector_for("vk"), {"token": "sandbox-user"}, now=NOON)
    assert expenses() == []


def test_the_same_account_is_charged_once_a_day_of_utc(budget):
    for hour in (0, 12, 23):
        pay(X, PASTED, ID, now=NOON.replace(hour=hour))
    pay(X, PASTED, ID, now=NOON + timedelta(days=1))
    assert expenses() == [
        (date(2026, 11, 23), f"users/{ID}", Decimal("0.0100")),
        (date(2026, 11, 24), f"users/{ID}", Decimal("0.0100")),
    ]


def test_the_day_is_that_of_utc_wherever_the_portal_is(budget):
    pay(X, PASTED, ID, now=datetime.fromisoformat("2026-11-24T01:30:00+03:00"))
    assert [day for day, *_rest in expenses()] == [TODAY]


def test_what_does_not_fit_is_not_asked_and_not_counted(budget):
    for number in (1, 2):
        pay(X, PASTED, str(number), now=NOON)
    with pytest.raises(RateLimited) as refusal:
        pay(X, PASTED, "3", now=NOON)
    assert str(refusal.value.sentence).startswith("This month's budget for this platform is spent")
    assert refusal.value.retry_after == 24 * 60 * 60
    assert (len(expenses()), spent("x", TODAY)) == (2, Decimal("0.02"))
    pay(X, PASTED, "2", now=NOON + timedelta(hours=1))


def test_a_new_month_begins_with_the_whole_budget(budget):
    last_evening = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
    for number in (1, 2):
        pay(X, PASTED, str(number), now=last_evening)
    with pytest.raises(RateLimited) as refusal:
        pay(X, PASTED, "3", now=last_evening)
    assert refusal.value.retry_after == 60
    pay(X, PASTED, "3", now=last_evening + timedelta(minutes=1))
    assert (spent("x", date(2026, 11, 1)), spent("x", date(2026, 12, 1))) == (Decimal("0.02"), Decimal("0.01"))


@pytest.mark.parametrize(
    ("now", "then"),
    [("2026-01-31T23:00", "2026-02-01"), ("2026-12-31T00:00", "2027-01-01"), ("2028-02-29T12:00", "2028-03-01")],
)
def test_the_next_month_begins_on_its_first_day(now, then):
    assert next_month(datetime.fromisoformat(f"{now}+00:00")) == datetime.fromisoformat(f"{then}T00:00+00:00")


def test_without_a_budget_nothing_is_asked():
    with pytest.raises(RateLimited) as refusal:
        pay(X, PASTED, ID, now=NOON)
    assert "no budget is set" in str(refusal.value.sentence)
    assert expenses() == []


# --- As people meet it ---


def test_a_pull_is_paid_for_and_stops_with_a_sentence(cast, sandbox, budget):
    source = x_source(cast)
    Expense.objects.create(platform="x", day=date(2026, 11, 2), thing="users/1", usd=Decimal("0.01"))
    assert pull(source).error is None
    assert Point.objects.filter(series__source=source, series__metric="followers").count() == 1
    Source.objects.update(next_pull_at=NOON + timedelta(days=1))
    asked = len(sandbox.requests)
    assert isinstance(pull(source, NOON + timedelta(days=1)).error, RateLimited)
    source.refresh_from_db()
    assert len(sandbox.requests) == asked
    assert source.next_pull_at >= NOON + timedelta(days=2)
    state = state_of(source, NOON + timedelta(days=1))
    assert (state.status, state.sentence) == (
        "at_risk",
        "This month's budget for this platform is spent, so it is not asked. The numbers go on by themselves next "
        "month, or when whoever runs the portal raises the budget.",
    )


def test_connecting_is_paid_for(cast, sandbox, settings):
    settings.X_MONTHLY_BUDGET_USD = Decimal(1)
    source = connect_source(cast.project, platform="x", credentials=PASTED, external_id=ID, by=cast.manager)
    assert (source.title, source.began_on) == ("Обжарка №7", date(2024, 8, 12))
    assert [thing for _day, thing, _usd in expenses()] == ["users/by/username/obzharka7"]


def test_a_platform_that_is_switched_off_is_refused_in_words_and_not_asked(cast, sandbox):
    with pytest.raises(Refused) as refusal:
        grant_access(cast.project, platform="x", credentials=PASTED, by=cast.manager)
    assert (refusal.value.code, "no budget is set" in str(refusal.value)) == ("platform-off", True)
    assert (list(sandbox.requests), expenses()) == ([], [])


def test_a_platform_that_is_switched_off_is_on_no_list(cast, settings, browse, api):
    def shown():
        page = browse(cast.manager).get(f"/projects/{cast.project.pk}/sources/new/").content.decode()
        platforms = api(cast.manager).get("/api/v1/platforms/").json()
        return "/sources/new/x/" in page, "x" in [platform["code"] for platform in platforms]

    assert shown() == (False, False)
    settings.X_MONTHLY_BUDGET_USD = Decimal(5)
    assert shown() == (True, True)


def test_the_form_of_a_platform_that_is_switched_off_says_why(cast, browse):
    answer = browse(cast.manager).get(f"/projects/{cast.project.pk}/sources/new/x/", follow=True)
    assert "X is switched off in this portal" in answer.content.decode()

"""The month's budget for platforms that charge for every answer.

A charge is written down before the platform is asked, and taken back when it does not fit: two workers that ask in the
same moment may both be refused at the very end of a budget, and never go over it. What is written stays written even if
the answer did not come, because the platform may have counted it.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from math import ceil

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpis.connectors.contract import Charge, Connector, Credentials, RateLimited
from kpis.models import Expense

_SPENT = _(
    "This month's budget for this platform is spent, so it is not asked. The numbers go on by themselves next month, "
    "or when whoever runs the portal raises the budget."
)
_NO_BUDGET = _(
    "This platform charges for every answer, and no budget is set for it, so it is not asked. "
    "Whoever runs the portal can set one."
)


def pay(connector: Connector, credentials: Credentials, whom: str = "", *, now: datetime | None = None) -> None:
    """Write down what asking about an account costs, before it is asked. Raises RateLimited when it does not fit.

    Costs nothing where the platform charges nothing.
    """
    if connector.monthly_budget is not None:
        for charge in connector.charges(credentials, whom):
            _pay(connector.code, charge, connector.monthly_budget, (now or timezone.now()).astimezone(UTC))


def _pay(platform: str, charge: Charge, budget: Decimal, now: datetime) -> None:
    expense, is_new = Expense.objects.get_or_create(
        platform=platform, day=now.date(), thing=charge.thing[:120], defaults={"usd": charge.usd}
    )
    if is_new and spent(platform, now.date()) > budget:
        expense.delete()
        wait = ceil((next_month(now) - now).total_seconds())
        raise RateLimited("the month's budget", retry_after=wait, sentence=_SPENT if budget else _NO_BUDGET)


def spent(platform: str, day: date) -> Decimal:
    """What the platform has cost in the month of this day, in US dollars."""
    month = Expense.objects.filter(platform=platform, day__year=day.year, day__month=day.month)
    return month.aggregate(all=Sum("usd"))["all"] or Decimal(0)


def next_month(now: datetime) -> datetime:
    """The first moment of the month after this one."""
    later = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=32)
    return later.replace(day=1)

"""Where what was told is put down, until it is points and gaps."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from kpis.connectors.contract.exchanged import Account, Capabilities, Gap, Measured, Window
from kpis.connectors.contract.telling import as_number


class Sheet:
    """Gathers what was told for each metric and day, and turns it into points and gaps at the end.

    A later row for the same metric and day replaces an earlier one. `window` and `metrics` are what a reading wants.
    """

    def __init__(
        self,
        capabilities: Capabilities,
        account: Account,
        taken_at: datetime,
        window: Window | None = None,
        metrics: Sequence[str] = (),
    ) -> None:
        self.capabilities = capabilities
        self.account = account
        self.today = taken_at.astimezone(account.zone).date()
        self.window = window or Window(self.today, self.today)
        self.metrics = metrics
        self.cells: dict[tuple[str, date], Measured | Gap] = {}
        self.rates: dict[tuple[str, date], tuple[Any, bool]] = {}
        self.wholes: dict[date, Decimal] = {}
        #: What a connector keeps from one exchange for the next, or for `complete`.
        self.kept: dict[str, Any] = {}

    def expect(self, metric: str, days: Iterable[date], reason: str = "") -> None:
        """These days are asked for: until told otherwise each is a gap, and never in place of what is known.

        `reason` is a better one than the day's silence.
        """
        for day in days:
            if day <= self.today:
                self.cells.setdefault((metric, day), Gap(metric, day, self.silence(metric, day)))
            if reason:
                self.miss(metric, day, reason)

    def silence(self, metric: str, day: date) -> str:
        """Why a day that the platform passed over has no number."""
        ability = self.capabilities[metric]
        if self._is_before_history(day):
            return "before_history"
        if ability.only_now:
            return "only_now" if day < self.today else "not_given"
        return "not_ready" if (self.today - day).days <= ability.lag_days else "not_given"

    def miss(self, metric: str, day: date, reason: str) -> None:
        """Name a better reason for an expected day that has no number."""
        cell = self.cells.get((metric, day))
        if isinstance(cell, Gap) and cell.reason != "before_history":
            self.cells[metric, day] = Gap(metric, day, reason)

    def tell(
        self, metric: str, day: date, value: Any, *, approximate: bool = False, weight: Decimal | None = None
    ) -> None:
        """Put a number down. What is no number, or for a day that was not asked, is not put down."""
        number = as_number(value)
        if number is None or (metric, day) not in self.cells or self._is_before_history(day):
            return
        final = self.capabilities[metric].is_final(day, self.today)
        self.cells[metric, day] = Measured(metric, day, number, final, approximate, weight)

    def tell_whole(self, day: date, value: Any) -> None:
        """Put down what the day's rates are divided by; it may come in another answer than they."""
        if (number := as_number(value)) is not None:
            self.wholes[day] = number

    def tell_rate(self, metric: str, day: date, value: Any, *, approximate: bool = False) -> None:
        """Put a rate down, to be weighed at the end by the day's whole; of nothing there is no rate."""
        self.rates[metric, day] = value, approximate

    def _weigh_rates(self) -> None:
        for (metric, day), (value, approximate) in self.rates.items():
            weight = self.wholes.get(day)
            if weight == 0:
                self.miss(metric, day, "nothing_to_divide")
            else:
                self.tell(metric, day, value, approximate=approximate, weight=weight)

    def _is_before_history(self, day: date) -> bool:
        kept = self.capabilities.history_days
        begins = [self.account.began_on, self.today - timedelta(days=kept) if kept else None]
        return any(begin is not None and day < begin for begin in begins)

    def result(self) -> tuple[tuple[Measured, ...], tuple[Gap, ...]]:
        """Points and gaps, each by metric and day."""
        self._weigh_rates()
        cells = [self.cells[key] for key in sorted(self.cells)]
        return (
            tuple(cell for cell in cells if isinstance(cell, Measured)),
            tuple(cell for cell in cells if isinstance(cell, Gap)),
        )

"""How much may be asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

#: Whose a limit is: each token's, each application's at the platform, each account's, or the whole portal's.
Holder = Literal["token", "client", "account", "app"]


@dataclass(frozen=True)
class Rate:
    """At most `calls` in any `seconds`, for each `per`: token, application (client) of the platform's, account, or
    the whole portal («app»).

    `at_once` of them may come in one go. `token_kinds`: it holds for these kinds of token; empty means any.
    """

    calls: int
    seconds: float = 1.0
    per: Holder = "token"
    at_once: int = 1
    token_kinds: tuple[str, ...] = ()

    @property
    def interval(self) -> float:
        """Seconds between calls, so that even with `at_once` of them in one go no window holds more than `calls`."""
        return self.seconds / (self.calls - self.at_once + 1)


@dataclass(frozen=True)
class Parallel:
    """At most `most` requests under way at once."""

    most: int
    per: Holder = "token"


@dataclass(frozen=True)
class DailyUnits:
    """At most `units` a day, which begins at midnight in `zone`; `costs` by the end of the path, one for the rest."""

    units: int
    per: Holder = "app"
    zone: str = "UTC"
    costs: Mapping[str, int] = field(default_factory=dict)

    def cost(self, path: str) -> int:
        return next((cost for end, cost in self.costs.items() if path.endswith(end)), 1)


@dataclass(frozen=True)
class Limits:
    """What the platform allows. Where it names no rate, ten calls a second with each token are taken for polite."""

    rates: tuple[Rate, ...] = (Rate(10),)
    daily: tuple[DailyUnits, ...] = ()
    parallel: tuple[Parallel, ...] = ()

    def rates_for(self, token_kind: str) -> tuple[Rate, ...]:
        """What holds for this kind of token; everything when the kind is not known yet."""
        return tuple(
            rate for rate in self.rates if not (rate.token_kinds and token_kind) or token_kind in rate.token_kinds
        )

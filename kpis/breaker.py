"""A circuit breaker for each platform: while nobody gets an answer, nobody asks, but for one probe from time to time.

What the visits of all workers brought is added up in one row a platform. When at least half of no fewer than twenty
visits within five minutes failed on the way, the breaker opens; the first probe that is answered closes it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from kpis.models import PlatformState

WINDOW = timedelta(minutes=5)
AT_LEAST = 20
SHARE = 0.5
FIRST_PAUSE = 60
LONGEST_PAUSE = 30 * 60
PROBE_TAKES = timedelta(minutes=2)


@dataclass(frozen=True)
class Outcomes:
    """How the visits to one platform went since they were last added up; `probe_went_well` when one was the probe."""

    asked: int
    failed: int
    probe_went_well: bool | None = None


@dataclass(frozen=True)
class Gate:
    """Whether a platform may be asked. While it is closed to all, `opens_at` says when to look in; the probe may."""

    opens_at: datetime | None = None
    is_probe: bool = False

    @property
    def is_open(self) -> bool:
        return self.opens_at is None


def add_up(state: PlatformState, outcomes: Outcomes, now: datetime) -> None:
    """What the row says after these outcomes; pure but for the row's fields.

    While the breaker is open only the probe counts: the others had set out before.
    """
    if state.opened_at:
        if outcomes.probe_went_well is not None:
            close(state, now) if outcomes.probe_went_well else wait_longer(state, now)
        return
    if now - state.counted_from > WINDOW:
        state.counted_from, state.asked, state.failed = now, 0, 0
    state.asked += outcomes.asked
    state.failed += outcomes.failed
    if state.asked >= AT_LEAST and state.failed >= state.asked * SHARE:
        state.opened_at, state.pause = now, FIRST_PAUSE
        state.ask_again_at = now + timedelta(seconds=FIRST_PAUSE)


def wait_longer(state: PlatformState, now: datetime) -> None:
    state.pause = min(state.pause * 2, LONGEST_PAUSE)
    state.ask_again_at = now + timedelta(seconds=state.pause)


def close(state: PlatformState, now: datetime) -> None:
    state.counted_from, state.asked, state.failed = now, 0, 0
    state.opened_at, state.ask_again_at, state.pause = None, None, 0


@transaction.atomic
def note(outcomes: Mapping[str, Outcomes], now: datetime) -> None:
    """Add what the visits brought to the rows that all workers share."""
    fresh = [PlatformState(platform=platform, counted_from=now) for platform in sorted(outcomes)]
    PlatformState.objects.bulk_create(fresh, ignore_conflicts=True)
    for state in PlatformState.objects.select_for_update().filter(platform__in=outcomes).order_by("platform"):
        add_up(state, outcomes[state.platform], now)
        state.save()


def gates(platforms: Iterable[str], now: datetime) -> dict[str, Gate]:
    """Which of the platforms may be asked. Where one is due to be probed, exactly one caller gets the probe."""
    found = dict.fromkeys(platforms, Gate())
    for state in PlatformState.objects.filter(Q(opened_at__isnull=False), platform__in=found):
        waiting = PlatformState.objects.filter(pk=state.pk, ask_again_at=state.ask_again_at)
        if state.ask_again_at <= now and waiting.update(ask_again_at=now + PROBE_TAKES):
            found[state.platform] = Gate(now + PROBE_TAKES, is_probe=True)
        else:
            found[state.platform] = Gate(max(state.ask_again_at, now + timedelta(seconds=FIRST_PAUSE / 4)))
    return found

"""How the pulls of an agency's projects go: which failed and why, whether the platforms answer, what was asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis.asking import ledger_day
from kpis.connectors import CONNECTORS
from kpis.models import AgencyDay, PlatformState, Source
from kpis.queries.sources import SourceLine, line_of, platform_name
from smmportal.formatting import format_moment
from smmportal.people.models import Organisation, User

SHOWN_DAYS = 14
SHOWN_FAILED = 100


@dataclass(frozen=True)
class PlatformLine:
    """One platform: whether it answers, and what it was asked for the agency's projects today, by its own day.

    `daily_units` is what it allows the whole portal.
    """

    code: str
    today: AgencyDay
    daily_units: int | None
    ask_again_at: datetime | None
    opened_at: datetime | None

    @property
    def name(self) -> str:
        return platform_name(self.code)

    @property
    def answers(self) -> bool:
        return self.opened_at is None

    @property
    def status(self) -> str:
        return "on_track" if self.answers else "at_risk"

    @property
    def word(self) -> str:
        return _("answers") if self.answers else _("does not answer")

    @property
    def sentence(self) -> str:
        if self.answers:
            return ""
        said = _("Nobody has been getting an answer since %(since)s. The portal looks in again at %(again)s.")
        return said % {
            "since": format_moment(self.opened_at, style="near"),
            "again": format_moment(self.ask_again_at, style="near"),
        }


@dataclass(frozen=True)
class Jobs:
    """What the page and the API show."""

    platforms: list[PlatformLine]
    failed: list[SourceLine]
    failed_count: int
    due: int
    running: int
    next_pull_at: datetime | None
    ledger: list[AgencyDay]

    @property
    def named_ledger(self) -> list[tuple[str, AgencyDay]]:
        """The lines with their platforms' names."""
        return [(platform_name(line.platform), line) for line in self.ledger]


def jobs_of(agency: Organisation, reader: User) -> Jobs:
    """The pulls of the agency's projects that this person sees, in a constant number of queries."""
    now = timezone.now()
    sources = Source.objects.visible_to(reader).filter(project__agency=agency).exclude(platform__in=Source.NOT_PULLED)
    failed = sources.filter(paused_at=None).exclude(error_kind="").select_related("project", "login")
    counts = sources.filter(paused_at=None).aggregate(
        due=Count("pk", filter=Q(next_pull_at__lte=now)),
        running=Count("pk", filter=Q(claimed_at__gt=now - Source.CLAIMED_FOR)),
        failed=Count("pk", filter=~Q(error_kind="")),
    )
    codes = sorted(set(sources.order_by().values_list("platform", flat=True)) & CONNECTORS.keys())
    shown = {"agency": agency, "platform__in": codes, "day__gt": now.date() - timedelta(days=SHOWN_DAYS)}
    ledger = list(AgencyDay.objects.visible_to(reader).filter(**shown))
    following = sources.filter(paused_at=None, next_pull_at__gt=now, claimed_at=None).order_by("next_pull_at")
    return Jobs(
        platforms=platform_lines(codes, ledger, now),
        failed=[line_of(source, now) for source in failed.order_by("-last_attempt_at", "pk")[:SHOWN_FAILED]],
        failed_count=counts["failed"],
        due=counts["due"],
        running=counts["running"],
        next_pull_at=following.values_list("next_pull_at", flat=True).first(),
        ledger=ledger,
    )


def platform_lines(codes: Sequence[str], ledger: Sequence[AgencyDay], now: datetime) -> list[PlatformLine]:
    lines = {(line.platform, line.day): line for line in ledger}
    states = {state.platform: state for state in PlatformState.objects.filter(platform__in=codes)}
    return [platform_line(code, lines, states.get(code), now) for code in codes]


def platform_line(
    code: str, lines: dict[tuple[str, date], AgencyDay], state: PlatformState | None, now: datetime
) -> PlatformLine:
    connector = CONNECTORS[code]
    day = ledger_day(connector, now)
    for_all = (daily.units for daily in connector.limits.daily if daily.per == "app")
    return PlatformLine(
        code=code,
        today=lines.get((code, day)) or AgencyDay(platform=code, day=day),
        daily_units=next(for_all, None),
        ask_again_at=state.ask_again_at if state else None,
        opened_at=state.opened_at if state else None,
    )

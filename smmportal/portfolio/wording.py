"""What the portfolio says in words: how a project stands, and what makes it so."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from smmportal.formatting import format_number

if TYPE_CHECKING:
    from smmportal.portfolio.rows import Row

LEVELS = {
    "off_track": pgettext_lazy("a project", "off course"),
    "at_risk": pgettext_lazy("a project", "at risk"),
    "no_data": pgettext_lazy("a project", "not known yet"),
    "on_track": pgettext_lazy("a project", "on course"),
}
FLAGS = {
    "drops": gettext_lazy("unexplained drops"),
    "reviews": gettext_lazy("overdue reviews"),
    "approvals": gettext_lazy("stalled approvals"),
    "sources": gettext_lazy("broken sources"),
    "meetings": gettext_lazy("late meetings"),
    "alerts": gettext_lazy("open alerts"),
}
#: The status whose shape and colour a level of the waterline wears.
WATER = {"afloat": "on_track", "listing": "at_risk", "sinking": "off_track"}


def water_status(level: str) -> str:
    return WATER.get(level, "no_data")


def say_reasons(row: "Row", at_most: int | None = None) -> list[str]:
    """Why the project stands where it stands, the heaviest first."""
    said = [SENTENCES[reason](row) for reason in row.risk.reasons if reason in SENTENCES]
    return said[:at_most]


def say_fall(row: "Row") -> str:
    points = round(-(row.water.change or 0))
    return ngettext(
        "the waterline fell by %(count)s point in a week", "the waterline fell by %(count)s points in a week", points
    ) % {"count": points}


def say_off_track(row: "Row") -> str:
    count = row.counts["off_track"]
    return ngettext("%(count)s KPI is off course", "%(count)s KPIs are off course", count) % {"count": count}


def say_at_risk(row: "Row") -> str:
    count = row.counts["at_risk"]
    return ngettext("%(count)s KPI is at risk", "%(count)s KPIs are at risk", count) % {"count": count}


def say_guardrails(row: "Row") -> str:
    count = row.facts.guardrails
    return ngettext("%(count)s guardrail fell", "%(count)s guardrails fell", count) % {"count": count}


def say_unknown(row: "Row") -> str:
    count = row.facts.unknown
    return ngettext(
        "of %(count)s KPI nobody can tell how it stands", "of %(count)s KPIs nobody can tell how they stand", count
    ) % {"count": count}


def say_drops(row: "Row") -> str:
    days = say_days(row.drop_days)
    sentence = ngettext(
        "%(count)s drop without an explanation, for %(days)s",
        "%(count)s drops without an explanation, the first for %(days)s",
        row.drops.count,
    )
    return sentence % {"count": row.drops.count, "days": days}


def say_reviews(row: "Row") -> str:
    count = len(row.overdue)
    return ngettext("%(count)s review is overdue", "%(count)s reviews are overdue", count) % {"count": count}


def say_approvals(row: "Row") -> str:
    sentence = ngettext(
        "%(count)s approval is stalled, for %(days)s",
        "%(count)s approvals are stalled, the first for %(days)s",
        len(row.stalled),
    )
    return sentence % {"count": len(row.stalled), "days": say_days(row.stalled_days)}


def say_sources(row: "Row") -> str:
    count = row.broken_sources
    return ngettext("%(count)s source is broken", "%(count)s sources are broken", count) % {"count": count}


def say_meeting(row: "Row") -> str:
    return _("the meeting is late by %(days)s") % {"days": say_days(row.due.days_late)}


def say_cliffs(row: "Row") -> str:
    count = row.alerts.cliffs
    return ngettext("%(count)s sharp alert", "%(count)s sharp alerts", count) % {"count": count}


def say_alerts(row: "Row") -> str:
    count = row.alerts.count - row.alerts.cliffs
    return ngettext("%(count)s alert", "%(count)s alerts", count) % {"count": count}


def say_days(days: int) -> str:
    """«5 дней»; the first day is not over yet."""
    if days < 1:
        return _("less than a day")
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": format_number(days)}


SENTENCES: dict[str, Callable[["Row"], str]] = {
    "sinking": lambda row: _("the waterline says: sinking"),
    "listing": lambda row: _("the waterline says: listing"),
    "fall": say_fall,
    "off_track": say_off_track,
    "at_risk": say_at_risk,
    "guardrail": say_guardrails,
    "unknown": say_unknown,
    "drops": say_drops,
    "reviews": say_reviews,
    "approvals": say_approvals,
    "sources": say_sources,
    "meeting": say_meeting,
    "cliffs": say_cliffs,
    "alerts": say_alerts,
}

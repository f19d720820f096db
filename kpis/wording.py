"""How a KPI's standing is put in words: the headline of its chart, how fresh its number is, where it comes from."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kpis.metrics import METRICS
from kpis.models import Kpi, Point
from kpis.terms import say_value
from smmportal.formatting import format_day, format_signed

if TYPE_CHECKING:  # the queries put things in words themselves
    from kpis.queries.standings import Standing

#: A slower pace than this is told by the month: «−0.003 a day» says nothing to anybody.
SMALLEST_A_DAY = Decimal("0.5")


def headline(standing: "Standing") -> str:
    """Where the number is, where it should be, and what it takes: one sentence."""
    kpi, words = standing.kpi, words_of(standing)
    if standing.status == "source_lost":
        return say_lost(standing) % words
    if standing.current is None:
        return _("No numbers yet")
    if standing.status == "no_target":
        return _("%(current)s now; a target is not set yet") % words
    if standing.situation.is_stale:
        return _("No numbers since %(current_on)s, when it was %(current)s") % words
    if kpi.holds_a_level:
        return say_level(standing) % words
    return say_way(standing) % words


def words_of(standing: "Standing") -> dict[str, str]:
    kpi, unit = standing.kpi, standing.unit
    return {
        "current": say_value(standing.current, unit),
        "current_on": format_day(standing.current_on, "near"),
        "target": say_value(kpi.target, unit),
        "due": format_day(kpi.due_on, "near" if kpi.due_on.year == standing.today.year else "long"),
        "pace": say_pace(standing),
    }


def say_pace(standing: "Standing") -> str:
    """The change that is needed, with its sign and two figures that matter: a day, or a month when a day's is tiny."""
    needed = standing.needed_per_day
    if needed is None:
        return ""
    if abs(needed) < SMALLEST_A_DAY:
        return _("%(change)s a month") % {"change": change_words(needed * 30)}
    return _("%(change)s a day") % {"change": change_words(needed)}


def change_words(change: Decimal) -> str:
    return format_signed(change, 0 if abs(change) >= 10 else 1 if abs(change) >= Decimal("0.1") else None)


def say_lost(standing: "Standing") -> str:
    if standing.current is None:
        return _("The source does not let us in, and there are no numbers yet")
    return _("The source does not let us in; the last number is %(current)s, on %(current_on)s")


def say_level(standing: "Standing") -> str:
    above = standing.kpi.kind == Kpi.Kind.STAY_ABOVE
    if standing.status == "on_track":
        return (
            _("%(current)s: at or above the agreed %(target)s")
            if above
            else _("%(current)s: at or below the agreed %(target)s")
        )
    return (
        _("%(current)s: below %(target)s, the level to keep")
        if above
        else _("%(current)s: above %(target)s, the level to keep")
    )


def say_way(standing: "Standing") -> str:
    path = standing.situation.path
    if path is None:
        return _("%(current)s now; without a baseline nobody can say how far it got")
    if path.is_reached(standing.current):
        return _("Target reached: %(current)s, with %(target)s wanted by %(due)s")
    if standing.needed_per_day is None:
        return _("The deadline was %(due)s: %(current)s, not %(target)s")
    grows = standing.kpi.kind == Kpi.Kind.INCREASE_TO
    return say_growth(standing.status) if grows else say_decline(standing.status)


def say_growth(status: str) -> str:
    sentences = {
        "ahead": _("%(current)s of %(target)s by %(due)s: %(pace)s is enough"),
        "on_track": _("%(current)s of %(target)s by %(due)s: going as planned, %(pace)s"),
        "at_risk": _("%(current)s of %(target)s by %(due)s: needs %(pace)s from now on"),
    }
    return sentences.get(status) or _("%(current)s of %(target)s by %(due)s: too slow, it would take %(pace)s")


def say_decline(status: str) -> str:
    sentences = {
        "ahead": _("%(current)s on the way down to %(target)s by %(due)s: %(pace)s is enough"),
        "on_track": _("%(current)s on the way down to %(target)s by %(due)s: going as planned, %(pace)s"),
        "at_risk": _("%(current)s on the way down to %(target)s by %(due)s: needs %(pace)s from now on"),
    }
    return sentences.get(status) or _(
        "%(current)s on the way down to %(target)s by %(due)s: too slow, it would take %(pace)s"
    )


def freshness(standing: "Standing") -> str:
    """«On 21 November, final through the 20th»."""
    if standing.current_on is None:
        return ""
    words = {"day": format_day(standing.current_on, "near"), "final": format_day(standing.final_through, "near")}
    if standing.is_final:
        return _("on %(day)s") % words
    if standing.final_through is None:
        return _("on %(day)s, not final yet") % words
    return _("on %(day)s, final through %(final)s") % words


def provenance(source_title: str, code: str) -> str:
    """Where a number comes from."""
    sentences = {
        Point.Provenance.MEASURED: _("measured by %(source)s"),
        Point.Provenance.IMPORTED: _("imported into %(source)s"),
        Point.Provenance.MANUAL: _("typed by hand"),
    }
    return sentences[code] % {"source": source_title} if code in sentences else ""


def baseline_words(kpi: Kpi) -> str:
    """The baseline with its day and where it is from."""
    if kpi.baseline is None:
        return _("No baseline yet")
    words = {"value": say_value(kpi.baseline, unit_of(kpi)), "day": format_day(kpi.baseline_on), "source": kpi.source}
    sentences = {
        Point.Provenance.MEASURED: _("%(value)s on %(day)s, measured by %(source)s"),
        Point.Provenance.IMPORTED: _("%(value)s on %(day)s, imported into %(source)s"),
    }
    return sentences.get(kpi.baseline_provenance, _("%(value)s on %(day)s, typed by hand")) % words


def promise(kpi: Kpi) -> str:
    """What is wanted of the number, briefly."""
    if kpi.target is None:
        return _("No target yet")
    sentences = {
        Kpi.Kind.INCREASE_TO: _("grow to %(target)s by %(due)s"),
        Kpi.Kind.DECREASE_TO: _("bring down to %(target)s by %(due)s"),
        Kpi.Kind.STAY_ABOVE: _("keep at %(target)s or above until %(due)s"),
        Kpi.Kind.STAY_BELOW: _("keep at %(target)s or below until %(due)s"),
    }
    return sentences[kpi.kind] % {"target": say_value(kpi.target, unit_of(kpi)), "due": format_day(kpi.due_on)}


def unit_of(kpi: Kpi) -> str:
    return METRICS[kpi.metric].unit if kpi.metric in METRICS else "count"


def unit_words(unit: str) -> str:
    """The unit beside a figure or under a chart; nothing for a plain count."""
    return {"percent": "%", "minutes": pgettext("unit", "min")}.get(unit, "")

"""How a KPI's standing is put in words: the headline of its chart, how fresh its number is, where it comes from."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kpis.models import Kpi, Point
from kpis.terms import say_value
from smmportal.formatting import MINUS, format_day, format_percent, format_signed

if TYPE_CHECKING:  # the queries put things in words themselves
    from kpis.queries.outlooks import Prospect
    from kpis.queries.standings import Guardrail, Standing

#: A slower pace than this is told by the month: «−0.003 a day» says nothing to anybody.
SMALLEST_A_DAY = Decimal("0.5")


def headline(standing: "Standing") -> str:
    """Where the number is, where it should be, and what it takes: one sentence."""
    kpi, words = standing.kpi, words_of(standing)
    if standing.status == "source_lost":
        return say_lost(standing) % words
    if standing.current is None:
        return _("No numbers yet")
    if standing.now.is_noise and not standing.situation.is_stale:
        return say_too_few(standing) % words
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
        "current": current_words(standing),
        "current_on": format_day(standing.current_on, "near"),
        "target": say_value(kpi.target, unit),
        "due": format_day(kpi.due_on, "near" if kpi.due_on.year == standing.today.year else "long"),
        "pace": say_pace(standing),
    }


def current_words(standing: "Standing") -> str:
    """«312 a day on average over 7 days», «4.2% over 7 days», «12,000»."""
    return number_over(standing.current, standing.unit, standing.current_over, is_mean=standing.is_mean)


def number_over(value: Decimal | None, unit: str, days: int, *, is_mean: bool) -> str:
    """A number with the days that it is of: every door says it so."""
    said, span = say_value(value, unit), span_of(days, is_mean=is_mean)
    return f"{said} {span}" if span else said


def say_span(standing: "Standing") -> str:
    return span_of(standing.current_over, is_mean=standing.is_mean)


def span_of(days: int, *, is_mean: bool) -> str:
    """Of how many days a number is; nothing for that of a single day."""
    if days == 1:
        return ""
    return (_("a day on average over %(days)s days") if is_mean else _("over %(days)s days")) % {"days": days}


def say_too_few(standing: "Standing") -> str:
    """Why nobody is judged yet by what is there."""
    words = ngettext(
        "%(known)s final day of the last seven has a number; five are needed to judge.",
        "%(known)s final days of the last seven have a number; five are needed to judge.",
        standing.now.known,
    ) % {"known": standing.now.known}
    return _("%(current)s on %(current_on)s.") + " " + words


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
    if standing.is_retired and not standing.kpi.source.error_kind:
        return say_retired(standing)
    if standing.current is None:
        return _("The source does not let us in, and there are no numbers yet")
    return _("The source does not let us in; the last number is %(current)s, on %(current_on)s")


def say_retired(standing: "Standing") -> str:
    if standing.current is None:
        return _("The platform no longer gives this number, and there are no numbers yet")
    return _("The platform no longer gives this number; the last one is %(current)s, on %(current_on)s")


def retirement(standing: "Standing") -> str:
    """What happened to a number that its platform retired, and what it does not mean."""
    words = words_of(standing)
    words |= {"platform": standing.kpi.source.place, "retired_on": format_day(standing.retired_on)}
    if standing.current is None:
        return (
            _("Since %(retired_on)s %(platform)s no longer gives this number, and none came before. Nothing is missed.")
            % words
        )
    return (
        _(
            "Since %(retired_on)s %(platform)s no longer gives this number; the last one is %(current)s, on "
            "%(current_on)s. Nothing is missed: nobody can tell where the KPI stands."
        )
        % words
    )


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
    return say_growth(standing.status) if standing.kpi.grows else say_decline(standing.status)


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
    if standing.current_over > 1:
        return say_week_to(standing.is_mean) % {**words, "days": standing.current_over}
    if standing.is_final:
        return _("on %(day)s") % words
    if standing.final_through is None:
        return _("on %(day)s, not final yet") % words
    return _("on %(day)s, final through %(final)s") % words


def say_week_to(is_mean: bool) -> str:
    return (
        _("a day on average over the %(days)s days to %(day)s") if is_mean else _("over the %(days)s days to %(day)s")
    )


def provenance(source_title: str, code: str, *, is_counted: bool = False) -> str:
    """Where a number comes from; of one that the portal counts, how sure its parts are."""
    if is_counted:
        return COUNTED[code]() if code in COUNTED else ""
    sentences = {
        Point.Provenance.MEASURED: _("measured by %(source)s"),
        Point.Provenance.IMPORTED: _("imported into %(source)s"),
        Point.Provenance.MANUAL: _("typed by hand"),
    }
    return sentences[code] % {"source": source_title} if code in sentences else ""


COUNTED = {
    Point.Provenance.MEASURED: lambda: _("counted by the portal from measured numbers"),
    Point.Provenance.IMPORTED: lambda: _("counted by the portal, imported numbers among its parts"),
    Point.Provenance.MANUAL: lambda: _("counted by the portal, numbers typed by hand among its parts"),
}


def baseline_words(kpi: Kpi) -> str:
    """The baseline with its day and where it is from."""
    if kpi.baseline is None:
        return _("No baseline yet")
    words = {"value": say_value(kpi.baseline, unit_of(kpi)), "day": format_day(kpi.baseline_on), "source": kpi.source}
    if kpi.over > 1 and kpi.baseline_provenance in (Point.Provenance.MEASURED, Point.Provenance.IMPORTED):
        metric = kpi.source.metric(kpi.metric)
        span = say_week_to(bool(metric and metric.aggregation == "sum")) % {**words, "days": kpi.over}
        weekly = {
            Point.Provenance.MEASURED: _("%(value)s %(span)s, measured by %(source)s"),
            Point.Provenance.IMPORTED: _("%(value)s %(span)s, imported into %(source)s"),
        }
        return weekly[kpi.baseline_provenance] % {**words, "span": span}
    sentences = {
        Point.Provenance.MEASURED: _("%(value)s on %(day)s, measured by %(source)s"),
        Point.Provenance.IMPORTED: _("%(value)s on %(day)s, imported into %(source)s"),
        Kpi.BRIDGED[0]: _("%(value)s on %(day)s, carried over from the retired number"),
    }
    return sentences.get(kpi.baseline_provenance, _("%(value)s on %(day)s, typed by hand")) % words


def saved(kpi: Kpi) -> str:
    """What was not typed but taken or counted."""
    words = {"baseline": baseline_words(kpi), "target": say_value(kpi.target, unit_of(kpi))}
    if kpi.kind == Kpi.Kind.CHANGE_BY:
        return _("Saved. Baseline: %(baseline)s. Target: %(target)s.") % words
    return _("Saved. Baseline: %(baseline)s.") % words


def foreseen(kpi: Kpi) -> str:
    """«Target: 12,000, which is +20% of 10,000 on 1 November»."""
    return _("Target: %(target)s, which is %(change)s of %(baseline)s on %(day)s") % {
        "target": say_value(kpi.target, unit_of(kpi)),
        "change": sign_of(kpi.change) + format_percent(abs(kpi.change)),
        "baseline": say_value(kpi.baseline, unit_of(kpi)),
        "day": format_day(kpi.baseline_on),
    }


def sign_of(change: Decimal) -> str:
    return "+" if change > 0 else MINUS


def guardrail_mark(status: str) -> tuple[str, str]:
    """The status whose shape it wears, and its word."""
    return {
        "held": ("on_track", _("guardrail holds")),
        "worse": ("at_risk", _("guardrail worse")),
    }.get(status, ("no_data", _("guardrail unknown")))


def guardrail_sentence(guardrail: "Guardrail") -> str:
    """Where the number that must not get worse is, against where it was."""
    source = guardrail.kpi.guardrail_source
    metric = source.metric(guardrail.metric)
    unit = metric.unit if metric else "count"
    words = {
        "metric": f"{metric.name if metric else guardrail.metric} ({source})",
        "current": say_value(guardrail.current, unit),
        "baseline": say_value(guardrail.baseline, unit),
        "day": format_day(guardrail.kpi.guardrail_baseline_on, "near"),
    }
    if guardrail.current_over > 1 and guardrail.baseline is not None:
        return _("%(metric)s: %(current)s over the last 7 days, and %(baseline)s over the 7 days to %(day)s") % words
    if guardrail.now.is_noise:
        return _("%(metric)s: %(current)s, and too few days have numbers to judge by") % words
    if guardrail.baseline is None:
        return _("%(metric)s: no number of the first day to compare with") % words
    if guardrail.current is None:
        return _("%(metric)s: no numbers yet, %(baseline)s on %(day)s") % words
    return _("%(metric)s: %(current)s, and %(baseline)s on %(day)s") % words


def promise(kpi: Kpi) -> str:
    """What is wanted of the number, briefly."""
    if kpi.target is None:
        return _("No target yet")
    sentences = {
        Kpi.Kind.INCREASE_TO: _("grow to %(target)s by %(due)s"),
        Kpi.Kind.DECREASE_TO: _("bring down to %(target)s by %(due)s"),
        Kpi.Kind.STAY_ABOVE: _("keep at %(target)s or above until %(due)s"),
        Kpi.Kind.STAY_BELOW: _("keep at %(target)s or below until %(due)s"),
        Kpi.Kind.CHANGE_BY: _("grow by %(change)s, to %(target)s, by %(due)s")
        if kpi.grows
        else _("bring down by %(change)s, to %(target)s, by %(due)s"),
    }
    words = {"target": say_value(kpi.target, unit_of(kpi)), "due": format_day(kpi.due_on)}
    return sentences[kpi.kind] % {**words, "change": format_percent(abs(kpi.change or 0))}


def unit_of(kpi: Kpi) -> str:
    return metric.unit if (metric := kpi.source.metric(kpi.metric)) else "count"


def unit_words(unit: str) -> str:
    """The unit beside a figure or under a chart; nothing for a plain count."""
    return {"percent": "%", "minutes": pgettext("unit", "min")}.get(unit, "")


# --- Where it is heading --------------------------------------------------------------------------------------------


def say_prospect(prospect: "Prospect", standing: "Standing") -> dict[str, str]:
    """All that a page says of it; what there is nothing to say of is empty."""
    return {
        "chance": say_chance(prospect.chance),
        "band": say_band(prospect),
        "record": say_record(prospect),
        "why": why_no_forecast(prospect),
        "pace": say_pace(standing),
    }


def foresight(prospect: "Prospect", standing: "Standing") -> str:
    """What is expected on the due day, in one sentence; empty while nothing can be foreseen, or it is reached."""
    kpi, path = standing.kpi, standing.situation.path
    if prospect.chance is None or standing.status == "source_lost" or standing.situation.is_stale:
        return ""
    if path is not None and path.is_reached(standing.current):
        return ""
    words = words_of(standing) | {
        "expected": say_value(figure_of(prospect, prospect.outlook.median), standing.unit),
        "chance": say_chance(prospect.chance),
    }
    if kpi.holds_a_level:
        return _("By %(due)s we expect %(expected)s, with %(target)s agreed; chance that it holds: %(chance)s") % words
    return _("By %(due)s we expect %(expected)s of %(target)s; chance of making it: %(chance)s") % words


def say_chance(chance: float | None) -> str:
    """To the nearest five percent: more would be a precision that no forecast has. Empty when there is none."""
    if chance is None:
        return ""
    share = nearest_five(chance)
    if share < 5:
        return _("less than %(share)s") % {"share": format_percent(5, 0)}
    if share > 95:
        return _("more than %(share)s") % {"share": format_percent(95, 0)}
    return _("about %(share)s") % {"share": format_percent(share, 0)}


def nearest_five(chance: float) -> int:
    """In percent, by way of whole ones: what kept only those (an alert, the waterline) comes to the same five."""
    return round(round(chance, 2) * 20) * 5


def say_band(prospect: "Prospect") -> str:
    """Where four outcomes of five lie on the due day."""
    outlook, metric = prospect.outlook, prospect.kpi.source.metric(prospect.kpi.metric)
    if outlook is None:
        return ""
    unit = metric.unit if metric else "count"
    low, median, high = (figure_of(prospect, value) for value in (outlook.low80, outlook.median, outlook.high80))
    words = {
        "day": format_day(outlook.on),
        "low": say_value(low, unit),
        "median": say_value(median, unit),
        "high": say_value(high, unit),
    }
    return _("On %(day)s four outcomes of five lie between %(low)s and %(high)s; the middle is %(median)s.") % words


def figure_of(prospect: "Prospect", value: float) -> Decimal:
    metric = prospect.kpi.source.metric(prospect.kpi.metric)
    return round(Decimal(value), metric.decimals if metric else 2)


def say_record(prospect: "Prospect") -> str:
    """How earlier forecasts of the same series did; empty while there were none."""
    record = prospect.record
    if record is None or not record.made:
        return ""
    words = {"held": record.held, "made": record.made, "days": prospect.ahead}
    return (
        ngettext(
            "Made on earlier days for %(days)s day ahead, such a band held %(held)s times out of %(made)s.",
            "Made on earlier days for %(days)s days ahead, such a band held %(held)s times out of %(made)s.",
            prospect.ahead,
        )
        % words
    )


def why_no_forecast(prospect: "Prospect") -> str:
    """Why no chance is told; empty when one is."""
    unforeseen = prospect.unforeseen
    if prospect.chance is not None:
        return ""
    if prospect.kpi.target is None:
        return _("A forecast needs a target.")
    if prospect.lookout is None:
        return _("A forecast needs numbers, and the source has given none yet.")
    if unforeseen is None or unforeseen.reason == "no_days_left":
        return _("The due day has come: there is nothing left to foresee.")
    if unforeseen.reason == "too_few":
        return ngettext(
            "A forecast needs 14 final days with a number; there is %(usable)s so far.",
            "A forecast needs 14 final days with a number; there are %(usable)s so far.",
            unforeseen.usable,
        ) % {"usable": unforeseen.usable}
    return _("Too many days have no number: %(missing)s of %(days)s. A forecast bears three of ten.") % {
        "missing": unforeseen.days - unforeseen.usable,
        "days": unforeseen.days,
    }

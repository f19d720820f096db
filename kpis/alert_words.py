"""An alert in plain words, in the reader's language, from the facts that it rests on."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from kpis.alerts import SPAN, kind_of
from kpis.models import Alert
from kpis.terms import say_value
from kpis.wording import number_over
from kpis.wording import say_chance as chance_words
from smmportal.formatting import MISSING, format_day, format_number, format_percent, pick_language, quoted

NAMES = {
    "threshold": gettext_lazy("A level is crossed"),
    "pace": gettext_lazy("Off the pace"),
    "chance": gettext_lazy("The chance is low"),
    "silent": gettext_lazy("No numbers come"),
    "anomaly": gettext_lazy("An unusual drop"),
    "reach_flat": gettext_lazy("Followers up, reach flat"),
    "access_lost": gettext_lazy("Access is lost"),
    "access_ending": gettext_lazy("Access is ending"),
    "stalled": gettext_lazy("An answer is waited for"),
    "meeting_overdue": gettext_lazy("A meeting is overdue"),
    "action_overdue": gettext_lazy("An action is overdue"),
    "waterline": gettext_lazy("The waterline moved"),
}
#: When each is told of, in a line: the page's legend.
MEANINGS = {
    "threshold": gettext_lazy("a number went beyond a level that somebody set"),
    "pace": gettext_lazy("a signed KPI is behind the pace that its target asks for"),
    "chance": gettext_lazy("the chance of reaching the target fell below a half, or below a fifth"),
    "silent": gettext_lazy("a source has given no numbers for longer than its platform is usually late"),
    "anomaly": gettext_lazy("a number fell out of what was expected for its day of the week"),
    "reach_flat": gettext_lazy("in four weeks followers grew and the usual day’s reach did not"),
    "access_lost": gettext_lazy("a platform lets the portal in no longer"),
    "access_ending": gettext_lazy("access to a platform ends soon and is not renewed by itself"),
    "stalled": gettext_lazy("one side has waited five days or longer for the other’s yes"),
    "meeting_overdue": gettext_lazy("the agreed rhythm has passed, and no meeting is booked"),
    "action_overdue": gettext_lazy("what a meeting gave somebody to do is past its day"),
    "waterline": gettext_lazy("the project sank to a worse level"),
}
LEVELS = {
    "afloat": gettext_lazy("afloat"),
    "listing": gettext_lazy("listing"),
    "sinking": gettext_lazy("sinking"),
    "unknown": gettext_lazy("unknown"),
}
RHYTHMS = {
    "weekly": gettext_lazy("once a week"),
    "biweekly": gettext_lazy("once in two weeks"),
    "monthly": gettext_lazy("once a month"),
}


def in_every_language(say: Callable[[], object]) -> dict[str, str]:
    """What is said, once in each language, to be kept until somebody reads it."""
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = str(say())
    return said


def legend(*, for_agency: bool) -> list[tuple[str, str]]:
    """The kinds that a reader may meet, and when each is told of."""
    seen = (code for code in NAMES if for_agency or not kind_of(code).is_internal)
    return [(str(NAMES[code]), str(MEANINGS[code])) for code in seen]


def kind_name(kind: str) -> str:
    return str(NAMES.get(kind) or _("Something needs a look"))


def name_of(alert: Alert) -> str:
    """What it is about."""
    if alert.kpi_id:
        return str(alert.kpi)
    if alert.source_id:
        return str(alert.source)
    return pick_language(alert.evidence.get("name"))


def sentence_of(alert: Alert) -> str:
    return sentence(alert.kind, alert.evidence, name_of(alert))


def sentence(kind: str, evidence: dict, name: str) -> str:
    """The alert in one line. Facts that are not there are left out, never made up."""
    said = SENTENCES.get(kind, say_plain)(evidence, quoted(name) if name else "")
    return said or say_plain({}, f"{kind_name(kind)}: {quoted(name)}" if name else kind_name(kind))


def say_plain(_evidence: dict, name: str) -> str:
    return name


def say_threshold(evidence: dict, name: str) -> str:
    if "value" not in evidence:
        return ""
    words = {"name": name, "value": current(evidence), "level": value(evidence, "level")}
    if evidence.get("is_above"):
        return _("%(name)s: %(value)s, above the level of %(level)s") % words
    return _("%(name)s: %(value)s, below the level of %(level)s") % words


def say_pace(evidence: dict, name: str) -> str:
    if "status" not in evidence:
        return ""
    words = {"name": name, "value": current(evidence), "target": value(evidence, "target")}
    words["due"] = day(evidence, "due_on")
    if evidence.get("holds"):
        return _("%(name)s: %(value)s, and the level to keep is %(target)s") % words
    if evidence["status"] == "off_track":
        return _("%(name)s is off course: %(value)s, with %(target)s wanted by %(due)s") % words
    return _("%(name)s is at risk: %(value)s, with %(target)s wanted by %(due)s") % words


def say_chance(evidence: dict, name: str) -> str:
    if "chance" not in evidence:
        return ""
    words = {"name": name, "chance": chance_words(evidence["chance"]), "before": chance_words(evidence.get("before"))}
    if words["before"] in ("", words["chance"]):
        return _("%(name)s: the chance of reaching the target in time is %(chance)s") % words
    words["days"] = days_between(evidence)
    return (
        _("%(name)s: the chance of reaching the target in time was %(before)s, and %(days)s later it is %(chance)s")
        % words
    )


def days_between(evidence: dict) -> str:
    count = (date.fromisoformat(evidence["on"]) - date.fromisoformat(evidence["before_on"])).days
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def say_silent(evidence: dict, name: str) -> str:
    if evidence.get("last_on"):
        return _("No numbers from %(name)s since %(day)s") % {"name": name, "day": day(evidence, "last_on")}
    return _("%(name)s has given no numbers yet") % {"name": name}


def say_anomaly(evidence: dict, name: str) -> str:
    if "value" not in evidence or "day_on" not in evidence:
        return ""
    words = {"name": name, "value": value(evidence, "value"), "day": day(evidence, "day_on")}
    return _("%(name)s: %(value)s on %(day)s, outside of what was expected") % words


def say_reach(evidence: dict, name: str) -> str:
    if "reach" not in evidence:
        return ""
    words = {"name": name, "followers": growth(evidence["followers"]), "reach": growth(evidence["reach"])}
    return _("%(name)s: followers %(followers)s, a usual day’s reach %(reach)s over the same four weeks") % words


def say_lost(_evidence: dict, name: str) -> str:
    return _("%(name)s gives no more numbers: the platform does not let us in") % {"name": name}


def say_ending(evidence: dict, name: str) -> str:
    if not evidence.get("ends_on"):
        return ""
    return _("The access to %(name)s ends on %(day)s") % {"name": name, "day": day(evidence, "ends_on")}


def say_stalled(evidence: dict, _name: str) -> str:
    what = pick_language(evidence.get("what")).rstrip(".")
    if not what or not evidence.get("since_on"):
        return what
    return _("Waiting since %(day)s: %(what)s") % {"day": day(evidence, "since_on"), "what": what}


def say_meeting(evidence: dict, _name: str) -> str:
    if "cadence" not in evidence:
        return ""
    words = {"day": day(evidence, "last_on"), "rhythm": RHYTHMS.get(evidence["cadence"], "")}
    if evidence.get("has_met"):
        return _("No meeting since %(day)s, and you agreed to meet %(rhythm)s") % words
    return _("You agreed on %(day)s to meet %(rhythm)s, and have not met since") % words


def say_action(evidence: dict, _name: str) -> str:
    if "due_on" not in evidence:
        return ""
    return _("Was to be done by %(day)s: %(task)s") % {"day": day(evidence, "due_on"), "task": evidence.get("task", "")}


def say_waterline(evidence: dict, _name: str) -> str:
    if "after" not in evidence:
        return ""
    words = {
        "before": LEVELS.get(str(evidence.get("before")), evidence.get("before") or MISSING),
        "after": LEVELS.get(str(evidence["after"]), evidence["after"]),
        "score": format_number(evidence.get("score"), 0),
    }
    return _("The waterline went from “%(before)s” to “%(after)s”: %(score)s of 100") % words


SENTENCES: dict[str, Callable[[dict, str], str]] = {
    "threshold": say_threshold,
    "pace": say_pace,
    "chance": say_chance,
    "silent": say_silent,
    "anomaly": say_anomaly,
    "reach_flat": say_reach,
    "access_lost": say_lost,
    "access_ending": say_ending,
    "stalled": say_stalled,
    "meeting_overdue": say_meeting,
    "action_overdue": say_action,
    "waterline": say_waterline,
}


# --- What it rests on -----------------------------------------------------------------------------------------------


def facts_of(kind: str, evidence: dict) -> list[tuple[str, str]]:
    """The days and the numbers, each with its name, in the order in which one would ask for them."""
    return [(str(label), said) for label, said in RESTS_ON.get(kind, say_nothing)(evidence) if said]


def say_nothing(_evidence: dict) -> list[tuple[str, str]]:
    return []


def on_value(evidence: dict) -> list[tuple[str, str]]:
    return [
        (_("Value"), current(evidence)),
        (_("On"), day(evidence, "value_on") or day(evidence, "day_on")),
        (_("Level"), value(evidence, "level")),
        (_("Target"), value(evidence, "target")),
        (_("By"), day(evidence, "due_on")),
        (_("Expected"), between(evidence)),
    ]


def on_chance(evidence: dict) -> list[tuple[str, str]]:
    before = chance_words(evidence.get("before"))
    return [
        (_("Now"), chance_words(evidence.get("chance"))),
        (_("Forecast of"), day(evidence, "on")),
        (_("Before"), before),
        (_("On"), day(evidence, "before_on")),
        (_("Told below"), share(evidence.get("level"))),
    ]


def on_reach(evidence: dict) -> list[tuple[str, str]]:
    if "reach" not in evidence:
        return []
    return [
        (_("Days"), f"{day(evidence, 'first_on')} — {day(evidence, 'last_on')}"),
        (_("Followers"), went(evidence["followers"])),
        (_("A usual day’s reach"), went(evidence["reach"])),
        (_("How it is counted"), counted_so()),
    ]


def counted_so() -> str:
    return ngettext(
        "The middle day of the first and of the last week of %(days)s day",
        "The middle day of the first and of the last week of %(days)s days",
        SPAN,
    ) % {"days": SPAN}


def on_source(evidence: dict) -> list[tuple[str, str]]:
    return [
        (_("Last number"), day(evidence, "last_on")),
        (_("The platform is late by"), days(evidence.get("lag_days"))),
        (_("Told after"), hours(evidence.get("quiet_hours"))),
        (_("Access ends"), day(evidence, "ends_on")),
    ]


def on_waiting(evidence: dict) -> list[tuple[str, str]]:
    return [
        (_("Since"), day(evidence, "since_on")),
        (_("Last meeting") if evidence.get("has_met") else _("Rhythm agreed on"), day(evidence, "last_on")),
        (_("By"), day(evidence, "due_on")),
    ]


RESTS_ON: dict[str, Callable[[dict], list[tuple[str, str]]]] = {
    "threshold": on_value,
    "pace": on_value,
    "chance": on_chance,
    "silent": on_source,
    "anomaly": on_value,
    "reach_flat": on_reach,
    "access_lost": on_source,
    "access_ending": on_source,
    "stalled": on_waiting,
    "meeting_overdue": on_waiting,
    "action_overdue": on_waiting,
}


# --- What to do next ------------------------------------------------------------------------------------------------


def next_move(kind: str) -> str:
    moves = {
        "threshold": _("Look at what happened on these days and say it here: the other side reads the same page."),
        "pace": _("Decide what changes from now on, and say it here in a sentence."),
        "chance": _("Decide what changes from now on, and say it here in a sentence."),
        "silent": _("Look at the source: its page says when it was last asked and what the platform answered."),
        "anomaly": _("Say what it was: the explanation stands beside the dip."),
        "reach_flat": _("New followers may be of no use to the goal: look where they come from."),
        "access_lost": _("Connect the source again: the numbers go on from where they stopped."),
        "access_ending": _("Replace the access before that day, and no number will be missed."),
        "stalled": _("Open it and answer, or remind who has to."),
        "meeting_overdue": _("Book the next meeting."),
        "action_overdue": _("Finish it, or agree on another date."),
        "waterline": _("The waterline names what pulls it down, and the button that mends each of it."),
    }
    return moves.get(kind, "")


# --- Figures --------------------------------------------------------------------------------------------------------


def value(evidence: dict, name: str) -> str:
    found = evidence.get(name)
    return "" if found is None else say_value(Decimal(str(found)), evidence.get("unit", "count"))


def current(evidence: dict) -> str:
    """A KPI's number in the words of its own page."""
    found = evidence.get("value")
    if found is None:
        return ""
    over, unit = evidence.get("over", 1), evidence.get("unit", "count")
    return number_over(Decimal(str(found)), unit, over, is_mean=evidence.get("is_mean", False))


def day(evidence: dict, name: str) -> str:
    found = evidence.get(name)
    return format_day(date.fromisoformat(str(found)[:10]), "near") if found else ""


def days(count: int | None) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count} if count else ""


def hours(count: int | None) -> str:
    return "" if count is None else ngettext("%(count)s hour", "%(count)s hours", count) % {"count": count}


def share(chance: float | None) -> str:
    """A level of the rules: exactly what it is."""
    return "" if chance is None else format_percent(round(chance * 100), 0)


def between(evidence: dict) -> str:
    if evidence.get("low") is None or evidence.get("high") is None:
        return ""
    return f"{value(evidence, 'low')} — {value(evidence, 'high')}"


def went(pair: list[str]) -> str:
    return " → ".join(format_number(Decimal(each)) for each in pair)


def growth(pair: list[str]) -> str:
    before, after = (Decimal(each) for each in pair)
    change = (after / before - 1) * 100
    sign = "+" if change > 0 else ""
    return f"{sign}{format_percent(change, 0)}"

"""The words of an agenda's line that came by itself, made for whoever reads from what its evidence said."""

from collections.abc import Callable
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.alert_words import kind_name
from kpis.wording import say_chance
from meetings.models import AgendaItem
from smmportal.formatting import format_day, pick_language
from smmportal.people.models import Side
from smmportal.templatetags.portal import meaning_of


def heading(item: AgendaItem) -> str:
    """What the line is called: the row's own name, or ours for what has none."""
    facts = item.facts
    if item.kind == "agreement":
        return _("KPI agreement No. %(number)s") % {"number": facts["number"]}
    named = {"debrief": _("How the brief was understood"), "brief": _("What changed in the brief")}
    return named.get(item.kind, item.title)


def reasons(item: AgendaItem) -> list[str]:
    """Why it is here, in whole sentences; nothing for what a person wrote."""
    say = SAYINGS.get(item.kind)
    return [sentence for sentence in say(item.facts, moment_of(item)) if sentence] if say else []


def proposal(item: AgendaItem) -> str:
    """What might be decided about it."""
    return {
        "kpi": _("Say what happened and why, and agree on what to do about it."),
        "gap": _("Hear both sides, and agree on what would make both sure."),
        "agreement": _("Sign it, or say what has to change."),
        "amendment": _("Agree on new terms, or keep those that are signed and say why."),
        "debrief": _("Confirm that it is right, or correct it together."),
        "goal": _("Agree on the goal, or say what is missing in it."),
        "conclusion": _("Say how it ended and what we take along."),
        "overdue": _("Agree on a new date, hand it to somebody else, or drop it."),
        "review": _("Accept what was done, or say what is missing."),
        "material": _("Name the day and the person, or do without."),
        "source": _("Agree who restores the access, and by when."),
        "brief": _("Say what this changes in goals, KPIs and plan."),
        "alert": _("Decide who looks at it before the client asks."),
    }.get(item.kind, "")


def moment_of(item: AgendaItem) -> datetime:
    """Waiting is counted up to now, and of a meeting that has begun up to its beginning."""
    return min(timezone.now(), item.meeting.starts_at)


def day_in(facts: dict, name: str) -> str:
    return format_day(date.fromisoformat(facts[name]), "near") if facts.get(name) else ""


def moment_in(facts: dict, name: str) -> str:
    return format_day(timezone.localdate(datetime.fromisoformat(facts[name])), "near") if facts.get(name) else ""


def how_long(facts: dict, now: datetime) -> str:
    days = (now - datetime.fromisoformat(facts["since"])).days
    if days < 1:
        return _("It has waited for less than a day.")
    return ngettext("It has waited for %(count)s day.", "It has waited for %(count)s days.", days) % {"count": days}


# --- One kind a function --------------------------------------------------------------------------------------------


def say_kpi(facts: dict, _now: datetime) -> list[str]:
    said = []
    if "was" in facts:
        words = {"day": day_in(facts, "met_on"), "status": meaning_of(facts["was"])[1]}
        said.append(_("When we last met, on %(day)s, it was %(status)s.") % words)
    if "chance_was" in facts:
        said.append(_("The chance of making it was %(was)s then.") % {"was": say_chance(facts["chance_was"])})
    return said


def say_gap(facts: dict, _now: datetime) -> list[str]:
    return [_("The two sides have seen this goal differently since %(day)s.") % {"day": moment_in(facts, "since")}]


def say_agreement(facts: dict, now: datetime) -> list[str]:
    sentences = {
        ("agency",): _("The client has signed; the agency’s signature is missing."),
        ("client",): _("The agency has signed; the client’s signature is missing."),
    }
    return [sentences.get(tuple(facts["sides"]), _("Neither side has signed it yet.")), how_long(facts, now)]


def say_amendment(facts: dict, now: datetime) -> list[str]:
    return [
        _("The brief has changed what this signed KPI rests on: %(question)s")
        % {"question": pick_language(facts["question"])},
        how_long(facts, now),
    ]


def say_debrief(facts: dict, now: datetime) -> list[str]:
    return [_("The client has not said yet whether the brief was understood rightly."), how_long(facts, now)]


def say_goal(facts: dict, now: datetime) -> list[str]:
    sentences = {
        Side.AGENCY: _("The client proposed this goal; the agency has not agreed to it yet."),
        Side.CLIENT: _("The agency proposed this goal; the client has not agreed to it yet."),
    }
    return [sentences[facts["sides"][0]], how_long(facts, now)]


def say_conclusion(facts: dict, _now: datetime) -> list[str]:
    return [_("The day of this goal was %(day)s, and nobody has said how it ended.") % {"day": day_in(facts, "due_on")}]


def say_overdue(facts: dict, _now: datetime) -> list[str]:
    sentences = {
        Side.AGENCY: _("Overdue on the agency’s side since %(day)s."),
        Side.CLIENT: _("Overdue on the client’s side since %(day)s."),
    }
    person = _("%(person)s does it.") % {"person": facts["person"]} if facts["person"] else _("Nobody is named for it.")
    return [sentences[facts["side"]] % {"day": day_in(facts, "due_on")}, person]


def say_review(facts: dict, now: datetime) -> list[str]:
    sentences = {
        Side.AGENCY: _("It is done, and waits for the agency to look at it."),
        Side.CLIENT: _("It is done, and waits for the client to look at it."),
    }
    return [sentences[facts["sides"][0]], how_long(facts, now)]


def say_material(facts: dict, now: datetime) -> list[str]:
    sentences = {
        Side.AGENCY: _("The client asked the agency for it, and it has not come yet."),
        Side.CLIENT: _("The agency asked the client for it, and it has not come yet."),
    }
    due = _("It was to come by %(day)s.") % {"day": day_in(facts, "due_on")} if facts["due_on"] else ""
    return [sentences[facts["sides"][0]], due, how_long(facts, now)]


def say_source(facts: dict, _now: datetime) -> list[str]:
    lost = _("It gives no more numbers: the access has run out.")
    refused = _("It gives no more numbers: the platform refuses.")
    last = _("The last ones came on %(day)s.") % {"day": moment_in(facts, "last")} if facts["last"] else ""
    return [lost if facts["error"] == "reauthorise" else refused, last]


def say_brief(facts: dict, _now: datetime) -> list[str]:
    words = {"person": facts["person"], "number": facts["number"], "day": moment_in(facts, "at")}
    return [_("%(person)s submitted version %(number)s of the brief on %(day)s.") % words]


def say_alert(facts: dict, _now: datetime) -> list[str]:
    words = {"alert": kind_name(facts["alert"]), "day": moment_in(facts, "since")}
    return [_("%(alert)s, since %(day)s.") % words, _("The client does not see this line.")]


SAYINGS: dict[str, Callable[[dict, datetime], list[str]]] = {
    "kpi": say_kpi,
    "gap": say_gap,
    "agreement": say_agreement,
    "amendment": say_amendment,
    "debrief": say_debrief,
    "goal": say_goal,
    "conclusion": say_conclusion,
    "overdue": say_overdue,
    "review": say_review,
    "material": say_material,
    "source": say_source,
    "brief": say_brief,
    "alert": say_alert,
}

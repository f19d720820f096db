"""What the parts of a report are called, and what stands under it by law."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kpis import footnotes
from kpis.blocks import BadLayout
from kpis.reporting import period_with
from kpis.ritual import Period
from smmportal.formatting import format_day, month_name, quoted


def kind_names() -> dict[str, str]:
    """The heading that a block has unless its template gives it another."""
    return {
        "summary": _("In short"),
        "kpi_table": _("The numbers"),
        "kpi_charts": _("Day by day"),
        "goals": _("Goals"),
        "reviews": _("What we did"),
        "dips": _("Dips and what they were"),
        "posts": _("Posts"),
        "next_steps": _("Next steps"),
        "sources": _("Where the numbers come from"),
        "text": _("Words of your own"),
    }


def kind_notes() -> dict[str, str]:
    """What a kind of block shows, for whoever makes a template."""
    return {
        "summary": _("The course of all KPIs and a sentence on each."),
        "kpi_table": _("Each KPI over the period, against the one before, with its target."),
        "kpi_charts": _("A chart for each KPI, gaps drawn as gaps."),
        "goals": _("Goals that run or ended, and how far they are."),
        "reviews": _("What was said in reviews, and the tasks that got done."),
        "dips": _("Days outside the expected band, with their explanations."),
        "posts": _("The best and the weakest at an equal age."),
        "next_steps": _("Open tasks, the nearest first."),
        "sources": _("How each source stands, and through which day its numbers are final."),
        "text": _("Nothing but your words."),
    }


def heading(block: dict) -> str:
    return block["title"] or kind_names()[block["kind"]]


def say_period(first: date, last: date) -> str:
    """«ноябрь 2026» of a whole month, «3–9 ноября 2026», «28 сентября — 4 октября 2026»."""
    if period_with(first, "monthly") == Period(first, last):
        return f"{month_name(first.month)} {first.year}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{format_day(last)}" if first != last else format_day(last)
    style = "near" if first.year == last.year else "long"
    return f"{format_day(first, style)} — {format_day(last)}"


def title_of(content: dict) -> str:
    return _("Report No. %(number)s") % {"number": content["number"]}


def footnote_words() -> dict[str, str]:
    """Each is marked with an asterisk where the text below is about a name that carries one."""
    return {
        footnotes.META: _("* Meta, which owns Instagram and Facebook, is recognised in Russia as extremist."),
        footnotes.META_ADS: _(
            "Since 1 September 2025 advertising on Instagram and Facebook is forbidden in Russia (Federal Law "
            "No. 72-FZ of 7 April 2025). Keeping an account there is not."
        ),
        footnotes.AD_LABELS: _(
            "Advertising on the internet in Russia is labelled: an ERID from an operator of advertising data, who "
            "reports it to the state register."
        ),
        footnotes.ASK_A_LAWYER: _("This is no legal advice: check with a lawyer."),
    }


def state_words() -> dict[str, str]:
    return {
        "draft": pgettext("report", "draft"),
        "checking": pgettext("report", "being checked"),
        "checked": pgettext("report", "checked"),
        "issued": pgettext("report", "issued"),
    }


#: The status whose shape a state wears.
STATE_MARKS = {"draft": "no_target", "checking": "at_risk", "checked": "ahead", "issued": "on_track"}


def layout_sentence(error: BadLayout) -> str:
    """Why a list of blocks can't be kept."""
    sentences = {
        "empty": _("A report needs at least one block."),
        "too_many": _("A report has at most 20 blocks."),
        "same_key": _("Two blocks have the same key: %(block)s."),
        "unknown_kind": _("There is no such kind of block: %(block)s."),
        "bad_key": _("The key of a block is a short word in Latin letters: %(block)s."),
        "bad_words": _("The heading of a block is at most 120 characters: %(block)s."),
        "bad_option": _("One of the choices of this block is not on offer: %(block)s."),
        "unknown_option": _("This block has an option that nobody knows: %(block)s."),
    }
    return sentences[error.code] % {"block": error.block}


def missing_words(blocks: list[dict]) -> str:
    """“In short” still needs a word of yours."""
    names = ", ".join(quoted(heading(block)) for block in blocks)
    sentence = ngettext(
        "The block %(blocks)s still needs your words. Write them, then go on.",
        "The blocks %(blocks)s still need your words. Write them, then go on.",
        len(blocks),
    )
    return sentence % {"blocks": names}


def say_unfinished(found: list) -> str:
    """What the period waits for, number by number."""
    return "; ".join(
        _("%(kpi)s: final through %(day)s") % {"kpi": one.kpi, "day": format_day(one.final_through, "near")}
        if one.final_through
        else _("%(kpi)s: nothing is final yet") % {"kpi": one.kpi}
        for one in found
    )


def say_age(code: str) -> str:
    """«on day 7»: at what age posts are compared."""
    return {
        "1d": _("a day after publishing"),
        "3d": _("three days after publishing"),
        "7d": _("seven days after publishing"),
        "28d": _("28 days after publishing"),
    }[code]

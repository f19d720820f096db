"""What the coach found, said to a person: the advice in the reader's language, the words marked, a day to propose."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects.coach import Advice, Check, Reading, check
from projects.coach.dates import add_months, step_span
from projects.models import Project
from smmportal.formatting import format_day

METRIC_NAMES = {
    "followers": gettext_lazy("followers"),
    "unfollows": gettext_lazy("unfollows"),
    "reach": gettext_lazy("reach"),
    "impressions": gettext_lazy("impressions"),
    "views": gettext_lazy("views"),
    "video_views": gettext_lazy("video views"),
    "engagement_rate": gettext_lazy("engagement rate"),
    "likes": gettext_lazy("likes"),
    "comments": gettext_lazy("comments"),
    "shares": gettext_lazy("shares"),
    "saves": gettext_lazy("saves"),
    "mentions": gettext_lazy("mentions"),
    "clicks": gettext_lazy("clicks"),
    "ctr": gettext_lazy("click-through rate"),
    "visits": gettext_lazy("visits to the site"),
    "bounce_rate": gettext_lazy("bounce rate"),
    "leads": gettext_lazy("leads"),
    "sales": gettext_lazy("sales"),
    "revenue": gettext_lazy("revenue"),
    "conversion_rate": gettext_lazy("conversion rate"),
    "cost_per_click": gettext_lazy("cost per click"),
    "cost_per_lead": gettext_lazy("cost per lead"),
    "cost_per_follower": gettext_lazy("cost per follower"),
    "romi": gettext_lazy("return on marketing investment"),
    "response_time": gettext_lazy("response time"),
    "posts": gettext_lazy("posts"),
}

SENTENCES = {
    "no_metric": gettext_lazy(
        "Which number will show it: followers, reach, leads, sales? Name one, and both sides will look at"
        " the same thing."
    ),
    "foreign_metric": gettext_lazy(
        "The portal does not follow this number. Which one that it does follow would show the same: leads,"
        " sales, revenue?"
    ),
    "no_change": gettext_lazy("By how much should it grow, or up to what level (%(metric)s)?"),
    "no_change_down": gettext_lazy("By how much should it fall, or down to what level (%(metric)s)?"),
    "no_change_hold": gettext_lazy("Which level should be kept (%(metric)s)?"),
    "no_number": gettext_lazy("How much? Name a number, a percentage or “from … to …”."),
    "range": gettext_lazy("You name a range. Which one figure would you both call a success?"),
    "no_deadline": gettext_lazy("By what day? For example: by 1 March, or in three months."),
    "no_deadline_hold": gettext_lazy("From what day, or until what day, should it hold?"),
    "vague_deadline": gettext_lazy("You name two lengths of time. By which one day do you check the result?"),
    "past_deadline": gettext_lazy("The day you name has passed. Which day ahead do you mean?"),
    "achievable": gettext_lazy(
        "To judge whether it is within reach, the portal needs this number’s own history: connect the source or import"
        " its past. Until then write down what makes you think so: the trend, the budget, the people."
    ),
    "achievable_incomplete": gettext_lazy(
        "Whether it is within reach can be judged when the number, the amount and the day are there, and the number’s"
        " history."
    ),
    "relevant": gettext_lazy("What is it for? Name the business goal or the answer of the brief that it serves."),
    "two_metrics": gettext_lazy(
        "There are two numbers in this goal; it was read by the first. Make the other a goal of its own."
    ),
    "two_platforms": gettext_lazy(
        "There are two platforms in this goal; it was read by one. Say which one, or write two goals."
    ),
    "guaranteed": gettext_lazy(
        "Nobody can guarantee this result: part of it is outside the agency’s reach. What can be promised?"
    ),
}
LETTERS = {"specific": "S", "measurable": "M", "achievable": "A", "relevant": "R", "time_bound": "T"}
TITLES = {
    "specific": gettext_lazy("Specific"),
    "measurable": gettext_lazy("Measurable"),
    "achievable": gettext_lazy("Achievable"),
    "relevant": gettext_lazy("Relevant"),
    "time_bound": gettext_lazy("Time-bound"),
}


def sentence_of(advice: Advice | None) -> str:
    """The advice in the active language; an empty string for none."""
    if advice is None:
        return ""
    facts = {name: str(METRIC_NAMES[value]) if name == "metric" else value for name, value in advice.facts.items()}
    return str(SENTENCES[advice.code]) % facts


def today_of(project: Project | None) -> date:
    """Today where the project is, or where the reader is."""
    return timezone.localdate(timezone=ZoneInfo(project.timezone)) if project else timezone.localdate()


def parsed_of(reading: Reading) -> dict:
    """What was read, as the API says it."""
    change = reading.change
    return {
        "metric": reading.metric,
        "platform": reading.platform,
        "direction": reading.direction,
        "change": {"kind": change.kind, "value": plain(change.value)} if change else None,
        "deadline": reading.deadline,
    }


def plain(value: Decimal) -> str:
    """Decimal notation without an exponent and without needless zeros."""
    return format(value.normalize(), "f")


def criteria_of(found: Check) -> dict[str, dict]:
    return {
        name: {"ok": criterion.ok, "span": criterion.span, "advice": sentence_of(criterion.advice)}
        for name, criterion in found.criteria.items()
    }


def warnings_of(found: Check) -> list[str]:
    return [sentence_of(advice) for advice in found.warnings]


@dataclass(frozen=True)
class Letter:
    """A row of the panel: what was found for a letter of SMART, or what to ask."""

    name: str
    letter: str
    title: str
    ok: bool | None
    words: str
    question: str


@dataclass(frozen=True)
class Panel:
    """The «Check» panel under a goal's statement. `pieces` are (text, letter or "")."""

    pieces: list[tuple[str, str]]
    letters: list[Letter]
    warnings: list[str]
    suggestions: list[str]


def panel_for(text: str, project: Project) -> Panel | None:
    """Everything the panel shows, in the active language; None for an empty statement."""
    if not text.strip():
        return None
    today = today_of(project)
    found = check(text, today)
    suggestions = [] if found.reading.deadline else list(deadlines_for(text, project, today))
    return Panel(list(pieces_of(text, found)), letters_of(text, found), warnings_of(found), suggestions)


def letters_of(text: str, found: Check) -> list[Letter]:
    return [
        Letter(
            name,
            LETTERS[name],
            str(TITLES[name]),
            criterion.ok,
            text[slice(*criterion.span)] if criterion.span else "",
            sentence_of(criterion.advice),
        )
        for name, criterion in found.criteria.items()
    ]


def pieces_of(text: str, found: Check) -> Iterator[tuple[str, str]]:
    """The statement cut where the words relied on begin and end; of two that overlap the first is marked."""
    spans = sorted((*criterion.span, LETTERS[name]) for name, criterion in found.criteria.items() if criterion.span)
    place = 0
    for start, end, letter in spans:
        if start < place:
            continue
        if start > place:
            yield text[place:start], ""
        yield text[start:end], letter
        place = end
    if place < len(text):
        yield text[place:], ""


def deadlines_for(text: str, project: Project, today: date) -> Iterator[str]:
    """Days that one tap adds to the statement, in its own language: the project's end, a quarter's, three months."""
    with translation.override("ru" if any("а" <= sign <= "я" for sign in text.lower()) else "en"):
        if project.ends_on and project.ends_on > today:
            yield _("by %(day)s") % {"day": format_day(project.ends_on, "long")}
        quarter = step_span(today, 3)
        if quarter.last - today < timedelta(days=30):
            quarter = step_span(add_months(quarter.first, 3), 3)
        yield _("by %(day)s") % {"day": format_day(quarter.last, "long")}
        yield _("in three months")

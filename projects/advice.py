"""The coach's sentences, in the reader's language: its questions, its warnings, and what the history says."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from projects.coach import Advice
from projects.coach.history import YEAR, Judgement, Need, Number
from smmportal.formatting import format_day, format_number, format_percent, format_signed, quoted

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
    "which_number": gettext_lazy("Which of these numbers is the goal: %(figures)s?"),
    "what_number": gettext_lazy(
        "What does %(figures)s count here? Write the number whole, with what it counts: “5,000 followers”, “by 20 %%”."
    ),
    "doubtful_metric": gettext_lazy("Which of these is the goal: %(metrics)s? Make the other a goal of its own."),
    "doubtful_direction": gettext_lazy("Should this number grow, fall or be kept? Say which."),
    "doubtful_deadline": gettext_lazy(
        "Is “%(words)s” the day by which the goal should be reached? If so, write it beside the number."
    ),
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
    "per_what": gettext_lazy(
        "Of what time is this number: a month’s, a week’s, or of the whole time until the deadline? Say it, and the"
        " portal compares it with the past."
    ),
    "which_source": gettext_lazy("Which of them do you mean: %(choices)s? Each has a history of its own."),
    "no_current": gettext_lazy(
        "The source has not told this number yet, so nobody can say how far it is. It comes with the next pull."
    ),
    "relevant": gettext_lazy("What is it for? Name the business goal or the answer of the brief that it serves."),
    "relevant_which": gettext_lazy("Which business goal does it serve: %(tasks)s? If none of them, write a new one."),
    "serves_business_goal": gettext_lazy("Serves the business goal “%(words)s”."),
    "serves_task": gettext_lazy("Serves the task from the brief: “%(words)s”."),
    "serves_success": gettext_lazy("It is what the brief calls a success: “%(words)s”."),
    "serves_followed": gettext_lazy("The brief names it among the numbers that matter: “%(words)s”."),
    "two_metrics": gettext_lazy(
        "There are two numbers in this goal; it was read by the first. Make the other a goal of its own."
    ),
    "two_platforms": gettext_lazy(
        "There are two platforms in this goal; it was read by one. Say which one, or write two goals."
    ),
    "guaranteed": gettext_lazy(
        "Nobody can guarantee this result: part of it is outside the agency’s reach. What can be promised?"
    ),
    "vanity": gettext_lazy(
        "This number alone (%(metric)s) proves little: it can grow while the business does not. Name beside it what"
        " must not get worse: unfollows, cost of a lead, bounce rate."
    ),
    "target_reached": gettext_lazy(
        "The target is reached already: %(place)s shows %(now)s now. Choose one that is still ahead, or write a level"
        " to keep."
    ),
    "after_project": gettext_lazy(
        "The deadline is after the project’s last day, %(day)s. Move one of them, or nobody will be there to look."
    ),
    "before_project": gettext_lazy(
        "The deadline is before the project begins, on %(day)s. Which later day do you mean?"
    ),
}

#: Where a number is, as it follows the number's name.
PLACES = {
    "instagram": gettext_lazy("on Instagram"),
    "facebook": gettext_lazy("on Facebook"),
    "vk": gettext_lazy("on VK"),
    "telegram": gettext_lazy("in Telegram"),
    "youtube": gettext_lazy("on YouTube"),
    "tiktok": gettext_lazy("on TikTok"),
    "ok": gettext_lazy("on Odnoklassniki"),
    "dzen": gettext_lazy("on Dzen"),
    "linkedin": gettext_lazy("on LinkedIn"),
    "x": gettext_lazy("on X"),
    "pinterest": gettext_lazy("on Pinterest"),
    "threads": gettext_lazy("on Threads"),
    "max": gettext_lazy("in MAX"),
    "website": gettext_lazy("on the site"),
}


def sentence_of(advice: Advice | None) -> str:
    """The advice in the active language; an empty string for none."""
    if advice is None:
        return ""
    if advice.code.startswith("history_"):
        return say_history(**advice.facts)
    return str(SENTENCES[advice.code]) % said(advice.facts)


def said(facts: Mapping[str, object]) -> dict[str, object]:
    """The facts as words: names of numbers, figures, days."""
    words = dict(facts)
    if "metric" in facts:
        words["metric"] = METRIC_NAMES[facts["metric"]]
    if isinstance(facts.get("day"), date):
        words["day"] = format_day(facts["day"])
    if number := facts.get("number"):
        words |= {"place": number.place, "now": figure(facts["current"], number)}
    if "figures" in facts:
        words["figures"] = one_of(facts["figures"])
    if "metrics" in facts:
        words["metrics"] = one_of([str(METRIC_NAMES[metric]) for metric in facts["metrics"]])
    if "choices" in facts:
        words["choices"] = "; ".join(dict.fromkeys(choice.place for choice in facts["choices"]))
    if "tasks" in facts:
        words["tasks"] = "; ".join(quoted(text) for text in facts["tasks"])
    return words


def one_of(names: Sequence[str]) -> str:
    """«2 800 or 5 000», «likes, reach or leads»."""
    *first, last = names
    return _("%(first)s or %(last)s") % {"first": ", ".join(first), "last": last} if first else last


# --- What the history says ------------------------------------------------------------------------------------------


def say_history(judgement: Judgement, number: Number, current: Decimal | None, choices: tuple = ()) -> str:
    """Figures first, then the past, then what follows from it."""
    verdict = judgement.verdict
    if verdict == "reached":
        return _("%(place)s shows %(now)s already.") % {"place": number.place, "now": figure(current, number)}
    parts = [say_need(judgement.need, number, current)]
    if verdict == "short":
        parts.append(
            _(
                "To judge it, the portal needs %(wanted)s of this number’s history; so far it has %(history)s."
                " Import its past, or write down what makes you think so."
            )
            % {"wanted": days_words(judgement.wanted), "history": days_words(judgement.history)}
        )
        return " ".join(parts)
    parts.append(say_windows(judgement, number))
    conclusions = {
        "enough": _("It is within reach."),
        "rare": _("Possible, but not usual: what will be different this time?"),
        "never": _("Lower the target, take more time, or say what will be different this time."),
    }
    return " ".join([*parts, conclusions[verdict]])


def say_need(need: Need, number: Number, current: Decimal | None) -> str:
    """«Нужно: +840 за 98 дней (ВКонтакте, сейчас 4 210).»"""
    words = {"days": days_words(need.days), "place": number.place, "now": figure(current, number)}
    if need.kind == "hold":
        words["level"] = figure(need.value, number)
        sentence = (
            _("Needed: %(level)s or more for %(days)s (%(place)s).")
            if need.up
            else _("Needed: %(level)s or less for %(days)s (%(place)s).")
        )
        return sentence % words
    if need.kind == "total":
        words["total"] = format_number(need.value)
        return _("Needed: %(total)s in %(days)s (%(place)s).") % words
    words["change"] = change_words(need, number)
    if current is None:
        return _("Needed: %(change)s in %(days)s (%(place)s).") % words
    return _("Needed: %(change)s in %(days)s (%(place)s, now %(now)s).") % words


def change_words(need: Need, number: Number) -> str:
    value = need.value if need.up else -need.value
    if need.kind == "relative":
        return format_percent(value) if value < 0 else f"+{format_percent(value)}"
    signed = format_signed(value, decimals_of(need.value, number))
    return _("%(number)s pp") % {"number": signed} if number.unit == "percent" else with_period(signed, number)


def figure(value: Decimal | None, number: Number) -> str:
    """A value with its unit: «4 210», «4,5 %», «312 в день»."""
    if value is None:
        return format_number(None)
    if number.unit == "percent":
        return format_percent(value)
    return with_period(format_number(value, decimals_of(value, number)), number)


def with_period(words: str, number: Number) -> str:
    return _("%(number)s a day") % {"number": words} if number.shape in ("flow", "people") else words


def decimals_of(value: Decimal, number: Number) -> int | None:
    """The mean of a day may be small: «0.4 a day» says more than «0 a day»."""
    return number.decimals if abs(value) >= 10 else None


def say_windows(judgement: Judgement, number: Number) -> str:
    """«За прошлый год так быстро росло 1 окно из 9 (окно — 98 дней, история за 412 дней).»"""
    need = judgement.need
    span = min(judgement.history, max(YEAR, 2 * need.days))
    words = {
        "past": _("In the past year") if span == YEAR else _("In the past %(days)s") % {"days": days_words(span)},
        "good": judgement.good,
        "windows": judgement.windows,
        "days": days_words(need.days),
        "history": days_words(judgement.history),
    }
    sentence = sentence_of_none(need) if judgement.good == 0 else sentence_of_some(need, judgement.good)
    measure = _("(a window is %(days)s, history: %(history)s).") % words
    return f"{sentence % words} {measure}"


def sentence_of_some(need: Need, good: int) -> str:
    if need.kind == "hold":
        return ngettext(
            "%(past)s %(good)s window of %(windows)s kept this level",
            "%(past)s %(good)s windows of %(windows)s kept this level",
            good,
        )
    if need.kind == "total":
        return ngettext(
            "%(past)s %(good)s window of %(windows)s brought as much",
            "%(past)s %(good)s windows of %(windows)s brought as much",
            good,
        )
    if need.up:
        return ngettext(
            "%(past)s %(good)s window of %(windows)s grew as fast",
            "%(past)s %(good)s windows of %(windows)s grew as fast",
            good,
        )
    return ngettext(
        "%(past)s %(good)s window of %(windows)s fell as fast",
        "%(past)s %(good)s windows of %(windows)s fell as fast",
        good,
    )


def sentence_of_none(need: Need) -> str:
    if need.kind == "hold":
        return _("%(past)s none of %(windows)s windows kept this level")
    if need.kind == "total":
        return _("%(past)s none of %(windows)s windows brought as much")
    if need.up:
        return _("%(past)s none of %(windows)s windows grew as fast")
    return _("%(past)s none of %(windows)s windows fell as fast")


def days_words(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": format_number(count)}

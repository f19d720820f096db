"""Hints in words, in the reader's language."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy

from projects.hints import Hint
from smmportal.formatting import format_day, format_number

PLATFORM_NAMES = {
    "instagram": "Instagram",
    "facebook": "Facebook",
    "vk": gettext_lazy("VK"),
    "telegram": "Telegram",
    "youtube": "YouTube",
    "tiktok": "TikTok",
    "ok": gettext_lazy("Odnoklassniki"),
    "dzen": gettext_lazy("Dzen"),
    "linkedin": "LinkedIn",
    "x": "X",
    "pinterest": "Pinterest",
    "threads": "Threads",
    "max": "MAX",
    "website": gettext_lazy("Website"),
}

SENTENCES = {
    "deadline_before_start": gettext_lazy(
        "Success is dated %(due_on)s, but the work begins on %(start_on)s. Please check both days."
    ),
    "deadline_after_end": gettext_lazy(
        "Success is dated %(due_on)s, after the project ends on %(end_on)s. Move one of the two days."
    ),
    "decision_before_start": gettext_lazy(
        "Whether to go on is decided on %(due_on)s, before the work begins on %(start_on)s. Please check both days."
    ),
    "goal_before_start": gettext_lazy(
        "The goal is due on %(due_on)s, before the work begins on %(start_on)s. Please check both days."
    ),
    "goal_after_end": gettext_lazy(
        "The goal is due on %(due_on)s, after the project ends on %(end_on)s. Move one of the two days."
    ),
    "target_not_above": gettext_lazy(
        "Success is %(wanted)s, and the number is %(now)s now: there is nothing left to grow. Please check both"
        " figures."
    ),
    "target_not_below": gettext_lazy(
        "Success is %(wanted)s, and the number is %(now)s now: there is nothing left to bring down. Please check both"
        " figures."
    ),
    "ads_without_budget": gettext_lazy(
        "Paid promotion is wanted, and the budget has nothing for advertising. Name a sum, or leave promotion out."
    ),
    "excluded_and_wanted": gettext_lazy(
        "%(platforms)s is excluded in one line and wanted in another. Which of the two holds?"
    ),
    "excluded_in_scope": gettext_lazy(
        "%(platforms)s is excluded, and still publications are expected there. Which of the two holds?"
    ),
    "excluded_in_goal": gettext_lazy("%(platforms)s is excluded in the brief, and there is a goal on it."),
    "excluded_in_kpi": gettext_lazy("%(platforms)s is excluded in the brief, and there is a KPI on it."),
    "no_access": gettext_lazy("These come first, and no access to them is named yet: %(platforms)s."),
    "no_decider": gettext_lazy(
        "Nobody is named who makes the final decision. Without one person signatures and approvals will wait."
    ),
    "ads_banned": gettext_lazy(
        "Since %(since_on)s Federal Law No. 72-FZ of 7 April 2025 forbids advertising in Russia on sites to which"
        " access is restricted; it concerns %(platforms)s. Running a page there is not itself banned. A promo code or a"
        " link to pay may count as advertising: check with a lawyer."
    ),
}


def sentence_of(hint: Hint) -> str:
    return str(SENTENCES[hint.code]) % {name: say(value) for name, value in hint.facts.items()}


def say(value: object) -> str:
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, tuple):
        return ", ".join(str(PLATFORM_NAMES[code]) for code in value)
    return format_number(value)


def hints_by_key(hints: Iterable[Hint]) -> dict[str, list[str]]:
    """For each answer the sentences that stand beside it."""
    beside = defaultdict(list)
    for hint in hints:
        for key in hint.keys:
            beside[key].append(sentence_of(hint))
    return beside


def hints_in_words(hints: Iterable[Hint]) -> list[dict]:
    """As the API says them."""
    return [
        {
            "code": hint.code,
            "keys": list(hint.keys),
            "goals": list(hint.goals),
            "soft": hint.is_soft,
            "text": sentence_of(hint),
        }
        for hint in hints
    ]

"""What the law of a country asks a report to say, by what the report speaks of. Pure: codes out, words elsewhere.

Russia (`../shared/platforms.md`, “Russian-market constraints”):
- whoever mentions Instagram or Facebook says that Meta is recognised as extremist;
- since 1 September 2025 advertising on them is forbidden (72-FZ of 7 April 2025), keeping an account is not;
- advertising on the internet is labelled (ERID through an operator of advertising data, and on to the state register).
None of it is legal advice, and the report says that too.
"""

import re
from collections.abc import Collection, Iterable

RUSSIA = "ru"
JURISDICTIONS = ("ru", "")
META, META_ADS, AD_LABELS, ASK_A_LAWYER = "meta", "meta_ads", "ad_labels", "ask_a_lawyer"
META_PLATFORMS = {"instagram", "facebook"}
#: Numbers that only advertising has.
PAID = {"spend", "cost_per_click", "cost_per_lead", "cost_per_follower", "romi"}
MENTION = re.compile(
    r"(?<!\w)(Instagram|Facebook|Threads|Meta|Инстаграм\w*|Инстаграмм\w*|Инста|Инсту|Инсте|Фейсбук\w*)(?![\w*])",
    re.IGNORECASE,
)


def footnotes_of(
    jurisdiction: str, *, platforms: Collection[str], metrics: Collection[str], texts: Iterable[str]
) -> list[str]:
    """The codes of the footnotes, in order; none where the law asks for none."""
    if jurisdiction != RUSSIA:
        return []
    speaks_of_meta = bool(META_PLATFORMS & set(platforms)) or any(MENTION.search(text) for text in texts)
    is_paid = bool(PAID & set(metrics))
    found = [META] * speaks_of_meta + [META_ADS] * (speaks_of_meta and is_paid) + [AD_LABELS] * is_paid
    return [*found, ASK_A_LAWYER] if {META_ADS, AD_LABELS} & set(found) else found


def starred(text: str) -> str:
    """The same words with an asterisk after each of the names that the footnote is about."""
    return MENTION.sub(r"\1*", text)

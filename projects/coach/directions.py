"""Which way the sentence points: the words that say up, down or hold, and where they stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from projects.coach import words
from projects.coach.amounts import Amount
from projects.coach.tokens import Token

Direction = Literal["up", "down", "hold"]
Way = Literal["up", "down", "hold", "better", "faster", "reach"]


@dataclass(frozen=True, slots=True)
class Leaning:
    """A word of direction. «better» and «faster» mean up or down by the metric; «reach» only that it moves."""

    way: Way
    place: int
    is_habit: bool = False


TABLE: tuple[tuple[Way, frozenset[str]], ...] = (
    ("hold", words.HOLD),
    ("better", words.BETTER),
    ("down", words.DOWN),
    ("up", words.UP),
    ("faster", words.FASTER),
    ("reach", words.REACHING),
)


#: Russian verbs say with a prefix how much: «приподнять», «подрастить», «подснизить».
ROOTS: tuple[tuple[Way, tuple[str, ...]], ...] = (
    ("up", ("поднять", "растить", "повысить", "увеличить", "множить", "прибавить")),
    ("down", ("снизить", "сократить", "уменьшить")),
)


def find_leanings(tokens: Sequence[Token], amounts: Iterable[Amount], taken: set[int]) -> list[Leaning]:
    """In order of the text; words inside times and guards («не больше 30 %») say nothing here."""
    guarded = {place for amount in amounts if amount.guard for place in range(amount.start, amount.end)}
    found = []
    for place, token in enumerate(tokens):
        if place in taken or place in guarded or token.kind != "word":
            continue
        way = "better" if is_brought_back(tokens, place) else way_of(token)
        if way is None or is_history(tokens, token) or is_of_nothing(tokens, place):
            continue
        if way in ("up", "down") and is_negated(tokens, place):
            way = "hold"
        if (way in ("up", "down", "reach") or token.role == "past") and is_told(tokens, place):
            continue
        if way == "hold" and goes_on(tokens, place):
            continue
        found.append(Leaning(way, place, token.is_any(words.HABITS)))
    return found


def word_before(tokens: Sequence[Token], place: int) -> str:
    return tokens[place - 1].text if place else ""


#: «Once more», «be more active»: no more of anything.
NO_AMOUNT_BEFORE = {"once", "be", "become", "look", "feel", "being"}
BRINGING = {"bring", "get", "take", "win", "put", "push"}


def is_brought_back(tokens: Sequence[Token], place: int) -> bool:
    """«Bring it back by March»: to where it was better."""
    near = tokens[max(0, place - 4) : place]
    return tokens[place].text == "back" and any(token.text in BRINGING for token in near)


def is_of_nothing(tokens: Sequence[Token], place: int) -> bool:
    return tokens[place].text in ("more", "less") and word_before(tokens, place) in NO_AMOUNT_BEFORE


def way_of(token: Token) -> Way | None:
    way = next((way for way, known in TABLE if token.is_any(known)), None)
    return way or next((way for way, endings in ROOTS if any(form.endswith(endings) for form in token.forms)), None)


def is_history(tokens: Sequence[Token], token: Token) -> bool:
    return token.text in words.FELL and not any(other.text in ("чтобы", "чтоб", "бы") for other in tokens)


#: What may stand between a «not» and the verb that it forbids: «не хочу, чтобы цена росла», «don't want it to drop».
BETWEEN = words.words_of(
    "дать давать допустить допускать должен должный хотеть надо нужно чтобы чтоб бы мочь следовать позволить позволять"
    " let allow want to have the it us should must be go fall get going so that become our any , более больше"
)


def is_negated(tokens: Sequence[Token], place: int) -> bool:
    """«Чтобы охват не падал», «don't let reach drop», «не должна вырасти», «ниже не опускаться»."""
    before = tokens[place - 1] if place else None
    if before is not None and before.is_any({"перестать", "прекратить", "stop", "остановить"}):
        return True
    after = tokens[place + 1].text if place + 1 < len(tokens) else ""
    if after == "нельзя" or (tokens[place].text in BOUNDS and after in ("не", "never")):
        return True
    near = list(tokens[max(0, place - 7) : place])
    denied = [at for at, token in enumerate(near) if token.text in words.NEGATIONS]
    if not denied:
        return False
    between = near[denied[-1] + 1 :]
    others = [token for token in between if not token.is_any(BETWEEN)]
    is_let = any(token.is_any(LETTING) for token in between)
    return not others or (is_let and all(token.kind == "word" or token.text == "," for token in others))


LETTING = words.words_of("дать давать допустить допускать позволить позволять let allow want хотеть чтобы чтоб")
BOUNDS = {"ниже", "выше", "больше", "меньше", "дороже", "чаще", "реже"}


def is_worsening(token: Token) -> bool:
    """«Keep leaving», «keeps falling»: said of what goes wrong, and no wish to keep it."""
    return token.text.endswith("ing") and token.is_any(words.DOWN | words.LEAVING | words.LOSING)


def is_told(tokens: Sequence[Token], place: int) -> bool:
    """«Охваты падают», «views keep falling»: how things go, where the same breath wishes for nothing."""
    token = tokens[place]
    if (
        token.text.endswith("ing")
        and place
        and tokens[place - 1].text in ("keep", "keeps", "is", "are", "been", "kept")
    ):
        return True
    if token.text.isascii() and token.text.endswith("ed") and is_past_form(tokens, place):
        return True
    if place and tokens[place - 1].role == "past" and token.text in BOUNDS:
        token = tokens[place - 1]  # «стало меньше»
    if token.role not in ("past", "present") or not token.text.endswith(THIRD_PERSON):
        return False
    near = [other.text for other in tokens[max(0, place - 12) : place + 3]]
    return not any(word in words.SUPPOSING for word in near)


def is_past_form(tokens: Sequence[Token], place: int) -> bool:
    """«Reach dipped», but not «should be reduced», «want it lowered»."""
    near = {token.text for token in tokens[max(0, place - 3) : place]}
    return not near & PASSIVE


PASSIVE = {"be", "being", "get", "it", "them", "want", "need", "to", "see", "have", "like"}
THIRD_PERSON = ("ет", "ит", "ут", "ют", "ат", "ят", "ется", "ится", "утся", "ются", "атся", "ятся",
                "л", "ла", "ло", "ли", "лся", "лась", "лось", "лись")  # fmt: skip


def goes_on(tokens: Sequence[Token], place: int) -> bool:
    """«Keep growing», «сохранить рост»: the other word says the way; «keep posting» keeps."""
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    if after is not None and is_worsening(after):
        return True
    return (
        after is not None and way_of(after) in ("up", "better") and after.text not in ("above", "выше", "up", "higher")
    )

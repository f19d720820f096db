"""Whatever is typed, the coach answers, with places that are in the text, and the same answer twice."""

from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from projects.coach import Check, check
from tests.projects.coach.golden import sentences

TODAY = date(2026, 11, 23)
PIECES = [
    "подписчики", "увеличить", "на", "20", "%", "с", "до", "тысяч", "к", "марту", "2027", "в", "раза", "reach", "the",
    "of",
    "1 марта", "half", "quarter", "a", "million", "by", "не", "больше", "-", "+", "₽", "$", ".", ",", "за", "последние",
    "31", "февраля", "пост", "per", "week", "ER", "x", "2", "п.", "и", "в месяц", "next", "end", "Q5", "32.13.2027",
    "\u00a0", "\u0301", "🚀", "\u202e", "\0", "\n", "инсте", "ок", "0", "00", "٣", "²", "½", "ⅷ",
]  # fmt: skip
SOUP = st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)
ANYTHING = st.text(max_size=300) | SOUP
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


def spans(found: Check) -> list[tuple[int, int]]:
    return [criterion.span for criterion in found.criteria.values() if criterion.span]


@settings(max_examples=150, deadline=None)
@given(ANYTHING, DAYS)
@example("а" * 10_000, TODAY)
@example("1 000 " * 1_600, TODAY)
@example("of the " * 1_400, TODAY)
@example("a@" * 5_000, TODAY)
@example("+7 900 " * 1_400, TODAY)
@example("пост 5 " * 1_400, TODAY)
@example("\0\u202e🚀" * 3_000, TODAY)
@example("за 99999 лет до 31.02.2027 и 2099 год на 1e400 %", TODAY)
@example("29 февраля", date(2100, 12, 31))
def test_any_text_gets_an_answer_with_places_inside_it(text, today):
    found = check(text, today)
    assert all(0 <= start < end <= len(text) for start, end in spans(found))
    assert check(text, today) == found


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sentences("ru") + sentences("en")), st.sampled_from(["", "🚀 ", "\u00a0\n", "— "]))
def test_the_marked_words_move_with_what_stands_before(sentence, before):
    today = date.fromisoformat(sentence["today"])
    bare, moved = check(sentence["text"], today), check(before + sentence["text"], today)
    assert spans(moved) == [(start + len(before), end + len(before)) for start, end in spans(bare)]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sentences("ru") + sentences("en")))
def test_spaces_that_do_not_break_are_spaces(sentence):
    today, text = date.fromisoformat(sentence["today"]), sentence["text"]
    assert check(text.replace(" ", "\u00a0"), today) == check(text, today)

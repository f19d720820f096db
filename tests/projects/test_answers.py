"""What each type of question takes, stores and refuses."""

import pytest

from projects.answers import LONGEST_TEXT, TYPES, Unclear, clean, read, write

CHOICES = [{"value": "leads", "label": "Leads"}, {"value": "sales", "label": "Sales"}]
COLUMNS = [
    {"key": "what", "type": "text"},
    {"key": "value", "type": "number"},
    {"key": "by", "type": "date"},
    {"key": "place", "type": "one_of", "choices": CHOICES},
]
QUESTIONS = {
    "long_text": {},
    "text": {},
    "number": {},
    "date": {},
    "money": {},
    "one_of": {"choices": CHOICES, "note": {"en": "Why"}},
    "many_of": {"choices": CHOICES, "note": {"en": "Why"}},
    "links": {},
    "person": {},
    "table": {"columns": COLUMNS, "most": 2, "note": {"en": "Currency"}},
    "files": {"note": {"en": "Or a link"}},
}
GOOD = {
    "long_text": "We roast coffee ☕",
    "text": "مرحبا <b>not bold</b>",
    "number": "11800.5",
    "date": "2027-03-01",
    "money": {"amount": "90000", "currency": "RUB"},
    "one_of": {"choice": "leads", "note": "calls"},
    "many_of": {"choices": ["leads", "sales"], "note": ""},
    "links": ["https://vk.com/roast", "https://t.me/roast"],
    "person": {"name": "Dmitry", "contact": "@dmitry"},
    "table": {"rows": [{"what": "followers", "value": "12000", "by": "2027-03-01", "place": "leads"}], "note": "RUB"},
    "files": {"files": [], "note": "https://disk.example/roast"},
}


def question(kind: str) -> dict:
    return {"key": "Q", "type": kind, **QUESTIONS[kind]}


def test_every_type_has_an_example_here():
    assert set(GOOD) == set(TYPES)


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_answer_is_stored_as_it_is(kind):
    assert clean(question(kind), GOOD[kind]) == GOOD[kind]


@pytest.mark.parametrize("kind", GOOD)
def test_what_a_page_shows_reads_back_as_the_same_answer(kind):
    asked = question(kind)
    assert clean(asked, read(asked, write(asked, GOOD[kind]))) == GOOD[kind]


@pytest.mark.parametrize("kind", GOOD)
def test_none_is_no_answer(kind):
    assert clean(question(kind), None) is None


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize("strings", [[], [""], ["", ""], ["   "]])
def test_empty_inputs_are_no_answer(kind, strings):
    assert clean(question(kind), read(question(kind), strings)) is None


@pytest.mark.parametrize("kind", GOOD)
@pytest.mark.parametrize(
    "value", [True, 3.5, [[]], {"x": 1}, [None], {"rows": 5}, {"rows": [5]}, {"choices": "leads"}, {"choices": [{}]}]
)
def test_a_value_of_another_shape_is_refused_in_words_or_read_as_a_number(kind, value):
    try:
        result = clean(question(kind), value)
    except Unclear as error:
        assert str(error)
    else:
        assert result in (None, "3.5", {"choice": "", "note": ""})


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        ("text", "a\x00b", "There is a NUL character in the text. Please remove it."),
        ("text", "\ud800", "The text is broken: it holds half of a character."),
        ("text", "x" * 501, "The text has 501 characters; at most 500 fit."),
        ("long_text", "x" * 10_001, "The text has 10001 characters; at most 10000 fit."),
        ("number", "many", "“many” is not a number. Write it in figures."),
        ("number", "1e99", "This number is too large."),
        ("number", "NaN", "This number is too large."),
        ("date", "1 March", "“1 March” is not a date. Write it as year-month-day: 2027-03-01."),
        ("one_of", {"choice": "x"}, "“x” is not one of the options."),
        ("many_of", {"choices": ["leads", "x"]}, "“x” is not one of the options."),
        ("links", ["no link"], "“no link” is not a link. Write one link a line."),
        ("links", ["ftp://a.example"], "A link begins with https:// or http://."),
        ("links", ["a.example"] * 51, "There are too many lines; at most 50 fit."),
        ("person", {"name": "", "contact": "@d"}, "Please write this person's name too."),
        ("table", {"rows": [{}] * 3}, "There are too many lines; at most 2 fit."),
        ("table", {"rows": [{"value": "few"}]}, "“few” is not a number. Write it in figures."),
    ],
)
def test_nonsense_is_refused_in_words(kind, value, sentence):
    with pytest.raises(Unclear) as refusal:
        clean(question(kind), value)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("11 800,5", "11800.5"), ("11,800.5", "11800.5"), ("12,000", "12000"), ("0", "0"), (0, "0"), ("−3", "-3")],
)
def test_a_number_is_read_as_people_write_it(typed, stored):
    assert clean(question("number"), typed) == stored


def test_ten_thousand_characters_fit():
    assert clean(question("long_text"), "я" * LONGEST_TEXT) == "я" * LONGEST_TEXT


def test_a_site_without_its_scheme_gets_one():
    assert clean(question("links"), ["vk.com/roast", ""]) == ["https://vk.com/roast"]


def test_money_needs_its_currency():
    with pytest.raises(Unclear, match="RUB"):
        clean(question("money"), {"amount": "5", "currency": "XXX"})


def test_choices_are_stored_once_in_the_order_of_the_form():
    value = {"choices": ["sales", "leads", "sales"]}
    assert clean(question("many_of"), value) == {"choices": ["leads", "sales"], "note": ""}


def test_a_row_left_empty_disappears_where_rows_are_free():
    rows = [{"what": ""}, {"what": "leads"}]
    cleaned = clean(question("table"), {"rows": rows})
    assert cleaned == {"rows": [{"what": "leads", "value": "", "by": "", "place": ""}], "note": ""}


def test_a_row_left_empty_stays_where_rows_have_names():
    asked = {**question("table"), "columns": COLUMNS[:1], "row_labels": [{"en": "Work"}, {"en": "Ads"}]}
    cleaned = clean(asked, {"rows": [{"what": ""}, {"what": "5"}]})
    assert cleaned == {"rows": [{"what": ""}, {"what": "5"}], "note": ""}

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from smmportal import formatting

N = "\u00a0"
DAY = date(2027, 3, 1)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(params=["ru"])
def russian(request):
    with translation.override(request.param):
        yield


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (11800, f"11{N}800"),
        (Decimal("1234567.50"), f"1{N}234{N}567,5"),
        ("11558.126", f"11{N}558,13"),
        (0, "0"),
        (0.0, "0"),
        (-0.0, "0"),
        (-3, "−3"),
        (0.004567, "0,0046"),
        (-0.0001, "−0,0001"),
        (3.999, "4"),
        (2.005, "2,01"),
        (None, "—"),
        ("", "—"),
        (float("nan"), "—"),
        (float("inf"), "—"),
    ],
)
def test_a_number_in_russian(russian, value, words):
    assert formatting.format_number(value) == words


@pytest.mark.parametrize(
    ("value", "words"), [(11800, "11,800"), (1234.5, "1,234.5"), (-3, "−3"), (0, "0"), (None, "—")]
)
def test_a_number_in_english(english, value, words):
    assert formatting.format_number(value) == words


@pytest.mark.parametrize(
    ("value", "decimals", "words"), [(3, 2, "3,00"), (2.5, 0, "3"), (412.456, 1, "412,5"), (None, 2, "—")]
)
def test_decimals_when_asked_for(russian, value, decimals, words):
    assert formatting.format_number(value, decimals) == words


@pytest.mark.parametrize(
    ("value", "words"), [(20, "+20"), (-3, "−3"), (0, "0"), (Decimal("0.00"), "0"), (0.5, "+0,5"), (None, "—")]
)
def test_a_change_carries_its_sign(russian, value, words):
    assert formatting.format_signed(value) == words


@pytest.mark.parametrize(("language", "words"), [("ru", "«Бриф»"), ("en", "“Бриф”")])
def test_a_title_is_quoted_as_the_language_does(language, words):
    with translation.override(language):
        assert formatting.quoted("Бриф") == words


def test_a_percentage_stands_apart_in_russian_and_close_in_english():
    with translation.override("ru"):
        assert [formatting.format_percent(value) for value in (20, 3.4, None)] == [f"20{N}%", f"3,4{N}%", "—"]
    with translation.override("en"):
        assert [formatting.format_percent(value) for value in (20, 3.4, None)] == ["20%", "3.4%", "—"]


@pytest.mark.parametrize(
    ("style", "russian_words", "english_words"),
    [
        ("long", f"1{N}марта 2027", f"1{N}March 2027"),
        ("near", f"1{N}марта", f"1{N}March"),
        ("short", f"1{N}мар", f"1{N}Mar"),
        ("weekday", f"пн, 1{N}марта", f"Mon, 1{N}March"),
        ("full", f"понедельник, 1{N}марта 2027", f"Monday, 1{N}March 2027"),
    ],
)
def test_a_day_in_every_style(style, russian_words, english_words):
    with translation.override("ru"):
        assert formatting.format_day(DAY, style) == russian_words
    with translation.override("en"):
        assert formatting.format_day(DAY, style) == english_words


def test_short_months_keep_words_of_four_letters(russian):
    months = [formatting.short_month(month) for month in range(1, 13)]
    assert months == ["янв", "фев", "мар", "апр", "мая", "июня", "июля", "авг", "сен", "окт", "ноя", "дек"]


def test_a_moment_is_told_in_the_zone_asked_for(russian):
    assert formatting.format_moment(NOW, ZoneInfo("Asia/Kathmandu")) == f"23{N}ноября 2026, 15:15"
    assert formatting.format_time(NOW, ZoneInfo("Europe/Moscow")) == "12:30"


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=20), "только что"),
        (timedelta(minutes=1), "1 минуту назад"),
        (timedelta(minutes=3), "3 минуты назад"),
        (timedelta(minutes=59), "59 минут назад"),
        (timedelta(hours=2), "2 часа назад"),
        (timedelta(hours=20), "вчера"),
        (timedelta(days=5), "5 дней назад"),
        (timedelta(days=30), f"24{N}октября 2026"),
    ],
)
def test_how_long_ago(russian, ago, words, settings):
    settings.TIME_ZONE = "Europe/Moscow"
    assert formatting.format_since(NOW - ago, NOW) == words


def test_what_is_missing_is_a_dash():
    missing = [formatting.format_day(None), formatting.format_moment(None), formatting.format_since(None)]
    assert missing == ["—", "—", "—"]


@pytest.mark.parametrize(
    ("words", "picked"),
    [
        ({"ru": "Привет", "en": "Hello"}, "Привет"),
        ({"en": "Hello"}, "Hello"),
        ({"de": "Hallo"}, "Hallo"),
        ({"ru": "", "en": "Hello"}, "Hello"),
        ("as it is", "as it is"),
        ({}, ""),
        (None, ""),
    ],
)
def test_the_readers_language_is_picked(russian, words, picked):
    assert formatting.pick_language(words) == picked


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("К 1 марта ждём 11 800 из 12 000", f"К{N}1 марта ждём 11{N}800 из{N}12{N}000"),
        ("успеем с вероятностью 64 %", f"успеем с{N}вероятностью 64{N}%"),
        ("проект — на плаву", f"проект{N}— на{N}плаву"),
        ("5 млн ₽", f"5{N}млн ₽"),
        ("кто-то из нас", f"кто-то из{N}нас"),
    ],
)
def test_short_words_and_units_stay_together(russian, text, kept):
    assert formatting.keep_together(text) == kept


def test_english_short_words_may_break(english):
    assert formatting.keep_together("to be of use by 5 %") == f"to be of use by 5{N}%"


@pytest.mark.parametrize(
    ("name", "letters"), [("Анна Серова", "АС"), ("anna@agency.example", "A"), ("Ё", "Ё"), ("", "?"), ("  ", "?")]
)
def test_initials(name, letters):
    assert formatting.initials(name) == letters


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox, Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) AppleWebKit Version/18 Mobile Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit Chrome/130 YaBrowser/24 Safari", "Yandex Browser, Android"),
        ("curl/8.0", "curl/8.0"),
        ("", ""),
    ],
)
def test_a_browser_by_its_name(agent, name):
    assert formatting.name_browser(agent) == name

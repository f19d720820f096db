from decimal import Decimal

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from smmportal.environment import (
    SHORTEST_SECRET,
    read_amount,
    read_apps,
    read_flag,
    read_secret,
    read_time_zone,
    read_url,
)

STRONG = "0123456789abcdefghijklmnopqrstuvwxyz-_ABCDEFGHIJKLMNOP"


def env_of(monkeypatch, **values) -> environ.Env:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return environ.Env()


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", True), ("true", True), ("YES", True), (" on ", True), ("0", False), ("off", False), ("", False)],
)
def test_a_flag_is_read(monkeypatch, value, expected):
    assert read_flag(env_of(monkeypatch, FLAG=value), "FLAG") is expected


def test_a_flag_that_is_neither_is_refused_in_words(monkeypatch):
    with pytest.raises(ImproperlyConfigured) as refusal:
        read_flag(env_of(monkeypatch, FLAG="perhaps"), "FLAG")
    assert str(refusal.value) == "FLAG must be 1 or 0, and it is «perhaps»."


@pytest.mark.parametrize(("value", "amount"), [("", "0"), ("0", "0"), (" 15 ", "15"), ("7.50", "7.50")])
def test_a_sum_of_money_is_read_and_nothing_is_zero(monkeypatch, value, amount):
    assert read_amount(env_of(monkeypatch, BUDGET=value), "BUDGET") == Decimal(amount)


@pytest.mark.parametrize("value", ["-1", "7,50", "5 USD", "1e3", "NaN", "٥", "0.001"])
def test_a_sum_that_is_none_is_refused_in_words(monkeypatch, value):
    with pytest.raises(ImproperlyConfigured) as refusal:
        read_amount(env_of(monkeypatch, BUDGET=value), "BUDGET")
    assert str(refusal.value) == f"BUDGET must be an amount such as 15 or 7.50, and it is «{value}»."


def test_a_strong_secret_is_taken(monkeypatch):
    assert read_secret(env_of(monkeypatch, SECRET=STRONG), "SECRET", kept_in=None) == STRONG


@pytest.mark.parametrize("weak", ["short", "a" * 60, "ab" * 30, STRONG[: SHORTEST_SECRET - 1]])
def test_a_weak_secret_is_refused_and_not_repeated(monkeypatch, weak):
    with pytest.raises(ImproperlyConfigured) as refusal:
        read_secret(env_of(monkeypatch, SECRET=weak), "SECRET", kept_in=None)
    assert str(refusal.value).startswith("SECRET is too weak: at least 50 characters")
    assert weak not in str(refusal.value)


def test_a_missing_secret_says_how_to_make_one(monkeypatch):
    with pytest.raises(ImproperlyConfigured) as refusal:
        read_secret(env_of(monkeypatch), "NO_SUCH_SECRET", kept_in=None)
    assert str(refusal.value).startswith("NO_SUCH_SECRET is not set. Make one with: ")


def test_a_relaxed_run_keeps_its_secret_in_a_file_that_only_we_read(monkeypatch, tmp_path):
    kept = tmp_path / "var" / "secret"
    first = read_secret(env_of(monkeypatch), "NO_SUCH_SECRET", kept_in=kept)
    assert read_secret(env_of(monkeypatch), "NO_SUCH_SECRET", kept_in=kept) == first == kept.read_text()
    assert len(first) >= SHORTEST_SECRET
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_url_loses_its_last_slash(monkeypatch):
    assert read_url(env_of(monkeypatch, BASE="https://portal.example/"), "BASE", "http://x") == "https://portal.example"


@pytest.mark.parametrize("value", ["portal.example", "ftp://portal.example", "javascript:alert(1)"])
def test_what_is_no_url_is_refused(monkeypatch, value):
    with pytest.raises(ImproperlyConfigured, match=r"BASE must begin with http:// or https://"):
        read_url(env_of(monkeypatch, BASE=value), "BASE", "http://x")


def test_a_time_zone_is_read_or_refused(monkeypatch):
    assert read_time_zone(env_of(monkeypatch, ZONE="Asia/Omsk"), "ZONE", "UTC") == "Asia/Omsk"
    assert read_time_zone(env_of(monkeypatch, ZONE=""), "ZONE", "UTC") == "UTC"
    with pytest.raises(ImproperlyConfigured) as refusal:
        read_time_zone(env_of(monkeypatch, ZONE="Mars/Base"), "ZONE", "UTC")
    assert str(refusal.value) == "ZONE must be a time zone such as Europe/Moscow, and it is «Mars/Base»."


# --- Applications at the platforms ---


@pytest.mark.parametrize(
    ("values", "apps"),
    [
        ({}, {}),
        ({"VK_CLIENT_ID": "7"}, {"VK": {"id": "7"}}),
        ({"X_CLIENT_ID": " a ", "X_CLIENT_SECRET": "b"}, {"X": {"id": "a", "secret": "b"}}),
        (
            {"OK_CLIENT_ID": "a", "OK_CLIENT_SECRET": "b", "OK_PUBLIC_KEY": "c"},
            {"OK": {"id": "a", "secret": "b", "public_key": "c"}},
        ),
    ],
)
def test_an_application_is_there_whole_or_not_at_all(monkeypatch, values, apps):
    assert read_apps(env_of(monkeypatch, **values)) == apps


def test_half_an_application_is_refused_in_words(monkeypatch):
    with pytest.raises(ImproperlyConfigured) as refusal:
        read_apps(env_of(monkeypatch, OK_CLIENT_ID="a"))
    assert str(refusal.value) == "OK_CLIENT_SECRET and OK_PUBLIC_KEY must be set too, or nothing of the OK application."

"""Public holidays of the country that a time zone belongs to. Pure; the package `holidays` knows the calendars."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

#: A span of days with its name; both days belong to it.
Holiday = tuple[date, date, str]
LANGUAGES = {"ru": "ru", "en": "en_US"}


@cache
def country_of(zone: str) -> str:
    """The ISO code of the country that a zone is named after; empty for one that is nobody's (UTC)."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return next((code for code, _place, name, *_more in rows if name == zone), "")


def holidays_between(zone: str, first: date, last: date, language: str) -> list[Holiday]:
    """The holidays that touch these days, in their order."""
    country = country_of(zone)
    if not country:
        return []
    days = [day for year in range(first.year - 1, last.year + 2) for day in holidays_of(country, year, language[:2])]
    return [span for span in as_spans(days) if span[1] >= first and span[0] <= last]


@cache
def holidays_of(country: str, year: int, language: str) -> list[tuple[date, str]]:
    import holidays  # half a second, and only who looks at a KPI's own page waits for it

    if country not in holidays.list_supported_countries():
        return []
    spoken = LANGUAGES.get(language)
    known = holidays.list_localized_countries().get(country, [])
    calendar = holidays.country_holidays(country, years=year, language=spoken if spoken in known else None)
    return sorted(calendar.items())


def as_spans(days: Iterable[tuple[date, str]]) -> list[Holiday]:
    """Days in a row are one holiday, named after the feasts in it; a day off that was moved there names nothing."""
    runs: list[list[tuple[date, str]]] = []
    for day, name in sorted(days):
        if runs and day - runs[-1][-1][0] <= timedelta(days=1):
            runs[-1].append((day, name))
        else:
            runs.append([(day, name)])
    return [(run[0][0], run[-1][0], name_of([name for _day, name in run])) for run in runs]


def name_of(names: Iterable[str]) -> str:
    names = list(dict.fromkeys(names))
    return ", ".join([name for name in names if "(" not in name] or names[:1])

"""Everything a person reads exists in Russian, once."""

import re
from io import StringIO

import polib
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from smmportal.management.commands.catalogues import AREAS, troubles_of


def catalogue(area: str) -> list[polib.POEntry]:
    path = settings.BASE_DIR / area / "locale/ru/LC_MESSAGES/django.po"
    return list(polib.pofile(str(path))) if path.exists() else []


@pytest.mark.parametrize("area", AREAS)
def test_nothing_is_missing_fuzzy_left_over_or_broken(area):
    assert troubles_of(settings.BASE_DIR / area / "locale/ru/LC_MESSAGES/django.po", area) == []


def test_one_phrase_has_one_translation_in_every_area():
    """All catalogues are merged into one when Django starts: the same phrase can't be two things without a context."""
    said: dict[tuple, dict[str, object]] = {}
    for area in AREAS:
        for entry in catalogue(area):
            words = tuple(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr
            if all(words) and words:  # what is not translated yet is the first test's matter
                said.setdefault((entry.msgctxt, entry.msgid), {})[area] = words
    assert {key: words for key, words in said.items() if len(set(words.values())) > 1} == {}


@pytest.mark.parametrize("area", AREAS)
def test_russian_is_typeset_as_russian(area):
    """«Ёлочки», not "quotes"; and no phrase left in English by mistake."""
    wrong = [entry.msgid for entry in catalogue(area) if {'"', "“"} & set(re.sub("<[^>]+>", "", entry.msgstr))]
    assert wrong == []


def test_the_check_fails_loudly(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError):
        call_command("catalogues", "--check", stdout=StringIO())

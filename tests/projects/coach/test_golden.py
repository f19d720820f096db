"""The golden sentences, whole. What the coach is known to miss is named here, so that it can't grow unseen."""

import pytest

from projects.coach.words import PLATFORM_PHRASES
from projects.coaching import METRIC_NAMES
from tests.projects.coach.golden import misses, sentences

KNOWN = {
    "ru": [
        ("сохранить темп прироста подписчиков 5% в месяц", "change"),
        ("через 2 недели запуск, нужно 50 предзаказов", "direction"),
    ],
    "en": [
        ("turn 2% of visitors into leads by May", "direction"),
        ("turn 2% of visitors into leads by May", "change"),
    ],
}


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_golden_sentences_are_read_as_they_are_meant(language):
    assert [(text, field) for text, field, _meant, _read in misses(language)] == KNOWN[language]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_there_are_enough_of_them_and_none_twice(language):
    texts = [sentence["text"] for sentence in sentences(language)]
    assert len(texts) >= 150
    assert len(set(texts)) == len(texts)


def test_the_golden_sentences_name_every_metric_and_platform():
    meant = [sentence["parsed"] for language in ("ru", "en") for sentence in sentences(language)]
    assert {goal["metric"] for goal in meant} - {None} == set(METRIC_NAMES)
    assert {goal["platform"] for goal in meant} - {None} == set(PLATFORM_PHRASES)

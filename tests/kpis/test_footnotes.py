"""What the law asks a report to say follows from what it speaks of and for whom."""

import pytest

from kpis.footnotes import footnotes_of, starred


@pytest.mark.parametrize(
    ("jurisdiction", "platforms", "metrics", "texts", "codes"),
    [
        ("ru", {"vk"}, {"followers"}, ["Всё растёт"], []),
        ("ru", {"instagram"}, {"followers"}, [], ["meta"]),
        ("ru", {"vk"}, {"followers"}, ["В Инстаграме тихо"], ["meta"]),
        ("ru", {"vk"}, {"spend"}, [], ["ad_labels", "ask_a_lawyer"]),
        ("ru", {"facebook"}, {"cost_per_lead"}, [], ["meta", "meta_ads", "ad_labels", "ask_a_lawyer"]),
        ("", {"facebook"}, {"spend"}, ["Instagram"], []),
    ],
)
def test_footnotes(jurisdiction, platforms, metrics, texts, codes):
    assert footnotes_of(jurisdiction, platforms=platforms, metrics=metrics, texts=texts) == codes


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Подписчики, Instagram", "Подписчики, Instagram*"),
        ("в Инстаграме и Фейсбуке.", "в Инстаграме* и Фейсбуке*."),
        ("Instagram* уже отмечен", "Instagram* уже отмечен"),
        ("Instagrammer, инструкция, Яндекс Метрика, metadata", "Instagrammer, инструкция, Яндекс Метрика, metadata"),
    ],
)
def test_names_that_the_footnote_is_about_carry_an_asterisk(text, shown):
    assert starred(text) == shown

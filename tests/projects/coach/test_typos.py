import pytest

from projects.coach.typos import mend


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("инстограм", "инстаграм"),
        ("инстогромме", "инстаграм"),
        ("телегррам", "телеграм"),
        ("подпищиков", "подписчик"),
        ("подписщиков", "подписчик"),
        ("вовличоность", "вовлеченность"),
        ("охвты", "охват"),
        ("процетов", "процент"),
        ("instgram", "instagram"),
        ("subsribres", "subscribers"),
        ("folowwers", "followers"),
        ("febuary", "february"),
    ],
)
def test_a_wrong_letter_in_a_short_word_and_two_in_a_long_one_are_mended(word, meant):
    assert meant in mend(word)


@pytest.mark.parametrize("word", ["охота", "телёнок", "interest", "conversation", "pointer", "инст", "а" * 30])
def test_other_words_are_left_alone(word):
    assert mend(word) == []

"""A report's template: an ordered list of blocks, and which of them can't stay without words."""

import pytest

from kpis import blocks


def test_the_shipped_template_is_a_layout_like_any_other():
    shipped = [dict(one) for one in blocks.SHIPPED]
    assert blocks.judged(shipped) == shipped


def test_what_a_block_leaves_out_is_as_usual():
    assert blocks.judged([{"kind": "posts", "title": " Best "}]) == [
        {"key": "posts", "kind": "posts", "title": "Best", "must_comment": False, "count": 3, "age": "7d"}
    ]


@pytest.mark.parametrize(
    ("layout", "code"),
    [
        ([], "empty"),
        ("summary", "empty"),
        ([{"kind": "text", "key": f"text-{number}"} for number in range(21)], "too_many"),
        ([{"kind": "text"}, {"kind": "text"}], "same_key"),
        ([{"kind": "weather"}], "unknown_kind"),
        (["summary"], "unknown_kind"),
        ([{"kind": "text", "key": "Ключ"}], "bad_key"),
        ([{"kind": "text", "title": "x" * 121}], "bad_words"),
        ([{"kind": "text", "must_comment": "yes"}], "bad_words"),
        ([{"kind": "posts", "count": 0}], "bad_option"),
        ([{"kind": "posts", "count": True}], "bad_option"),
        ([{"kind": "posts", "age": "2d"}], "bad_option"),
        ([{"kind": "summary", "count": 3}], "unknown_option"),
    ],
)
def test_a_layout_that_can_not_be_used_says_why(layout, code):
    with pytest.raises(blocks.BadLayout) as error:
        blocks.judged(layout)
    assert error.value.code == code


def test_one_more_block_of_a_kind_gets_a_key_of_its_own():
    assert [blocks.new_key("text", keys) for keys in ([], ["text"], ["text", "text-2"])] == ["text", "text-2", "text-3"]


def test_a_blank_is_no_commentary():
    layout = [
        blocks.block("summary", must_comment=True),
        blocks.block("goals", must_comment=True),
        blocks.block("dips"),
    ]
    missing = blocks.without_words(layout, {"summary": " \n", "goals": "We got there."})
    assert [one["key"] for one in missing] == ["summary"]

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.clock import Unreadable, as_json, from_json, read_hours, say_hours


@pytest.mark.parametrize(
    "text, spans",
    [
        ("", []),
        ("9-18", [(time(9), time(18))]),
        ("9:00–13:00, 14:30–18", [(time(9), time(13)), (time(14, 30), time(18))]),
        ("14.30 — 18; 9-13", [(time(9), time(13)), (time(14, 30), time(18))]),
        ("20-2", [(time(20), time(2))]),
        ("0-24", [(time(0), time(0))]),
        ("22−24", [(time(22), time(0))]),
    ],
)
def test_hours_as_people_write_them(text, spans):
    assert read_hours(text) == spans


@pytest.mark.parametrize(
    "text", ["nine to six", "9", "9-25", "9:60-10", "9-9", "9-13, 12-18", "20-2, 21-22", "9-18-20", "1-2," * 7]
)
def test_what_is_not_hours_is_refused(text):
    with pytest.raises(Unreadable):
        read_hours(text)


SPANS = st.sampled_from(["9-18", "9:00–13:00, 14–18", "0-24", "20-2", "10:15–10:45", ""]).map(read_hours)


@given(SPANS)
def test_what_is_said_is_read_back(spans):
    assert read_hours(say_hours(spans)) == spans
    assert from_json(as_json(spans)) == spans

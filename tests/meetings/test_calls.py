"""Where a call is held, by its link."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from meetings.calls import service_of
from tests.builders import make_meeting

STARTS = datetime(2026, 12, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "link, service",
    [
        ("https://telemost.yandex.ru/j/123", "Яндекс Телемост"),
        ("https://us02web.zoom.us/j/1?pwd=x", "Zoom"),
        ("https://meet.google.com/abc-defg-hij", "Google Meet"),
        ("https://meet.jit.si/Room", "Jitsi Meet"),
        ("https://vk.com/call/join/abc", "VK Звонки"),
        ("https://vk.com/somebody", ""),
        ("https://teams.microsoft.com/l/meetup-join/1", "Microsoft Teams"),
        ("https://zoom.us.evil.example/j/1", ""),
        ("https://evilzoom.us/j/1", ""),
        ("javascript:alert(1)//zoom.us", ""),
        ("https://[broken", ""),
        ("Room 2", ""),
    ],
)
def test_a_service_is_known_by_its_host(link, service):
    assert service_of(link) == service


def test_the_way_in_is_offered_from_a_quarter_of_an_hour_before(cast, browse):
    meeting = make_meeting(
        cast, starts_at=STARTS, ends_at=STARTS + timedelta(hours=1), place="https://telemost.yandex.ru/j/1"
    )
    page = browse(cast.decider)
    offered = []
    for minutes in (-16, -15, 30, 61):
        with time_machine.travel(STARTS + timedelta(minutes=minutes), tick=False):
            offered.append(meeting.may_be_joined)
    assert offered == [False, True, True, False]
    with time_machine.travel(STARTS, tick=False):
        page = browse(cast.decider)
        shown = [page.get(address).content.decode() for address in ("/", meeting.get_absolute_url())]
    assert ["Яндекс Телемост" in each for each in shown] == [True, True]

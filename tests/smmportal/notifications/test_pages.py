import re

import pytest

from smmportal.notifications.models import Notification, Preference
from tests.builders import make_notification


def sentences(answer) -> list[str]:
    """The notifications on the page, each with a star while it is new."""
    found = re.findall(r'<button class="notification-open"[^>]*>(.*?)</button>', answer.content.decode())
    return [re.sub(r"<span[^>]*>New: </span>", "* ", each) for each in found]


def tell(person, name: str, **fields) -> Notification:
    return make_notification(person, by_name=name, **fields)


def test_what_is_new_comes_first(cast, browse):
    from django.utils import timezone

    tell(cast.manager, "Anna")
    tell(cast.manager, "Boris", read_at=timezone.now())
    tell(cast.manager, "Vera")
    tell(cast.owner, "Gleb")
    assert sentences(browse(cast.manager).get("/notifications/")) == [
        "* Vera has joined Roast No. 7",
        "* Anna has joined Roast No. 7",
        "Boris has joined Roast No. 7",
    ]


def test_opening_marks_as_read_and_goes_to_the_page(cast, browse):
    notification = tell(cast.manager, "Anna")
    answer = browse(cast.manager).post(f"/notifications/{notification.pk}/reading/", {"open": "1"})
    notification.refresh_from_db()
    assert (answer.status_code, answer["Location"], notification.read_at is not None) == (302, "/settings/", True)


def test_marking_one_and_marking_all(cast, browse):
    first = tell(cast.manager, "Anna")
    tell(cast.manager, "Vera")
    browser = browse(cast.manager)
    assert browser.post(f"/notifications/{first.pk}/reading/")["Location"] == "/notifications/"
    assert Notification.objects.unread().count() == 1
    browser.post("/notifications/reading/")
    assert Notification.objects.unread().count() == 0


def test_looking_at_the_list_reads_nothing(cast, browse):
    tell(cast.manager, "Anna")
    browse(cast.manager).get("/notifications/")
    assert Notification.objects.unread().count() == 1


def test_an_empty_list_says_what_will_come(cast, browse):
    assert "Nothing has happened yet" in browse(cast.manager).get("/notifications/").content.decode()


@pytest.mark.parametrize("many", [1, 30])
def test_the_list_costs_the_same_with_1_and_30_rows(cast, browse, django_assert_num_queries, many):
    for number in range(many):
        tell(cast.manager, f"Person {number}")
    browser = browse(cast.manager)
    browser.get("/settings/")
    with django_assert_num_queries(5):
        browser.get("/notifications/")


def test_preferences_are_kept_box_by_box(cast, browse):
    browser = browse(cast.manager)
    assert browser.post("/notifications/settings/", {"person.joined:inapp": "on"}).status_code == 302
    said = {(each.event, each.channel): each.wanted for each in Preference.objects.filter(user=cast.manager)}
    assert (said["person.joined", "inapp"], said["person.joined", "email"]) == (True, False)
    boxes = re.findall(
        r'name="(person\.joined:\w+)"[^>]*?( checked)?>', browser.get("/notifications/settings/").content.decode()
    )
    assert boxes == [("person.joined:inapp", " checked"), ("person.joined:email", "")]


def test_every_box_has_a_name_for_a_screen_reader(cast, browse):
    content = browse(cast.manager).get("/notifications/settings/").content.decode()
    assert 'aria-label="Somebody has joined your organisation: By e-mail"' in content

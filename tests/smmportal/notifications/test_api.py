import pytest

from smmportal.notifications.models import Notification
from tests.builders import make_notification


def test_a_notification_is_told_in_a_sentence(cast, api):
    row = make_notification(cast.manager)
    (found,) = api(cast.manager).get("/api/v1/notifications/").json()["results"]
    assert (found.pop("created_at") is not None, found) == (
        True,
        {
            "id": row.pk,
            "event": "person.joined",
            "sentence": "Katya has joined Roast No. 7",
            "by_name": "Katya",
            "url": "/settings/",
            "read_at": None,
        },
    )


def test_reading_one_and_all(cast, api):
    first, _second = make_notification(cast.manager), make_notification(cast.manager)
    client = api(cast.manager)
    assert client.post(f"/api/v1/notifications/{first.pk}/reading/").json()["read_at"] is not None
    assert len(client.get("/api/v1/notifications/?unread=true").json()["results"]) == 1
    assert client.post("/api/v1/notifications/readings/").status_code == 204
    assert client.get("/api/v1/notifications/?unread=true").json()["results"] == []


@pytest.mark.parametrize("many", [1, 30])
def test_the_list_costs_the_same_with_1_and_30_rows(cast, api, django_assert_num_queries, many):
    for _number in range(many):
        make_notification(cast.manager)
    client = api(cast.manager)
    client.get("/api/v1/me/")
    with django_assert_num_queries(2):
        client.get("/api/v1/notifications/")


def test_preferences_are_read_and_changed_and_the_rest_stays(cast, api):
    client = api(cast.manager)
    changed = client.put("/api/v1/preferences/", {"preferences": {"role.changed": {"email": False}}}, format="json")
    assert changed.json() == client.get("/api/v1/preferences/").json()
    preferences = changed.json()["preferences"]
    assert (preferences["role.changed"], preferences["person.joined"]) == (
        {"inapp": True, "email": False},
        {"inapp": True, "email": True},
    )


@pytest.mark.parametrize("wrong", [{"no.such": {"email": True}}, {"role.changed": {"pigeon": True}}])
def test_an_unknown_event_or_channel_is_refused(cast, api, wrong):
    answer = api(cast.manager).put("/api/v1/preferences/", {"preferences": wrong}, format="json")
    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        {f"preferences.{next(iter(wrong))}": ["There is no such event or channel."]},
    )
    assert Notification.objects.count() == 0

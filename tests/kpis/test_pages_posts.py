"""The page of a source's posts, its file, and the same through the API."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from kpis.ladder import LADDER, STEPS, Aged, at_step
from kpis.models import Post, PostPoint, PostWatch
from kpis.queries import posts as queries
from kpis.queries.posts import Sight, say_age, say_tolerance
from tests.builders import make_post, make_post_point, make_snapshot, make_source

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
WEEK = timedelta(days=6, hours=20)


@pytest.fixture
def source(cast):
    source = make_source(cast)
    make_snapshot(cast, source=source)
    return source


def make_posts(cast, source, views, *, age=WEEK) -> list[Post]:
    """One post a day with these views at this age; None: not asked for then."""
    posts = []
    for number, value in enumerate(views):
        moment = NOON + timedelta(days=number)
        posts.append(make_post(cast, source=source, published_at=moment, opening=f"Post {number}"))
        if value is not None:
            make_post_point(cast, post=posts[-1], age=age, value=Decimal(value))
    return posts


def words(answer) -> str:
    return " ".join(answer.content.decode().replace("\xa0", " ").split())


def page(browse, person, source, query="") -> str:
    return words(browse(person).get(f"/sources/{source.pk}/posts/{query}"))


def listed(answer) -> list[str]:
    return [post["opening"] for post in answer.json()["results"]]


# --- The page ---


def test_posts_come_newest_first_with_their_latest_numbers_and_the_age_of_these(cast, source, browse):
    make_posts(cast, source, [1200, 1500])
    shown = page(browse, cast.viewer, source)
    assert shown.index("Post 1") < shown.index("Post 0")
    assert "1,500" in shown
    assert "on day 7" in shown
    assert "more than" not in shown


def test_at_an_equal_age_posts_are_ordered_by_the_metric_and_ranked_from_ten_on(cast, source, browse):
    make_posts(cast, source, [100 * number for number in range(10)])
    shown = page(browse, cast.viewer, source, "?age=7d&sort=views")
    assert [shown.index(f"Post {number}<") for number in range(9, -1, -1)] == sorted(
        shown.index(f"Post {number}<") for number in range(10)
    )
    assert "more than all the others" in shown
    assert "more than 88% of the posts" in shown
    assert "more than 0%" not in shown
    assert "more than 55% of the posts" in shown
    assert "10 posts are compared." in shown
    assert "Numbers at the age of 7 days: the last ones told in the 12 hours before it." in shown


def test_among_nine_posts_there_is_no_rank_and_the_page_says_so(cast, source, browse):
    make_posts(cast, source, range(1, 10))
    shown = page(browse, cast.viewer, source, "?age=7d&sort=views")
    assert "9 posts have this number at this age; posts are ranked from 10 on." in shown
    assert "more than" not in shown


def test_a_post_that_was_not_asked_for_at_this_age_has_a_gap_and_no_neighbours_number(cast, source, browse, api):
    make_posts(cast, source, [500, None])
    late = Post.objects.get(opening="Post 1")
    make_post_point(cast, post=late, age=timedelta(days=7, seconds=1), value=Decimal(900))
    make_post_point(cast, post=late, age=timedelta(days=6, hours=11), value=Decimal(700))
    assert "900" not in page(browse, cast.viewer, source, "?age=7d")
    told = api(cast.viewer).get(f"/api/v1/sources/{source.pk}/posts/?age=7d").json()["results"][0]
    assert told["numbers"][0] == {
        "metric": "views",
        "value": None,
        "reason": "",
        "taken_at": None,
        "age_seconds": None,
        "more_than_percent": None,
    }


def test_a_deleted_post_says_so_and_is_no_link(cast, source, browse):
    make_posts(cast, source, [5])
    Post.objects.update(gone_at=NOON + timedelta(days=9), permalink="https://vk.com/wall-1_99")
    shown = page(browse, cast.viewer, source)
    assert "deleted, seen on" in shown
    assert "https://vk.com/wall-1_99" not in shown


def test_a_hidden_number_is_said_to_be_hidden(cast, source, browse):
    [post] = make_posts(cast, source, [5])
    make_post_point(cast, post=post, metric="likes", value=None, reason="hidden")
    assert "The platform hides this number of the post." in page(browse, cast.viewer, source)


def test_a_platform_that_tells_nothing_of_posts_says_why(cast, browse, api):
    source = make_source(cast, platform="telegram")
    assert "Telegram tells no bot how often a post was viewed" in page(browse, cast.viewer, source)
    answer = api(cast.viewer).get(f"/api/v1/sources/{source.pk}/posts/")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:portal:no-posts")


def test_what_waits_and_what_went_wrong_is_said(cast, source, browse):
    assert "The first posts are on their way" in page(browse, cast.viewer, source)
    watch = PostWatch.objects.create(source=source, next_at=NOON, last_success_at=NOON)
    assert "Nothing was published here in the last four weeks." in page(browse, cast.viewer, source)
    watch.error_words = (
        "The platform did not answer properly. The portal will try again by itself; there is nothing to do."
    )
    watch.save()
    cast.viewer.language = "ru"
    cast.viewer.save()
    assert "Площадка не ответила как следует." in page(browse, cast.viewer, source)


@pytest.mark.parametrize(
    "query", ["?age=5y&sort=drop", "?age=7d&sort=likes__x", "?page=x", "?age=7d&sort=revenue", "?sort="]
)
def test_an_address_that_asks_for_nonsense_shows_something_sensible(cast, source, browse, query):
    make_posts(cast, source, [1200])
    assert "Post 0" in page(browse, cast.viewer, source, query)


def test_a_post_is_found_by_its_link(cast, source, browse, api):
    wanted, other = make_posts(cast, source, [1, 2])
    Post.objects.filter(pk=wanted.pk).update(external_id="-1_41", permalink="https://vk.com/wall-1_41")
    Post.objects.filter(pk=other.pk).update(external_id="-1_410", permalink="https://vk.com/wall-1_410")
    shown = page(browse, cast.viewer, source, "?link=vk.com%2Fcoffee%3Fw%3Dwall-1_41")
    assert ("Post 0" in shown, "Post 1" in shown) == (True, False)
    lost = page(browse, cast.viewer, source, "?link=https%3A%2F%2Fvk.com%40evil.example%2Fwall-1_41")
    assert "The portal has seen no such post here." in lost
    client, address = api(cast.viewer), f"/api/v1/sources/{source.pk}/posts/?permalink="
    assert listed(client.get(f"{address}https://vk.com/wall-1_410")) == ["Post 1"]
    assert client.get(f"{address}https://t.me/coffee/5").status_code == 400


def test_an_instagram_post_is_found_by_the_code_in_its_address(cast, browse):
    source = make_source(cast, platform="instagram")
    make_post(cast, source=source, external_id="178", permalink="https://www.instagram.com/p/C0000000001/")
    make_post(
        cast, source=source, external_id="179", permalink="https://www.instagram.com/p/C00000000011/", opening="No"
    )
    shown = page(browse, cast.viewer, source, "?link=https://instagram.com/obzharka7/p/C0000000001")
    assert ("Fresh harvest from Colombia" in shown, ">No<" in shown) == (True, False)


def test_the_posts_of_another_project_are_nobodys_here(cast, source, browse, api):
    make_posts(cast, source, [5])
    for person in (cast.stranger, cast.colleague, cast.neighbour):
        assert browse(person).get(f"/sources/{source.pk}/posts/").status_code == 404
        assert api(person).get(f"/api/v1/sources/{source.pk}/posts/").status_code == 404


def test_the_page_costs_the_same_with_one_post_and_with_thirty(cast, source, browse):
    browser, counts = browse(cast.viewer), []
    make_posts(cast, source, [1])
    browser.get(f"/sources/{source.pk}/posts/?age=7d&sort=views")
    for more in ([], range(29)):
        Post.objects.all().delete()
        make_posts(cast, source, [1, *more])
        with CaptureQueriesContext(
            connection,
        ) as captured:
            browser.get(f"/sources/{source.pk}/posts/?age=7d&sort=views")
        counts.append(len(captured))
    assert counts[0] == counts[1]


# --- What speaks for an age: the ladder and the database agree ---


@pytest.mark.parametrize("step", LADDER, ids=lambda step: step.code)
def test_sql_and_python_agree_on_which_reading_speaks_for_a_step(cast, source, step):
    edges = [step.earliest, step.aim, step.age]
    second = timedelta(seconds=1)
    ages = sorted({max(timedelta(), edge + shift) for edge in edges for shift in (-second, timedelta(), second)})
    for upto in range(1, len(ages) + 1):
        Post.objects.all().delete()
        post = make_post(cast, source=source)
        for number, age in enumerate(ages[:upto]):
            make_post_point(cast, post=post, age=age, value=Decimal(number))
        found = at_step(step, [Aged(age, Decimal(number)) for number, age in enumerate(ages[:upto])])
        told = queries.posts_in_order(source, Sight(step, "views")).get().at_age
        assert told == (found.value if found else None)


# --- The file ---


def test_the_file_has_a_row_for_each_post_and_age(cast, source, browse):
    [post] = make_posts(cast, source, [1200])
    make_post_point(cast, post=post, age=timedelta(minutes=50), value=Decimal(40))
    Post.objects.update(opening="=HYPERLINK(1)")
    answer = browse(cast.viewer).get(f"/sources/{source.pk}/posts/csv/")
    text = answer.content.decode()
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert text.startswith("\ufeff")
    assert rows[0][5:] == ["Age", "Age in hours", "Views", "Likes", "Comments", "Shares", "Reach", "Link clicks"]
    assert [row[2:3] + row[5:] for row in rows[1:]] == [
        ["'=HYPERLINK(1)", "1h", "0.8", "40", "", "", "", "", ""],
        ["'=HYPERLINK(1)", "7d", "164.0", "1200", "", "", "", "", ""],
        ["'=HYPERLINK(1)", "latest", "164.0", "1200", "", "", "", "", ""],
    ]
    assert rows[1][0] == "2026-11-01 15:00"


# --- The API ---


def test_a_post_through_the_api(cast, source, api):
    [post] = make_posts(cast, source, [1200])
    [told] = api(cast.viewer).get(f"/api/v1/sources/{source.pk}/posts/").json()["results"]
    assert {name: told[name] for name in told if name != "numbers"} == {
        "id": post.pk,
        "external_id": post.external_id,
        "permalink": "https://vk.com/wall-1_1",
        "published_at": "2026-11-01T15:00:00+03:00",
        "kind": "photo",
        "opening": "Post 0",
        "gone_at": None,
    }
    assert told["numbers"][0] == {
        "metric": "views",
        "value": "1200",
        "reason": "",
        "taken_at": "2026-11-08T11:00:00+03:00",
        "age_seconds": 590_400,
        "more_than_percent": None,
    }
    assert [number["metric"] for number in told["numbers"]] == [
        "views",
        "likes",
        "comments",
        "shares",
        "reach",
        "clicks",
    ]


def test_the_api_orders_by_a_metric_at_an_age_and_turns_pages(cast, source, api):
    make_posts(cast, source, [5, 900, None, 40, 40, 7, 8, 9, 10, 11, 12])
    client = api(cast.viewer)
    first = client.get(f"/api/v1/sources/{source.pk}/posts/?age=7d&sort=views&page_size=4")
    second = client.get(first.json()["next"])
    third = client.get(second.json()["next"])
    assert [*listed(first), *listed(second), *listed(third)] == [
        f"Post {number}" for number in (1, 4, 3, 10, 9, 8, 7, 6, 5, 0)
    ]
    assert first.json()["results"][0]["numbers"][0]["more_than_percent"] == 100


@pytest.mark.parametrize("query", ["age=5y", "age=7d&sort=revenue", "sort=views", "age=7d&sort=views__lt"])
def test_the_api_refuses_an_order_that_says_nothing(cast, source, api, query):
    answer = api(cast.viewer).get(f"/api/v1/sources/{source.pk}/posts/?{query}")
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:portal:invalid")


def test_platforms_say_what_they_tell_of_posts(cast, api):
    told = {one["code"]: one for one in api(cast.manager).get("/api/v1/platforms/").json()}
    assert told["vk"]["post_metrics"] == ["views", "likes", "comments", "shares", "reach", "clicks"]
    assert (told["telegram"]["post_metrics"], bool(told["telegram"]["post_silence"])) == ([], True)


# --- Words ---


@pytest.mark.parametrize(
    ("age", "in_english", "in_russian"),
    [
        (timedelta(minutes=1), "1 minute after publishing", "через 1 минуту после публикации"),
        (timedelta(minutes=52), "52 minutes after publishing", "через 52 минуты после публикации"),
        (timedelta(hours=5, minutes=45), "6 hours after publishing", "через 6 часов после публикации"),
        (timedelta(days=1), "24 hours after publishing", "через 24 часа после публикации"),
        (timedelta(days=2, hours=22), "on day 3", "на 3-й день"),
        (timedelta(days=7), "on day 7", "на 7-й день"),
    ],
)
def test_an_age_in_words(age, in_english, in_russian):
    assert say_age(age) == in_english
    with translation.override("ru"):
        assert say_age(age).replace("\xa0", " ") == in_russian


def test_every_steps_tolerance_is_stated():
    assert [say_tolerance(step) for step in STEPS.values()] == [
        "Numbers at the age of 1 hour: the last ones told in the 30 minutes before it.",
        "Numbers at the age of 6 hours: the last ones told in the hour before it.",
        "Numbers at the age of 1 day: the last ones told in the 3 hours before it.",
        "Numbers at the age of 3 days: the last ones told in the 6 hours before it.",
        "Numbers at the age of 7 days: the last ones told in the 12 hours before it.",
        "Numbers at the age of 28 days: the last ones told in the 48 hours before it.",
    ]


def test_the_latest_number_is_the_last_told_even_when_it_is_a_gap(cast, source):
    [post] = make_posts(cast, source, [1200])
    make_post_point(cast, post=post, age=timedelta(days=8), value=None, reason="hidden")
    [line] = queries.lines_of_posts(source, Post.objects.all(), Sight(), queries.Ranks())
    assert (line.numbers[0].value, line.numbers[0].reason, PostPoint.objects.count()) == (None, "hidden", 2)

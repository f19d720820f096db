import pytest

from smmportal.cache import ForgivingRedisCache


@pytest.fixture
def dead():
    """A cache whose Redis is not there: nobody listens on this port."""
    return ForgivingRedisCache("redis://127.0.0.1:9/0", {"OPTIONS": {"socket_connect_timeout": 0.2}})


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (lambda cache: cache.get("key"), None),
        (lambda cache: cache.get("key", "usual"), "usual"),
        (lambda cache: cache.set("key", 1), None),
        (lambda cache: cache.add("key", 1), True),
        (lambda cache: cache.touch("key"), False),
        (lambda cache: cache.delete("key"), False),
        (lambda cache: cache.incr("key"), 1),
        (lambda cache: cache.has_key("key"), False),
        (lambda cache: "key" in cache, False),
        (lambda cache: cache.get_many(["key"]), {}),
        (lambda cache: cache.set_many({"key": 1}), []),
        (lambda cache: cache.delete_many(["key"]), None),
        (lambda cache: cache.get_or_set("key", lambda: 5), 5),
    ],
)
def test_a_cache_that_is_away_forgets_and_never_fails(dead, ask, answer):
    assert ask(dead) == answer


def test_login_works_while_the_cache_is_away(cast, client, settings):
    from django.core.cache import caches

    settings.CACHES = {
        "default": {
            "BACKEND": "smmportal.cache.ForgivingRedisCache",
            "LOCATION": "redis://127.0.0.1:9/0",
            "OPTIONS": {"socket_connect_timeout": 0.2},
        }
    }
    assert isinstance(caches["default"], ForgivingRedisCache)
    answer = client.post("/accounts/login/", {"login": cast.manager.email, "password": "a-quiet-harbour-7"})
    assert (answer.status_code, answer["Location"]) == (302, "/")

from django.db import connection


def test_the_process_is_up_without_asking_anything(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "up"})


def test_ready_when_everything_answers(client, db, settings):
    settings.REDIS_URL = ""
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json(), answer["Cache-Control"]) == (
        200,
        {"status": "ready"},
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )


def test_not_ready_when_redis_is_away(client, db, settings):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "not ready", "reasons": {"broker": "ConnectionError"}},
    )


def test_not_ready_when_the_database_does_not_answer(client, db, settings):
    settings.REDIS_URL = ""

    def refuse(execute, sql, params, many, context):
        from django.db import InterfaceError

        raise InterfaceError("connection already closed")

    with connection.execute_wrapper(refuse):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (
        503,
        {"status": "not ready", "reasons": {"database": "InterfaceError"}},
    )


def test_neither_tells_anything_about_us(client, db, settings):
    settings.REDIS_URL = "redis://:a-password@127.0.0.1:9/0"
    assert "a-password" not in client.get("/readyz").content.decode()

from smmportal.celery import app


def test_every_tick_has_somebody_to_take_it():
    """A task that no module registers would be rung for in vain."""
    app.loader.import_default_modules()
    wanted = {tick["task"] for tick in app.conf.beat_schedule.values()}
    assert wanted - set(app.tasks) == set()


def test_a_tick_expires_before_the_next():
    assert [
        name for name, tick in app.conf.beat_schedule.items() if tick["options"]["expires"] > tick["schedule"]
    ] == []

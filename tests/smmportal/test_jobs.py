"""The row is the job, the message only a bell: with the broker away every write succeeds and nothing is lost."""

import pytest
from django.core import mail

from smmportal import jobs
from smmportal.celery import app
from smmportal.notifications.actions import deliver_due
from smmportal.notifications.models import Delivery
from smmportal.people.models import Invitation


@pytest.fixture
def no_broker():
    """A Redis that is not there: nobody listens on this port."""
    before = app.conf.broker_url, app.conf.broker_transport_options
    app.conf.broker_url = "redis://127.0.0.1:9/0"
    app.conf.broker_transport_options = {"socket_connect_timeout": 0.2}
    app.pool.force_close_all()
    app.__dict__.pop("amqp", None)
    yield
    app.conf.broker_url, app.conf.broker_transport_options = before
    app.pool.force_close_all()
    app.__dict__.pop("amqp", None)


def test_a_bell_that_can_not_be_rung_is_no_failure(no_broker):
    assert jobs.ring("portal.heartbeat", {}) is False


@pytest.mark.django_db(transaction=True)
def test_with_the_broker_away_the_write_succeeds_and_the_letter_goes_later(no_broker, cast, browse):
    answer = browse(cast.manager).post(
        f"/organisations/{cast.client.pk}/invitations/",
        {"email": "new@client.example", "role": "contact", "language": "en"},
    )
    assert (answer.status_code, Invitation.objects.count(), mail.outbox) == (302, 1, [])
    # The timetable's next tick finds the row.
    assert deliver_due() == 1
    assert [letter.to for letter in mail.outbox] == [["new@client.example"]]
    assert Delivery.objects.get().sent_at is not None


@pytest.mark.django_db(transaction=True)
def test_nothing_is_rung_for_what_was_rolled_back(cast, monkeypatch):
    from django.db import transaction

    rung = []
    monkeypatch.setattr(jobs, "ring", lambda task, kwargs: rung.append(task))
    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.later("portal.heartbeat")
        raise RuntimeError
    with transaction.atomic():
        jobs.later("portal.heartbeat")
        assert rung == []
    assert rung == ["portal.heartbeat"]

"""Queries whose SQL is worked out once: they answer as the query itself does."""

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore as DjangoStore
from django.utils import timezone

from smmportal.people.models import User
from smmportal.people.sessions import SessionStore
from smmportal.prepared import Prepared


def test_a_person_comes_whole_and_each_one_by_their_own_id(cast):
    for person in (cast.manager, cast.decider):
        found, usual = User.objects.get(pk=person.pk), User.objects.filter(pk=person.pk).get()
        fields = [field.attname for field in User._meta.concrete_fields]
        assert [getattr(found, name) for name in fields] == [getattr(usual, name) for name in fields]
        found.name = "Renamed"
        found.save()
        assert User.objects.get(pk=person.pk).name == "Renamed"


def test_nobody_is_found_by_an_id_that_nobody_has(cast):
    try:
        User.objects.get(pk=10**12)
    except User.DoesNotExist:
        return
    raise AssertionError


def test_values_take_the_places_of_the_marks_wherever_they_stand(cast):
    by_name = Prepared(
        lambda name, pk: User.objects.filter(name=name).exclude(pk=pk).order_by("pk").values_list("pk", "email"),
        str,
        int,
    )
    assert by_name.rows("Maxim", 0) == [(cast.manager.pk, "manager@agency.example")]
    assert by_name.rows("Maxim", cast.manager.pk) == []
    assert by_name.first("O'Brien; --", 0) is None


def test_a_session_is_kept_as_django_keeps_it_and_ends_in_time(db):
    kept = SessionStore()
    kept["colour"] = "blue"
    kept.save()
    assert SessionStore(kept.session_key)["colour"] == DjangoStore(kept.session_key)["colour"] == "blue"
    kept.model.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    ended = SessionStore(kept.session_key)
    assert ("colour" in ended, ended.session_key) == (False, None)


def test_a_session_that_is_ended_is_ended_at_once(cast, browse):
    client = browse(cast.manager)
    assert client.get("/").status_code == 200
    SessionStore(client.session.session_key).delete()
    assert client.get("/").status_code == 302

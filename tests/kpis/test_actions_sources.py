"""Connecting, mending and tending sources, with the stand-in on the other end of the wire."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from kpis.actions import sources as actions
from kpis.models import PlatformLogin, Source
from kpis.pulling import pull_source
from smmportal.audit import AuditEntry
from smmportal.refusals import Refused

SECRET = "sandbox-user-7f3a9c"
VK = {"platform": "vk", "credentials": {"token": SECRET}, "external_id": "207700007"}

pytestmark = pytest.mark.usefixtures("sandbox")


@pytest.fixture
def source(cast) -> Source:
    return actions.connect_source(cast.project, by=cast.manager, **VK)


def test_connecting_keeps_who_granted_what_and_is_due_at_once(cast, source):
    assert (source.title, source.timezone, source.platform) == ("Обжарка №7", "Europe/Moscow", "vk")
    assert source.next_pull_at <= timezone.now()
    login = source.login
    assert (login.organisation, login.name, login.token_kind) == (cast.agency, "Вера Зёрнова", "user")
    assert login.scopes == ["wall", "offline", "groups", "stats"]


def test_connecting_twice_gives_the_same_source_and_one_login(cast, source):
    again = actions.connect_source(cast.project, by=cast.specialist, **VK)
    assert (again, PlatformLogin.objects.count(), Source.objects.count()) == (source, 1, 1)


def test_the_bell_is_rung_for_the_first_pull(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as rung:
        actions.connect_source(cast.project, by=cast.manager, **VK)
    assert [callback.args for callback in rung] == [("kpis.pull_source", {"source_id": Source.objects.get().pk})]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"credentials": {"token": "stolen"}}, "reauthorise"),
        ({"credentials": {}}, "credentials-missing"),
        ({"external_id": "1"}, "account-unknown"),
        ({"external_id": "207700009"}, "account-refused"),
        ({"platform": "myspace"}, "unknown-platform"),
    ],
)
def test_what_cannot_be_connected_is_refused_in_words_and_leaves_no_source(cast, change, code):
    with pytest.raises(Refused) as refusal:
        actions.connect_source(cast.project, by=cast.manager, **{**VK, **change})
    assert (refusal.value.code, bool(refusal.value.sentence)) == (code, True)
    assert Source.objects.count() == 0


def test_a_viewer_only_looks_on(cast, source):
    for verb in (actions.ask_for_pull, actions.pause_source, actions.resume_source):
        with pytest.raises(PermissionDenied):
            verb(source, by=cast.viewer)
    with pytest.raises(PermissionDenied):
        actions.connect_source(cast.project, by=cast.viewer, **VK)


def test_nobody_uses_the_other_sides_access(cast, source):
    with pytest.raises(PermissionDenied):
        actions.discover_accounts(cast.project, source.login, by=cast.decider)


def test_a_mended_login_sets_all_its_sources_going(cast, source, sandbox):
    school = actions.connect_source(cast.project, by=cast.manager, **{**VK, "external_id": "207700008"})
    lost = {"error_kind": "reauthorise", "next_pull_at": None, "error_words": "x"}
    Source.objects.filter(pk__in=[source.pk, school.pk]).update(**lost)
    actions.reconnect_source(source, credentials={"token": "sandbox-user-fresh"}, by=cast.specialist)
    rows = Source.objects.filter(next_pull_at__lte=timezone.now()).values_list("error_kind", "error_words")
    assert list(rows) == [("", ""), ("", "")]
    assert PlatformLogin.objects.get().credentials["token"] == "sandbox-user-fresh"


def test_the_client_mends_with_a_token_of_its_own(cast, source):
    mended = actions.reconnect_source(source, credentials={"token": "sandbox-user-client"}, by=cast.decider)
    assert mended.login.organisation == cast.client
    assert PlatformLogin.objects.get(organisation=cast.agency).credentials["token"] == SECRET


def test_a_wrong_token_does_not_replace_a_good_one(cast, source):
    with pytest.raises(Refused):
        actions.reconnect_source(source, credentials={"token": "stolen"}, by=cast.manager)
    assert PlatformLogin.objects.get().credentials["token"] == SECRET


def test_asking_twice_pulls_once(cast, source, sandbox, django_capture_on_commit_callbacks):
    pull_source(source)
    Source.objects.update(last_attempt_at=timezone.now() - timezone.timedelta(hours=1))
    with django_capture_on_commit_callbacks() as rung:
        actions.ask_for_pull(source, by=cast.manager)
        actions.ask_for_pull(source, by=cast.manager)
    assert len(rung) == 1
    sandbox.reset()
    assert pull_source(Source.objects.get()) is not None
    assert pull_source(Source.objects.get()) is None


def test_a_platform_that_asked_us_to_wait_is_waited_for(cast, source):
    later = timezone.now() + timezone.timedelta(hours=1)
    Source.objects.update(error_kind="rate_limited", next_pull_at=later)
    with pytest.raises(Refused) as refusal:
        actions.ask_for_pull(source, by=cast.manager)
    assert refusal.value.code == "rate-limited"
    assert Source.objects.get().next_pull_at == later


def test_pausing_and_resuming_are_written_down_once(cast, source):
    for verb in (actions.pause_source, actions.pause_source, actions.resume_source, actions.resume_source):
        verb(source, by=cast.manager)
    verbs = AuditEntry.objects.filter(verb__startswith="source.").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["source.connected", "source.paused", "source.resumed"]


def test_access_that_nobody_used_is_forgotten(cast, source):
    actions.grant_access(cast.project, platform="metrika", credentials={"token": "sandbox-oauth"}, by=cast.manager)
    PlatformLogin.objects.update(granted_at=timezone.now() - timezone.timedelta(days=2))
    actions.forget_unused_logins()
    assert list(PlatformLogin.objects.values_list("platform", flat=True)) == ["vk"]


def test_the_token_is_in_no_row_page_answer_or_log(cast, source, browse, api, capfd, tmp_path):
    pull_source(source)
    pages = [
        browse(cast.manager).get(address).content.decode()
        for address in (
            f"/projects/{cast.project.pk}/sources/",
            f"/sources/{source.pk}/",
            f"/sources/{source.pk}/access/",
        )
    ]
    wrong = browse(cast.manager).post(f"/sources/{source.pk}/access/", {"token": "stolen-8d21", "community": ""})
    answers = [api(cast.manager).get(f"/api/v1/sources/{source.pk}/").content.decode()]
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [str([bytes(cell) if isinstance(cell, memoryview) else cell for cell in row]) for row in cursor]
    said = "".join([*pages, *answers, *rows, *capfd.readouterr()])
    assert SECRET not in said
    assert "stolen-8d21" not in wrong.content.decode()
    assert wrong.status_code == 200


def test_verify_finds_a_changed_snapshot(source, capsys):
    from django.core.management import CommandError

    pull_source(source)
    call_command("verify")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE kpis_snapshot SET first_day = '2020-01-01' WHERE id = (SELECT min(id) FROM kpis_snapshot)"
        )
    with pytest.raises(CommandError):
        call_command("verify")
    assert "its content does not match its hash" in capsys.readouterr().out


def test_rebuilding_says_what_differs_and_puts_it_right(source, capsys):
    from django.core.management import CommandError

    from kpis.models import Point

    pull_source(source)
    call_command("rebuild_points")
    point = Point.objects.filter(value__isnull=False).first()
    Point.objects.filter(pk=point.pk).update(value=1)
    with pytest.raises(CommandError):
        call_command("rebuild_points")
    call_command("rebuild_points", write=True)
    call_command("rebuild_points")
    assert Point.objects.get(pk=point.pk).value == point.value

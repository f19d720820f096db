"""Sign, amend, tamper and be found: from the form to `manage.py verify`."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from kpis.models import Agreement, Kpi
from kpis.queries.standings import today_of
from tests.builders import PASSWORD, make_points, make_series
from tests.journeys.conftest import DESK, PHONE
from tests.kpis.conftest import begun

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_signed_terms_are_amended_and_a_forger_is_found(cast, visit, capsys):
    today = today_of(begun(cast).project)
    series = make_series(cast)
    make_points(series, [10000, 10100], last=today - timedelta(days=1))
    manager, decider = visit(cast.manager, DESK), visit(cast.decider, PHONE, language="ru")
    draft_a_change(cast, manager, series, due_on=today + timedelta(days=90))
    sign(cast, manager, decider, number=1)
    amend(manager, Kpi.objects.get())
    sign(cast, manager, decider, number=2)
    decider.sees("рост на 25\u00a0%", "рост на 20\u00a0%")
    call_command("verify")
    assert capsys.readouterr().out == "Every hash matches.\n"
    forge_and_be_found(capsys)


def draft_a_change(cast, manager, series, *, due_on) -> None:
    manager.go(f"/projects/{cast.project.pk}/kpis/new/")
    page = manager.page
    page.select_option("#id_measure", f"{series.source_id}:followers")
    page.select_option("#id_kind", "change_by")
    page.fill("#id_change", "+20 %")
    manager.sees("Target: 12,1", "which is +20% of 10,1")
    manager.look()
    manager.fill(due_on=str(due_on), guardrail_waived_because="We only begin.")
    manager.press("Save the draft")
    manager.sees("Target: 12,1")


def sign(cast, manager, decider, *, number: int) -> None:
    manager.go(f"/projects/{cast.project.pk}/board/")
    manager.press("Prepare the agreement")
    manager.fill(password=PASSWORD)
    manager.press("Sign for Fairway")
    decider.go(Agreement.objects.get(number=number).get_absolute_url())
    decider.fill(password=PASSWORD)
    decider.press("Подписать за Roast No. 7")
    decider.sees("Подписали обе стороны")


def amend(manager, kpi) -> None:
    manager.go(kpi.get_absolute_url())
    manager.follow("Write new terms")
    manager.fill(change="25")
    manager.press("Save the draft")
    manager.sees("Target: 12,6")


def forge_and_be_found(capsys) -> None:
    newer = Kpi.objects.get(replaces__isnull=False)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kpis_kpi SET target = 10200 WHERE id = %s", [newer.pk])
    with pytest.raises(CommandError) as stopped:
        call_command("verify")
    assert (stopped.value.returncode, capsys.readouterr().out) == (
        1,
        f"kpi {newer.pk}: its terms are not those of agreement {newer.signed_in_id}\n",
    )

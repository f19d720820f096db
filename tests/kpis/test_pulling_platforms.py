"""Every platform of the registry, pulled into the database: its numbers arrive, and can be read again."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kpis.models import PlatformLogin, Point, Snapshot, Source
from kpis.pulling import pull_source
from kpis.recording import differences, unpack
from tests.builders import make_source
from tests.kpis.connectors.samples import SAMPLES

NOON = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture(params=sorted(SAMPLES))
def source(request, cast, sandbox, settings):
    settings.X_MONTHLY_BUDGET_USD = Decimal(1)
    sample = SAMPLES[request.param]
    login = PlatformLogin.objects.create(
        organisation=cast.agency,
        platform=sample.connector.code,
        credentials=sample.credentials,
        granted_by=cast.manager,
    )
    return make_source(
        cast,
        platform=sample.connector.code,
        external_id=sample.account.external_id,
        timezone=sample.account.timezone,
        login=login,
        began_on=date(2026, 10, 20),
        next_pull_at=NOON,
    )


def pull(source, sandbox, at):
    sandbox.today = lambda: at.date()
    Source.objects.filter(pk=source.pk).update(next_pull_at=at)
    return pull_source(Source.objects.get(pk=source.pk), clock=lambda: at, chance=lambda: 0.5)


def test_two_days_of_pulls_leave_numbers_that_can_be_read_again_and_no_secret(source, sandbox):
    for at in (NOON, NOON + timedelta(days=1)):
        assert pull(source, sandbox, at).error is None
    assert Point.objects.filter(series__source=source, value__isnull=False).exists()
    assert list(differences(source)) == []
    kept = "".join(str(unpack(snapshot)) for snapshot in Snapshot.objects.filter(source=source))
    assert not [name for name, value in source.login.credentials.items() if value in kept and "token" in name]

"""Every platform of the registry, pulled into the database: its numbers arrive, and can be read again."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from kpis.connectors.contract import Window
from kpis.models import PlatformLogin, Point, Revision, Snapshot, Source
from kpis.pulling import pull_source
from kpis.recording import differences, unpack
from kpis.sandbox.numbers import Recount
from tests.builders import make_source
from tests.kpis.connectors.samples import SAMPLES
from tests.kpis.connectors.situations import CASES, expected

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


def kept(source, window):
    """The numbers of these days in the database, by metric and day."""
    points = Point.objects.filter(series__source=source, day__in=list(window), value__isnull=False)
    return {(point.series.metric, point.day): point.value for point in points.select_related("series")}


def test_the_last_days_that_were_counted_anew_replace_what_was_told(source, sandbox):
    """As far back as the platform's numbers may change; the number of before stands among the revisions."""
    today, case = NOON.date(), CASES[source.platform]
    anew = Window(today - timedelta(days=2), today)
    pull(source, sandbox, NOON)
    before = kept(source, anew)
    sandbox.misbehave(SAMPLES[source.platform].platform, "revised", times=99)
    pull(source, sandbox, NOON + timedelta(hours=6))
    points, _gaps = expected(source.platform, seed=Recount(7, anew.first)).reading(anew)
    assert kept(source, anew) == {(point.metric, point.day): round(point.value, 6) for point in points}
    changed = {key: value for key, value in before.items() if key[1] < today and value != kept(source, anew)[key]}
    revisions = Revision.objects.filter(series__source=source).select_related("series")
    assert {(one.series.metric, one.day): one.before for one in revisions} == changed
    assert bool(changed) is ("a revision of the last days" not in case.cannot)

"""Two workers bring two operands of one formula at the same moment: neither is forgotten."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from kpis.computing import begin_from_catalogue, follow
from kpis.models import Point, Source
from kpis.points import Cell, Told, put_many
from kpis.recording import record_given_points
from tests.builders import make_cast, make_formula, make_source
from tests.kpis.conftest import begun
from tests.kpis.test_pulling_together import race

DAY = date(2026, 11, 20)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_both_operands_are_in_the_result():
    cast = begun(make_cast())
    sources = [make_source(cast, platform=platform) for platform in ("vk", "ok", "youtube", "instagram")]
    cast.made[Source] = sources[0]
    formula = make_formula(cast, "likes@vk + likes@ok + likes@youtube + likes@instagram")
    for number in range(1, 11):
        waiting = list(sources)

        def bring(waiting=waiting, number=number) -> None:
            told = [Told(waiting.pop(), [Cell("likes", DAY, Decimal(number), final=False)])]
            with transaction.atomic():
                follow(told, put_many(told))

        race(bring)
        point = Point.objects.get(series__source=formula.source, day=DAY)
        assert (number, point.value) == (number, 4 * number)


def test_what_comes_while_a_metric_is_begun_is_counted_too():
    cast = begun(make_cast())
    values = {"likes": 6, "comments": 3, "shares": 1, "reach": 200}
    for number in range(10):
        source = make_source(cast)
        work = [*values, "begin"]

        def bring(source=source, work=work) -> None:
            name = work.pop()
            with transaction.atomic():
                if name == "begin":
                    begin_from_catalogue(source, "engagement_rate")
                else:
                    told = {DAY: Decimal(values[name])}
                    record_given_points(source, name, told, taken_at=timezone.now(), by=cast.manager)

        race(bring, runners=5)
        point = Point.objects.get(series__source=source, series__metric="engagement_rate", day=DAY)
        assert (number, point.value) == (number, 5)

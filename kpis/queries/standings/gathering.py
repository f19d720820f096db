"""How the standings of many KPIs are put together, in a constant number of queries."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from django.utils import timezone

from kpis.models import Kpi, Source
from kpis.queries.outlooks import Prospect, forecasts_of, prospects_of, series_of
from kpis.queries.standings.guardrails import guardrail_of
from kpis.queries.standings.losses import lost_formulas
from kpis.queries.standings.standing import Standing
from projects.models import Project


def today_of(project: Project) -> date:
    """The project's own day."""
    return timezone.localdate(timezone=ZoneInfo(project.timezone))


def for_standing(kpis):
    """The KPIs with the rows that their standings read; a board of twenty must not drag goals and agreements along."""
    return kpis.select_related("project", "source__formula", "guardrail_source__formula")


def for_page(kpis):
    """The KPIs with what their own pages read besides."""
    joined = kpis.select_related(
        "project__agency", "project__client", "goal", "source__formula", "signed_in", "replaces"
    )
    joined = joined.select_related("owner", "guardrail_source__formula")
    rests_on = joined.select_related("brief_version", "from_version__brief")
    return rests_on.defer(
        "signed_in__content", "brief_version__content", "from_version__content", "from_version__brief__form"
    )


def standings(kpis: Iterable[Kpi], *, with_chances: bool = True) -> list[Standing]:
    """The KPIs in their order with their latest numbers and their chances: two queries more, however many they are,
    and a third when some forecast is out of date."""
    kpis = list(kpis)
    series = series_of(kpis) if kpis else {}
    rows = [(kpi, series.get((kpi.source_id, kpi.metric))) for kpi in kpis]
    forecasts = forecasts_of(rows) if rows and with_chances else {}
    lost = lost_formulas({kpi.source_id for kpi in kpis if kpi.source.platform == Source.FORMULA})
    return [
        Standing(
            kpi=kpi,
            series=known,
            today=(today := today_of(kpi.project)),
            guardrail=guardrail_of(kpi, series, today),
            forecast=forecasts.get(kpi.pk),
            lost_operand=kpi.source_id in lost,
        )
        for kpi, known in rows
    ]


def prospect_of(standing: Standing) -> Prospect:
    """The whole forecast, with its band and its record, for a page of its own."""
    return prospects_of([(standing.kpi, standing.series)])[standing.kpi.pk]

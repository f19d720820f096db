"""Retired numbers of signed KPIs and what may take their place, as the page, the API and «what waits» show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from kpis import rules
from kpis.bridging import AT_LEAST, NO_RATIO, TOO_FEW_DAYS, Bridge, bridge, carried
from kpis.connectors import CONNECTORS
from kpis.metrics import METRICS
from kpis.models import Kpi, MetricSeries, Point, Source, SuccessorProposal
from kpis.succession import candidates, is_comparable, is_kin, is_level
from kpis.terms import metric_of, plain, say_factor, say_sums, source_of
from projects.models import Project
from smmportal.people.models import Role, Side, User
from smmportal.waiting import Waiting

#: Common days are looked for so far back.
LOOKED_BACK = timedelta(days=180)
AT_ONCE = 200


def for_successors(proposals: QuerySet[SuccessorProposal]) -> QuerySet[SuccessorProposal]:
    return proposals.select_related(
        *("kpi__project__agency", "kpi__project__client", "kpi__source", "kpi__goal", "source", "settled_by")
    )


# --- Candidates -----------------------------------------------------------------------------------------------------


def arriving(kpi: Kpi) -> QuerySet[MetricSeries]:
    """The project's numbers that do arrive."""
    rows = MetricSeries.objects.filter(source__project=kpi.project_id, retired_on=None, latest_value__isnull=False)
    return rows.select_related("source__formula").order_by("source", "pk")


def choosable(kpi: Kpi) -> list[MetricSeries]:
    """Those of the same unit and shape: to any other no factor leads."""
    return [
        row
        for row in arriving(kpi)
        if is_comparable(kpi.metric, row.metric) and (row.source_id, row.metric) != (kpi.source_id, kpi.metric)
    ]


def best_of(kpi: Kpi) -> tuple[MetricSeries | None, Bridge]:
    """The nearest number of the same source that a bridge leads to; without a bridge, the nearest; or none at all."""
    alive = {row.metric: row for row in choosable(kpi) if row.source_id == kpi.source_id}
    found = [alive[code] for code in candidates(kpi.metric, named_by(kpi.source.platform, kpi.metric)) if code in alive]
    bridges = [(row, bridge_to(kpi, row.source, row.metric)) for row in found]
    whole = (each for each in bridges if each[1].factor is not None)
    return next(whole, bridges[0] if bridges else (None, Bridge()))


def named_by(platform: str, metric: str) -> str:
    """What the platform itself gives instead of the metric; empty when it names nothing, or nothing that we read."""
    if platform not in CONNECTORS:
        return ""
    told = CONNECTORS[platform].capabilities
    names = {one.successor for one in (*told.metrics, *told.former) if one.code == metric and one.successor}
    return next((one.code for one in told.metrics if one.native_name in names and one.code != metric), "")


def bridge_to(kpi: Kpi, source: Source, metric: str) -> Bridge:
    """Over the days on which both are known for good; what was typed by hand is no measurement."""
    old, new = known_days(kpi.source_id, kpi.metric), known_days(source.pk, metric)
    return bridge(old, new, is_level=is_level(kpi.metric))


def known_days(source_id: int, metric: str) -> dict[date, Decimal]:
    series = MetricSeries.objects.filter(source=source_id, metric=metric).first()
    if series is None or series.latest_on is None:
        return {}
    points = Point.objects.filter(series=series, day__gt=series.latest_on - LOOKED_BACK, final=True)
    measured = points.filter(value__isnull=False).exclude(provenance=Point.Provenance.MANUAL)
    return dict(measured.values_list("day", "value"))


# --- What the bridge comes to ---------------------------------------------------------------------------------------


def bridge_of(proposal: SuccessorProposal) -> dict:
    """What stands in the signed text of how the terms were carried over; numbers are in plain decimal notation."""
    kpi = proposal.kpi
    return {
        "metric": metric_of(kpi.metric, kpi.source),
        "source": source_of(kpi.source),
        "retired_on": proposal.retired_on.isoformat(),
        "first": proposal.first_day.isoformat(),
        "last": proposal.last_day.isoformat(),
        "days": proposal.days,
        "factor": plain(proposal.factor),
        "low": plain(proposal.low),
        "high": plain(proposal.high),
        "baseline": sum_of(kpi.baseline, proposal),
        # Of a change by percent the target follows from the baseline, here as there.
        "target": sum_of(kpi.target, proposal) if kpi.kind != Kpi.Kind.CHANGE_BY else None,
    }


def sum_of(value: Decimal | None, proposal: SuccessorProposal) -> dict | None:
    if value is None:
        return None
    after = carried(value, proposal.factor, METRICS[proposal.metric].decimals)
    return {"before": plain(value), "after": plain(after)}


# --- The page -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Retired:
    """What happened to the number of a KPI, in words."""

    proposal: SuccessorProposal

    @property
    def kpi(self) -> Kpi:
        return self.proposal.kpi

    @property
    def metric(self) -> str:
        return metric_name(self.kpi.metric)

    @property
    def successor(self) -> str:
        """«Views, Roast No. 7 on VK»; empty while nothing is proposed."""
        source = self.proposal.source
        return f"{metric_name(self.proposal.metric)}, {source.title}" if source else ""

    @property
    def is_named(self) -> bool:
        platform = self.kpi.source.platform
        own = self.proposal.source_id == self.kpi.source_id
        return own and named_by(platform, self.kpi.metric) == self.proposal.metric

    @property
    def is_kin(self) -> bool:
        return is_kin(self.kpi.metric, self.proposal.metric)

    @property
    def platform(self) -> str:
        code = self.kpi.source.platform
        return str(CONNECTORS[code].name) if code in CONNECTORS else self.kpi.source.title

    @property
    def factor(self) -> str:
        return say_factor(plain(self.proposal.factor)) if self.proposal.factor is not None else ""

    @property
    def spread(self) -> tuple[str, str]:
        proposal = self.proposal
        return (say_factor(plain(proposal.low)), say_factor(plain(proposal.high))) if self.factor else ("", "")

    @property
    def why_no_factor(self) -> str:
        return no_factor_sentence(self.proposal)


def metric_name(code: str) -> str:
    return str(METRICS[code].name) if code in METRICS else code


def no_factor_sentence(proposal: SuccessorProposal) -> str:
    """Why there is no factor, and what to do; empty where there is one."""
    sentences = {
        TOO_FEW_DAYS: _(
            "Both numbers are known for %(days)s common days, and %(needed)s are needed: no factor can be trusted. "
            "Choose another number, or write new terms by hand."
        ),
        NO_RATIO: _(
            "One of the two numbers is zero on the common days, so no factor leads from one to the other. Choose "
            "another number, or write new terms by hand."
        ),
    }
    return sentences.get(proposal.no_factor, "") % {"days": proposal.days, "needed": AT_LEAST}


def sums_of(proposal: SuccessorProposal) -> list[str]:
    """«Target carried over: 12,000 × 0.93 = 11,160», as it would stand in the text."""
    if proposal.factor is None:
        return []
    return say_sums({"bridge": bridge_of(proposal), "metric": {"unit": METRICS[proposal.metric].unit}})


def successor_page(proposal: SuccessorProposal, reader: User) -> dict:
    kpi = proposal.kpi
    project = kpi.project
    is_open = proposal.is_open and project.is_open
    newer = Kpi.objects.filter(replaces=kpi).first()
    may_draft = is_open and newer is None and rules.can_draft_kpis(reader, project)
    return {
        "project": project,
        "section": "board",
        "proposal": proposal,
        "kpi": kpi,
        "retired": Retired(proposal),
        "sums": sums_of(proposal),
        "last": MetricSeries.objects.filter(source=kpi.source_id, metric=kpi.metric).first(),
        "newer": newer,
        "may_choose": may_draft,
        "may_accept": may_draft and proposal.factor is not None,
        "may_dismiss": is_open and rules.can_settle_amendment(reader, project),
    }


# --- What is due, and what waits ------------------------------------------------------------------------------------


def due_sources() -> list[Source]:
    """Sources whose retirements nobody has held against their signed KPIs yet, or whose numbers came again."""
    ids = {*unproposed().values_list("source", flat=True), *returned().values_list("kpi__source", flat=True)}
    return list(Source.objects.filter(pk__in=ids).select_related("project").order_by("pk")[:AT_ONCE])


def unproposed() -> QuerySet[Kpi]:
    gone = MetricSeries.objects.filter(source=OuterRef("source"), metric=OuterRef("metric")).values("retired_on")
    kpis = Kpi.objects.standing().filter(signed_in__isnull=False).annotate(gone=Subquery(gone[:1]))
    proposed = SuccessorProposal.objects.filter(kpi=OuterRef("pk")).exclude(outcome="returned")
    known = proposed.filter(Q(retired_on=OuterRef("gone")) | Q(settled_at=None))
    return kpis.filter(~Exists(known), gone__lte=F("due_on"))


def returned() -> QuerySet[SuccessorProposal]:
    own = MetricSeries.objects.filter(source=OuterRef("kpi__source"), metric=OuterRef("kpi__metric"))
    return SuccessorProposal.objects.open().filter(~Exists(own.filter(retired_on__isnull=False)))


def waiting_for_successors(projects: Sequence[Project]) -> list[Waiting]:
    """The agency's move while no new terms are written; then they wait for signatures like any others. One query."""
    by_id = {project.pk: project for project in projects if project.is_open}
    proposals = SuccessorProposal.objects.open().filter(kpi__project__in=by_id, kpi__successor=None)
    return [
        Waiting(
            project_id=proposal.kpi.project_id,
            project_name=by_id[proposal.kpi.project_id].name,
            side=Side.AGENCY,
            sentence=_("The platform no longer gives the number of the signed KPI “%(kpi)s”") % {"kpi": proposal.kpi},
            button=_("Choose its successor"),
            url=proposal.get_absolute_url(),
            since=proposal.opened_at,
            roles=(Role.OWNER, Role.MANAGER),
        )
        for proposal in proposals.select_related("kpi__source")
    ]

from kpis.models.agreements import Agreement, Signature
from kpis.models.amendments import AmendmentProposal, ComparedVersion
from kpis.models.imports import PendingImport
from kpis.models.kpis import Kpi
from kpis.models.links import ConnectionLink
from kpis.models.measurements import MetricSeries, Point, Revision, Snapshot
from kpis.models.platforms import Allowance, PlatformDay, PlatformState
from kpis.models.sources import PlatformLogin, Source
from kpis.models.spending import Expense

__all__ = [
    "Agreement",
    "Allowance",
    "AmendmentProposal",
    "ComparedVersion",
    "ConnectionLink",
    "Expense",
    "Kpi",
    "MetricSeries",
    "PendingImport",
    "PlatformDay",
    "PlatformLogin",
    "PlatformState",
    "Point",
    "Revision",
    "Signature",
    "Snapshot",
    "Source",
]

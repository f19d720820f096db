from kpis.models.agreements import Agreement, Signature
from kpis.models.imports import PendingImport
from kpis.models.kpis import Kpi
from kpis.models.measurements import MetricSeries, Point, Revision, Snapshot
from kpis.models.platforms import Allowance, PlatformDay, PlatformState
from kpis.models.sources import PlatformLogin, Source

__all__ = [
    "Agreement",
    "Allowance",
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

from kpis.models.agreements import Agreement, Signature
from kpis.models.kpis import Kpi
from kpis.models.measurements import MetricSeries, Point, Snapshot
from kpis.models.sources import PlatformLogin, Source

__all__ = ["Agreement", "Kpi", "MetricSeries", "PlatformLogin", "Point", "Signature", "Snapshot", "Source"]

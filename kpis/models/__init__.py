from kpis.models.agreements import Agreement, Signature
from kpis.models.alerts import Alert, AlertThreshold
from kpis.models.amendments import AmendmentProposal, ComparedVersion
from kpis.models.boards import BoardView
from kpis.models.consents import ConsentAttempt
from kpis.models.forecasts import Forecast, ForecastDay
from kpis.models.formulas import Computed, Formula, Operand
from kpis.models.imports import PendingImport
from kpis.models.kpis import Kpi
from kpis.models.links import ConnectionLink
from kpis.models.measurements import MetricSeries, Point, Revision, Snapshot
from kpis.models.platforms import AgencyDay, Allowance, Lease, PlatformDay, PlatformState
from kpis.models.posts import Post, PostPoint, PostWatch
from kpis.models.reports import (
    IssuedReport,
    Report,
    ReportLink,
    ReportOpening,
    ReportRemark,
    ReportTemplate,
    ReportTimetable,
)
from kpis.models.reviews import Annotation, Dip, Review
from kpis.models.sources import PlatformLogin, Source
from kpis.models.spending import Expense
from kpis.models.succession import SuccessorProposal

__all__ = [
    "AgencyDay",
    "Agreement",
    "Alert",
    "AlertThreshold",
    "Allowance",
    "AmendmentProposal",
    "Annotation",
    "BoardView",
    "ComparedVersion",
    "Computed",
    "ConnectionLink",
    "ConsentAttempt",
    "Dip",
    "Expense",
    "Forecast",
    "ForecastDay",
    "Formula",
    "IssuedReport",
    "Kpi",
    "Lease",
    "MetricSeries",
    "Operand",
    "PendingImport",
    "PlatformDay",
    "PlatformLogin",
    "PlatformState",
    "Point",
    "Post",
    "PostPoint",
    "PostWatch",
    "Report",
    "ReportLink",
    "ReportOpening",
    "ReportRemark",
    "ReportTemplate",
    "ReportTimetable",
    "Review",
    "Revision",
    "Signature",
    "Snapshot",
    "Source",
    "SuccessorProposal",
]

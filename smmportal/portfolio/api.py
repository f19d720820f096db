"""The portfolio through the API: the same rows, filters and order as on the page."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers
from rest_framework.pagination import Cursor as Place
from rest_framework.request import Request
from rest_framework.response import Response

from kpis.course import STATUSES
from projects.models import Project
from smmportal.api import Cursor
from smmportal.people.models import Side
from smmportal.portfolio.desk import demand_desk, desk_of, sight_of
from smmportal.portfolio.risk import LEVELS, POINTS
from smmportal.portfolio.rows import Row
from smmportal.portfolio.sight import ORDERS, WITH
from smmportal.waterline.api import PointsField
from smmportal.waterline.models import Reading


class RowCursor(Cursor):
    """Cursor pages over rows that are put in order in memory. A page goes on after the project that ended the one
    before, wherever that stands by now; when it is gone, at the place where it stood."""

    def paginate_queryset(self, rows: list[Row], request: Request, view=None) -> list[Row]:
        self.base_url, self.rows = request.build_absolute_uri(), rows
        self.size, place = self.get_page_size(request), self.decode_cursor(request)
        self.first = self.begin_at(place) if place else 0
        return rows[self.first : self.first + self.size]

    def begin_at(self, place: Place) -> int:
        after = (number for number, row in enumerate(self.rows, 1) if str(row.project.pk) == place.position)
        return next(after, min(place.offset, len(self.rows)))

    def link_to(self, first: int) -> str:
        before = str(self.rows[first - 1].project.pk) if first else None
        return self.encode_cursor(Place(offset=first, reverse=False, position=before))

    def get_next_link(self) -> str | None:
        first = self.first + self.size
        return self.link_to(first) if first < len(self.rows) else None

    def get_previous_link(self) -> str | None:
        return self.link_to(max(0, self.first - self.size)) if self.first else None


# --- What a row looks like ------------------------------------------------------------------------------------------


class PortfolioRiskSerializer(serializers.Serializer):
    """`points` weigh projects of one level against each other; `reasons` go from the heaviest."""

    level = serializers.ChoiceField(choices=LEVELS)
    points = serializers.IntegerField()
    reasons = serializers.ListField(child=serializers.ChoiceField(choices=list(POINTS)))


class PortfolioWaterSerializer(serializers.Serializer):
    """`change` is in points against a week before, null when one of the two is not known."""

    score = PointsField(allow_null=True)
    level = serializers.ChoiceField(choices=Reading.Level.choices)
    change = serializers.IntegerField(allow_null=True)
    on = serializers.DateField(allow_null=True)


class PortfolioClockedSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    since = serializers.DateTimeField(allow_null=True, help_text="Since when the oldest of them waits.")


class PortfolioOwedSerializer(serializers.Serializer):
    owed = serializers.IntegerField(help_text="KPIs whose last finished period nobody has looked back at.")
    overdue = serializers.IntegerField(help_text="Of these, how many are past the days of grace.")


class PortfolioMeetingSerializer(serializers.Serializer):
    due_on = serializers.DateField(allow_null=True, help_text="By the agreed rhythm; null without one.")
    days_late = serializers.IntegerField()
    last_at = serializers.DateTimeField(allow_null=True)
    next = serializers.IntegerField(allow_null=True)
    next_at = serializers.DateTimeField(allow_null=True)


class PortfolioAlertsSerializer(serializers.Serializer):
    count = serializers.IntegerField()
    sharp = serializers.IntegerField()


class PortfolioMovesSerializer(serializers.Serializer):
    agency = serializers.IntegerField()
    client = serializers.IntegerField()


class PortfolioClientSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class PortfolioRowSerializer(serializers.Serializer):
    """One open project. `kpis` counts its KPIs by status, `waits_on` what waits for each side."""

    project = serializers.IntegerField()
    name = serializers.CharField()
    url = serializers.CharField()
    client = PortfolioClientSerializer()
    risk = PortfolioRiskSerializer()
    waterline = PortfolioWaterSerializer()
    kpis = serializers.DictField(child=serializers.IntegerField())
    drops = PortfolioClockedSerializer()
    reviews = PortfolioOwedSerializer()
    stalled_approvals = PortfolioClockedSerializer()
    broken_sources = serializers.IntegerField()
    meeting = PortfolioMeetingSerializer()
    alerts = PortfolioAlertsSerializer()
    waits_on = PortfolioMovesSerializer()


def told(row: Row) -> dict:
    """As plain values: the serializers only say what they look like."""
    project, water, risk = row.project, row.water, row.risk
    return {
        "project": project.pk,
        "name": project.name,
        "url": project.get_absolute_url(),
        "client": {"id": project.client_id, "name": project.client.name},
        "risk": {"level": risk.level, "points": risk.points, "reasons": risk.reasons},
        "waterline": {
            "score": water.score,
            "level": water.level,
            "change": water.change,
            "on": water.reading and water.reading.day,
        },
        "kpis": {status: row.counts[status] for status in STATUSES},
        "drops": {"count": row.drops.count, "since": row.drops.since},
        "reviews": {"owed": len(row.owed), "overdue": len(row.overdue)},
        "stalled_approvals": {"count": len(row.stalled), "since": row.stalled[0].since if row.stalled else None},
        "broken_sources": row.broken_sources,
        "meeting": told_meeting(row),
        "alerts": {"count": row.alerts.count, "sharp": row.alerts.cliffs},
        "waits_on": {side.value: row.moves.get(side, 0) for side in Side},
    }


def told_meeting(row: Row) -> dict:
    due = row.due
    return {
        "due_on": due.due_on,
        "days_late": due.days_late,
        "last_at": due.last_at,
        "next": due.next_id,
        "next_at": due.next_at,
    }


SIGHT = [
    OpenApiParameter("q", description="Words of the project's name or its client's."),
    OpenApiParameter("risk", enum=LEVELS),
    OpenApiParameter("client", int, description="The client's id."),
    OpenApiParameter("person", int, description="Somebody of the project's team."),
    OpenApiParameter("move", enum=Side.values, description="Something waits for this side."),
    OpenApiParameter("only", enum=list(WITH), many=True, description="Only with these; several must all be there."),
    OpenApiParameter("sort", enum=ORDERS, description="`risk` when left out; a minus turns an order round."),
]


class PortfolioView(generics.GenericAPIView):
    serializer_class = PortfolioRowSerializer
    queryset = Project.objects.none()
    pagination_class = RowCursor

    @extend_schema(operation_id="portfolio", parameters=SIGHT, responses=PortfolioRowSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The agency's open projects that the sender sees, what needs a hand first."""
        demand_desk(request.user)
        sight = sight_of(request.user, request.query_params)
        if not sight.is_valid():
            raise serializers.ValidationError(sight.errors)
        page = self.paginate_queryset(desk_of(request.user, sight).rows)
        return self.get_paginated_response([told(row) for row in page])

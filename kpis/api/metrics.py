"""The catalogue of metrics through the API."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.queries.catalogue import catalogue


class GiverSerializer(serializers.Serializer):
    """One platform that gives the metric. `expression` is there when the portal counts it from what the platform gives,
    and then there is no `native_name`. `history_days` null: from the account's first day."""

    platform = serializers.CharField(source="connector.code")
    level = serializers.CharField()
    native_name = serializers.CharField(source="ability.native_name", default="")
    endpoint = serializers.CharField(source="ability.endpoint", default="")
    lag_days = serializers.IntegerField(source="ability.lag_days", default=0)
    only_now = serializers.BooleanField(source="ability.only_now", default=False)
    history_days = serializers.IntegerField(source="connector.capabilities.history_days", allow_null=True)
    valid_from = serializers.DateField(source="ability.valid_from", default=None, allow_null=True)
    retired_on = serializers.DateField(source="ability.retired_on", default=None, allow_null=True)
    successor = serializers.CharField(source="ability.successor", default="")
    expression = serializers.CharField()


class MetricSerializer(serializers.Serializer):
    """One metric. `expression` is the fullest way to count it from others; `denominator` is in words, in the reader's
    language, and so is `together`: how several days become one number. `former` gave it once and give it no more."""

    code = serializers.CharField(source="metric.code")
    version = serializers.IntegerField(source="metric.version")
    level = serializers.CharField(source="metric.level")
    kind = serializers.CharField(source="metric.kind")
    unit = serializers.CharField(source="metric.unit")
    direction = serializers.CharField(source="metric.direction")
    aggregation = serializers.CharField(source="metric.aggregation")
    name = serializers.CharField(source="metric.name")
    definition = serializers.CharField(source="metric.definition")
    expression = serializers.CharField(source="metric.expression")
    denominator = serializers.CharField()
    together = serializers.CharField()
    platforms = GiverSerializer(many=True, source="givers")
    former = GiverSerializer(many=True)


class MetricsView(APIView):
    @extend_schema(operation_id="metrics_list", responses=MetricSerializer(many=True))
    def get(self, request):
        """Every metric that the portal knows, with its definition and the platforms that give it."""
        return Response(MetricSerializer(catalogue(), many=True).data)

"""How the pulls go, through the API: what failed, whether the platforms answer, the ledger of what they were asked."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.actions.jobs import demand_to_see_jobs
from kpis.queries.jobs import jobs_of
from smmportal.people.models import Organisation


class LedgerLineSerializer(serializers.Serializer):
    """What one platform was asked for the agency's projects in one day of its own quota.

    `slowed` counts its requests to slow down.
    """

    platform = serializers.CharField()
    day = serializers.DateField()
    calls = serializers.IntegerField()
    units = serializers.IntegerField()
    slowed = serializers.IntegerField()
    errors = serializers.IntegerField()


class PlatformLineSerializer(serializers.Serializer):
    """Whether a platform answers. While it does not, nobody asks but one probe at `ask_again_at`."""

    platform = serializers.CharField(source="code")
    answers = serializers.BooleanField()
    not_answering_since = serializers.DateTimeField(source="opened_at", allow_null=True)
    ask_again_at = serializers.DateTimeField(allow_null=True)
    daily_units = serializers.IntegerField(allow_null=True)
    today = LedgerLineSerializer()


class FailedSourceSerializer(serializers.Serializer):
    """A source whose last pull failed, and when it is tried again (null: only a person can mend it)."""

    id = serializers.IntegerField(source="source.pk")
    project = serializers.IntegerField(source="source.project_id")
    platform = serializers.CharField(source="source.platform")
    title = serializers.CharField(source="source.__str__")
    error_kind = serializers.CharField(source="source.error_kind")
    error = serializers.CharField(source="state.sentence")
    attempts = serializers.IntegerField(source="source.attempts")
    last_attempt_at = serializers.DateTimeField(source="source.last_attempt_at", allow_null=True)
    last_success_at = serializers.DateTimeField(source="source.last_success_at", allow_null=True)
    next_pull_at = serializers.DateTimeField(allow_null=True)


class JobsSerializer(serializers.Serializer):
    """The pulls of an agency's projects: `failed` holds at most a hundred, `failed_count` counts them all."""

    due = serializers.IntegerField()
    running = serializers.IntegerField()
    next_pull_at = serializers.DateTimeField(allow_null=True)
    failed_count = serializers.IntegerField()
    failed = FailedSourceSerializer(many=True)
    platforms = PlatformLineSerializer(many=True)
    ledger = LedgerLineSerializer(many=True)


class JobsView(APIView):
    @extend_schema(operation_id="jobs_read", responses=JobsSerializer)
    def get(self, request, pk: int):
        """How the pulls go. To try one again, POST to the source's `pulls`."""
        agency = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
        demand_to_see_jobs(request.user, agency)
        return Response(JobsSerializer(jobs_of(agency, request.user)).data)

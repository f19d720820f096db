"""Reviews through the API: what was said, what is owed, and holding one or many."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.actions.reviews import hold_review, hold_reviews
from kpis.api.kpis import FigureField
from kpis.course import STATUSES
from kpis.models import Kpi, Review
from kpis.queries.reviews import history, period_beginning
from kpis.queries.rituals import owed_in
from kpis.queries.standings import for_standing
from projects.api.common import SeenField, people_seen_by, read
from projects.models import Project
from smmportal.people.models import Side
from smmportal.refusals import Refused


class ReviewSerializer(serializers.Serializer):
    """What was said of one period of a KPI; `value` and `status` are what the board showed then. `counts`: after it the
    period counts as reviewed (it is the agency's, or the KPI's own owner's)."""

    id = serializers.IntegerField(source="pk")
    project = serializers.IntegerField(source="kpi.project_id")
    kpi = serializers.IntegerField(source="kpi_id")
    first = serializers.DateField()
    last = serializers.DateField()
    happened = serializers.CharField()
    why = serializers.CharField(allow_blank=True)
    measure = serializers.CharField(allow_blank=True)
    task = serializers.IntegerField(source="task_id", allow_null=True)
    value = FigureField(allow_null=True)
    value_on = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(choices=STATUSES)
    by = serializers.IntegerField(source="by_id")
    side = serializers.ChoiceField(choices=Side.choices)
    at = serializers.DateTimeField()
    counts = serializers.BooleanField()


class ReviewWordsSerializer(serializers.Serializer):
    """`first` is the first day of the period; the latest that is over when it is left out. A measure has a person and a
    day, and becomes a task. `why` is needed when the KPI is not on course or has a drop that nobody explained."""

    first = serializers.DateField(required=False)
    happened = serializers.CharField(max_length=2000)
    why = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    measure = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    assignee = SeenField(people_seen_by, required=False, allow_null=True)
    due_on = serializers.DateField(required=False, allow_null=True)


class BulkSerializer(serializers.Serializer):
    kpis = SeenField(lambda user: Kpi.objects.visible_to(user), many=True, allow_empty=False)
    happened = serializers.CharField(max_length=2000)


class OwedSerializer(serializers.Serializer):
    """A KPI whose latest finished period has no review. `as_planned`: one sentence for many will do. `is_yours`:
    it is the sender's own move; the agency's people's, and that of the KPI's owner on whichever side."""

    kpi = serializers.IntegerField(source="kpi.pk")
    first = serializers.DateField(source="mark.owed.first")
    last = serializers.DateField(source="mark.owed.last")
    review_by = serializers.DateField(source="mark.owed.review_by")
    status = serializers.ChoiceField(source="standing.status", choices=STATUSES)
    headline = serializers.CharField()
    unexplained_dips = serializers.SerializerMethodField()
    as_planned = serializers.BooleanField(source="is_even")
    is_yours = serializers.BooleanField(source="is_mine")

    def get_unexplained_dips(self, owed) -> int:
        return len(owed.mark.dips)


def find_kpi(request: Request, pk: int) -> Kpi:
    return get_object_or_404(for_standing(Kpi.objects.visible_to(request.user)), pk=pk)


class KpiReviewsView(generics.ListAPIView):
    """What was said of a KPI, period by period, the newest first."""

    serializer_class = ReviewSerializer
    queryset = Review.objects.none()
    filter_backends = ()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Review.objects.none()
        return history(find_kpi(self.request, self.kwargs["pk"]).reviews.all())

    @extend_schema(operation_id="kpis_reviews_create", request=ReviewWordsSerializer, responses={201: ReviewSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Hold the review of a period; saying something else of it later is a review of its own."""
        kpi = find_kpi(request, pk)
        words = read(ReviewWordsSerializer, request)
        review = hold_review(kpi, period_named(kpi, words.pop("first", None)), by=request.user, **words)
        return Response(ReviewSerializer(review).data, status=status.HTTP_201_CREATED)


def period_named(kpi: Kpi, first):
    if first is None:
        return None
    period = period_beginning(kpi, first)
    if period is None:
        raise Refused(_("This KPI has no such period. Choose one of its own."), code="no-such-period")
    return period


class ProjectReviewsView(generics.ListAPIView):
    """What was said of all KPIs of a project, the newest first."""

    serializer_class = ReviewSerializer
    queryset = Review.objects.none()
    filter_backends = ()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Review.objects.none()
        project = get_object_or_404(Project.objects.visible_to(self.request.user), pk=self.kwargs["pk"])
        return history(Review.objects.filter(kpi__project=project))


class OwedReviewsView(APIView):
    @extend_schema(operation_id="projects_reviews_owed", responses=OwedSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The KPIs that wait for a review, those that need a hand first."""
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        return Response(OwedSerializer(owed_in(project, request.user), many=True).data)


class ReviewView(APIView):
    @extend_schema(operation_id="reviews_read", responses=ReviewSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(
            ReviewSerializer(get_object_or_404(history(Review.objects.visible_to(request.user)), pk=pk)).data
        )


class BulkReviewsView(APIView):
    @extend_schema(operation_id="reviews_bulk", request=BulkSerializer, responses={201: ReviewSerializer(many=True)})
    def post(self, request: Request) -> Response:
        """«As planned», in one sentence for many KPIs that owe a review, all or none; 409 when one needs its own
        words."""
        held = hold_reviews(by=request.user, **read(BulkSerializer, request))
        return Response(ReviewSerializer(held, many=True).data, status=status.HTTP_201_CREATED)

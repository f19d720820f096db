"""Proposals as JSON: offer times, read who can when, answer, withdraw."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from meetings import proposals, queries
from meetings.api import PeopleField, SeenMixin, TakenSerializer
from meetings.models import Asked, Proposal, ProposedTime
from meetings.proposals import MOST_TIMES, Wanted
from smmportal.api import EmptySerializer

STATES = ["open", *Proposal.Outcome.values]


class ProposedTimeSerializer(serializers.ModelSerializer):
    start = serializers.DateTimeField(source="starts_at")
    end = serializers.DateTimeField(source="ends_at")
    suits = serializers.SerializerMethodField()

    class Meta:
        model = ProposedTime
        fields = ("id", "start", "end", "by", "suits")

    def get_suits(self, time: ProposedTime) -> list[int]:
        """Ids of the people whom it suits."""
        return sorted(each.person_id for each in time.suits.all())


class AskedSerializer(serializers.ModelSerializer):
    class Meta:
        model = Asked
        fields = ("person", "is_required", "answered_at")


class ProposalSerializer(serializers.ModelSerializer):
    """`answered_at` is null while the person has still to answer; `meeting` is what was booked."""

    state = serializers.ChoiceField(choices=STATES, read_only=True)
    times = ProposedTimeSerializer(many=True)
    asked = AskedSerializer(many=True)

    class Meta:
        model = Proposal
        fields = (
            "id",
            "project",
            "title",
            "minutes",
            "place",
            "message",
            "proposed_by",
            "proposed_side",
            "proposed_at",
            "expires_at",
            "state",
            "ended_at",
            "ended_by",
            "meeting",
            "times",
            "asked",
        )


class NewProposalSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=200)
    minutes = serializers.IntegerField(min_value=5, max_value=24 * 60, default=60)
    starts = serializers.ListField(child=serializers.DateTimeField(), min_length=1, max_length=MOST_TIMES)
    people = PeopleField(many=True, allow_empty=False, help_text="Ids of who must be there")
    optional = PeopleField(many=True, default=list, help_text="Ids of who may come, but need not")
    place = serializers.CharField(max_length=500, allow_blank=True, default="")
    message = serializers.CharField(max_length=1000, allow_blank=True, default="")


class ProposalAnswerSerializer(serializers.Serializer):
    suits = serializers.ListField(
        child=serializers.IntegerField(), default=list, max_length=100, help_text="Ids of the times that suit"
    )
    starts = serializers.ListField(
        child=serializers.DateTimeField(), default=list, max_length=MOST_TIMES, help_text="Other times instead"
    )


class ProposalMixin(SeenMixin):
    def proposal(self) -> Proposal:
        seen = Proposal.objects.visible_to(self.request.user)
        return get_object_or_404(queries.with_answers(seen), pk=self.kwargs["pk"])

    def answer_proposal(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        found = queries.with_answers(Proposal.objects.filter(pk=pk)).get()
        return Response(ProposalSerializer(found).data, status=code)


class ProjectProposalsView(ProposalMixin, generics.ListAPIView):
    """Proposals of one project, the open ones first."""

    serializer_class = ProposalSerializer
    filterset_class = None
    filter_backends = ()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return Proposal.objects.none()
        return queries.with_answers(Proposal.objects.filter(project=self.project()))

    @extend_schema(request=NewProposalSerializer, responses={201: ProposalSerializer, 409: TakenSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Offer up to five times and hold them; 409 with the nearest free slots when one is taken."""
        project = self.project()
        given = dict(self.read(NewProposalSerializer, project=project))
        wanted = Wanted(**{name: given.pop(name) for name in ("title", "minutes", "place", "message")})
        made = proposals.propose(project, wanted, by=request.user, **given)
        return self.answer_proposal(made.pk, status.HTTP_201_CREATED)


class ProposalView(ProposalMixin, APIView):
    @extend_schema(responses={200: ProposalSerializer})
    def get(self, request: Request, pk: int) -> Response:
        return self.answer_proposal(self.proposal().pk)


class ProposalAnswerView(ProposalMixin, APIView):
    @extend_schema(request=ProposalAnswerSerializer, responses={200: ProposalSerializer, 409: TakenSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Say which times suit, or offer others. The first that suits everybody required is booked at once."""
        found = self.proposal()
        proposals.answer(found, by=request.user, **self.read(ProposalAnswerSerializer))
        return self.answer_proposal(found.pk)


class ProposalWithdrawalView(ProposalMixin, APIView):
    @extend_schema(request=EmptySerializer, responses={200: ProposalSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Take the proposal back. Once more changes nothing."""
        found = self.proposal()
        proposals.withdraw(found, by=request.user)
        return self.answer_proposal(found.pk)

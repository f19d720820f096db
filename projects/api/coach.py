"""The coach as an operation: a goal's words in, what they say and what they lack out."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects import coaching
from projects.advice import METRIC_NAMES
from projects.coach.words import PLATFORM_PHRASES
from projects.models import BusinessGoal, Project

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


class GoalTextSerializer(serializers.Serializer):
    """`today` is the project's day, or the reader's, when it is left out. With a `project` the goal is judged by what
    the project knows, and by the `business_goal` that it stands under."""

    text = serializers.CharField(max_length=10_000, trim_whitespace=False, allow_blank=True)
    language = serializers.CharField(required=False, max_length=10, help_text="Of the advice: ru or en.")
    today = serializers.DateField(required=False)
    project = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**63 - 1)
    business_goal = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2**63 - 1)

    def validate_language(self, language: str) -> str:
        if language not in dict(settings.LANGUAGES):
            raise serializers.ValidationError(_("The portal speaks Russian (ru) and English (en)."))
        return language

    def validate_today(self, day: date) -> date:
        if not FIRST_DAY <= day <= LAST_DAY:
            raise serializers.ValidationError(
                self.fields["today"].error_messages["invalid"].format(format="YYYY-MM-DD")
            )
        return day


def one_of(codes: Iterable[str]) -> serializers.CharField:
    """A code or null. Not a choice: the schema would have to invent a name for yet another `metric` or `kind`."""
    return serializers.CharField(allow_null=True, help_text=f"One of: {', '.join(codes)}.")


class ChangeSerializer(serializers.Serializer):
    kind = serializers.CharField(help_text="One of: relative, absolute, target.")
    value = serializers.CharField(help_text="Decimal notation; percent when the kind is relative.")


class ParsedGoalSerializer(serializers.Serializer):
    metric = one_of(METRIC_NAMES)
    platform = one_of(PLATFORM_PHRASES)
    direction = one_of(["up", "down", "hold"])
    change = ChangeSerializer(allow_null=True)
    deadline = serializers.DateField(allow_null=True)


class SuggestionSerializer(serializers.Serializer):
    """What could be added for a missing letter: `text` to the statement, in its own language, or the `business_goal`
    to put the goal under. `label` says it in the language of the advice."""

    label = serializers.CharField()
    text = serializers.CharField(allow_blank=True)
    business_goal = serializers.IntegerField(allow_null=True)


class CriterionSerializer(serializers.Serializer):
    ok = serializers.BooleanField(allow_null=True)
    span = serializers.ListField(
        child=serializers.IntegerField(), min_length=2, max_length=2, allow_null=True, help_text="Offsets in `text`."
    )
    advice = serializers.CharField(
        help_text="One question, or for what the project's own data say, why; empty when there is nothing to say."
    )
    suggestions = SuggestionSerializer(many=True)


class CriteriaSerializer(serializers.Serializer):
    specific = CriterionSerializer()
    measurable = CriterionSerializer()
    achievable = CriterionSerializer()
    relevant = CriterionSerializer()
    time_bound = CriterionSerializer()


class GoalCheckSerializer(serializers.Serializer):
    parsed = ParsedGoalSerializer()
    criteria = CriteriaSerializer()
    warnings = serializers.ListField(child=serializers.CharField())


class GoalCheck(APIView):
    """Read a goal's words. Nothing is kept; the same words on the same day give the same answer."""

    @extend_schema(request=GoalTextSerializer, responses=GoalCheckSerializer)
    def post(self, request: Request) -> Response:
        asked = GoalTextSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        words = asked.validated_data
        project = self.project_of(request, words.get("project"))
        above = self.business_goal_of(project, words.get("business_goal"))
        with translation.override(words.get("language") or translation.get_language()):
            checked = coaching.check_for(words["text"], project, today=words.get("today"), above=above)
            answer = {
                "parsed": coaching.parsed_of(checked.found.reading),
                "criteria": coaching.criteria_of(checked),
                "warnings": coaching.warnings_of(checked.found),
            }
            return Response(GoalCheckSerializer(answer).data)

    def project_of(self, request: Request, pk: int | None) -> Project | None:
        return get_object_or_404(Project.objects.visible_to(request.user), pk=pk) if pk else None

    def business_goal_of(self, project: Project | None, pk: int | None) -> BusinessGoal | None:
        return get_object_or_404(project.business_goals, pk=pk) if project and pk else None

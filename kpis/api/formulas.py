"""A project's own formulas through the API: the list, making, the next version, retiring, trying out."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis import formulas
from kpis.actions.formulas import change_formula, demand_formulas, make_formula, retire_formula, understood
from kpis.api.kpis import FigureField
from kpis.models import Formula
from kpis.queries.formulas import offers_of, preview
from kpis.queries.standings import today_of
from projects.models import Project


class FormulaSerializer(serializers.ModelSerializer):
    """One version of a formula. Its numbers are those of `source`, under the metric `metric`; `next` is the version
    that follows it."""

    source = serializers.IntegerField(source="source_id", read_only=True)
    metric = serializers.CharField(source="code", read_only=True)
    previous = serializers.IntegerField(source="previous_id", read_only=True, allow_null=True)
    next = serializers.SerializerMethodField()

    class Meta:
        model = Formula
        fields = (
            "id", "project", "name", "expression", "unit", "decimals", "direction", "version", "source", "metric",
            "previous", "next", "created_at", "retired_at",
        )  # fmt: skip
        read_only_fields = ("id", "project", "version", "created_at", "retired_at")

    def get_next(self, formula: Formula) -> int | None:
        newer = getattr(formula, "next", None)
        return newer.pk if newer else None


class SaidSerializer(serializers.Serializer):
    """What a person says of a formula. Operands are written as metric@source, by the names that the preview lists."""

    name = serializers.CharField(max_length=120)
    expression = serializers.CharField(max_length=formulas.LONGEST)
    unit = serializers.ChoiceField(choices=Formula.Unit.choices)
    decimals = serializers.IntegerField(min_value=0, max_value=Formula.MOST_DECIMALS, default=2)
    direction = serializers.ChoiceField(choices=Formula.Direction.choices)


class MadeSerializer(SaidSerializer):
    project = serializers.PrimaryKeyRelatedField(queryset=Project.objects.none())

    def get_fields(self) -> dict:
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["project"].queryset = Project.objects.visible_to(request.user)
        return fields


class TriedSerializer(serializers.Serializer):
    expression = serializers.CharField(max_length=formulas.LONGEST)


class TriedDaySerializer(serializers.Serializer):
    """`above` and `below` are the two sides of the division; null where a number is missing or nothing is divided."""

    day = serializers.DateField()
    above = FigureField(source="outcome.above", allow_null=True)
    below = FigureField(source="outcome.below", allow_null=True)
    value = FigureField(source="outcome.value", allow_null=True)
    reason = serializers.CharField(source="sentence")


class TriedFormulaSerializer(serializers.Serializer):
    """The formula with every name in full and in words, its last days, and the names that can be used."""

    expression = serializers.CharField()
    words = serializers.CharField()
    denominator = serializers.CharField()
    days = TriedDaySerializer(many=True)
    names = serializers.ListField(child=serializers.CharField())


class FormulaListView(GenericAPIView):
    serializer_class = FormulaSerializer
    queryset = Formula.objects.none()

    @extend_schema(operation_id="formulas_list", parameters=[OpenApiParameter("project", int)])
    def get(self, request):
        """The formulas of your projects, every version."""
        found = Formula.objects.visible_to(request.user).select_related("next")
        project = request.query_params.get("project", "")
        if project:
            found = found.filter(project=int(project)) if project.isdecimal() and len(project) < 19 else found.none()
        return self.get_paginated_response(FormulaSerializer(self.paginate_queryset(found), many=True).data)

    @extend_schema(operation_id="formulas_create", request=MadeSerializer, responses={201: FormulaSerializer})
    def post(self, request):
        """Begin a formula, with all the history that its operands have."""
        asked = MadeSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        formula = make_formula(by=request.user, **asked.validated_data)
        return Response(FormulaSerializer(formula).data, status=status.HTTP_201_CREATED)


class FormulaView(APIView):
    @extend_schema(operation_id="formulas_read", responses=FormulaSerializer)
    def get(self, request, pk: int):
        """One version of a formula."""
        return Response(FormulaSerializer(find(request, pk)).data)

    @extend_schema(operation_id="formulas_change", request=SaidSerializer, responses=FormulaSerializer)
    def patch(self, request, pk: int):
        """Make the next version; what is not sent stays. The version that was there is kept, with its numbers."""
        asked = SaidSerializer(data=request.data, partial=True)
        asked.is_valid(raise_exception=True)
        return Response(
            FormulaSerializer(change_formula(find(request, pk), by=request.user, **asked.validated_data)).data
        )

    @extend_schema(operation_id="formulas_retire", responses=FormulaSerializer)
    def delete(self, request, pk: int):
        """Retire it: no new KPI can stand on it. Its numbers are kept."""
        return Response(FormulaSerializer(retire_formula(find(request, pk), by=request.user)).data)


class FormulaPreviewView(APIView):
    @extend_schema(operation_id="formulas_preview", request=TriedSerializer, responses=TriedFormulaSerializer)
    def post(self, request, pk: int):
        """Try a formula out on the last fourteen days; nothing is kept."""
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        demand_formulas(request.user, project)
        asked = TriedSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        resolved = understood(project, asked.validated_data["expression"])
        told = {
            "expression": resolved.expression,
            "words": resolved.words,
            "denominator": resolved.denominator,
            "days": preview(resolved, last=today_of(project)),
            "names": [name for offer in offers_of(project) for name, _words in offer.names],
        }
        return Response(TriedFormulaSerializer(told).data)


def find(request, pk: int) -> Formula:
    return get_object_or_404(Formula.objects.visible_to(request.user).select_related("project", "next"), pk=pk)

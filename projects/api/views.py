from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects import actions
from projects.api import serializers as shapes
from projects.comparing import differences
from projects.models import Answer, Brief, BriefVersion, Debrief, DebriefRemark, Goal, Project, Task
from projects.questionnaire import find_question
from smmportal.api import EmptySerializer
from smmportal.people.models import Side


def read(shape: type, request: Request, **kwargs) -> dict:
    """The body as this shape says, or 400 with the fields."""
    serializer = shape(data=request.data, context={"request": request}, **kwargs)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def projects_of(request: Request) -> QuerySet:
    return Project.objects.visible_to(request.user).select_related("agency", "client").prefetch_related("team")


class ProjectFilter(filters.FilterSet):
    closed = filters.BooleanFilter(field_name="closed_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Project
        fields = ["client"]


class ProjectList(generics.ListCreateAPIView):
    """The projects that you see; opening a new one."""

    serializer_class = shapes.ProjectSerializer
    filterset_class = ProjectFilter
    queryset = Project.objects.none()

    def get_queryset(self):
        return projects_of(self.request)

    def perform_create(self, serializer) -> None:
        serializer.instance = actions.create_project(by=self.request.user, **serializer.validated_data)


class ProjectDetail(APIView):
    @extend_schema(responses=shapes.ProjectSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(shapes.ProjectSerializer(get_object_or_404(projects_of(request), pk=pk)).data)

    @extend_schema(request=shapes.ProjectEditSerializer, responses=shapes.ProjectSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        project = get_object_or_404(projects_of(request), pk=pk)
        words = read(shapes.ProjectEditSerializer, request, instance=project, partial=True)
        actions.edit_project(project, by=request.user, **words)
        return Response(shapes.ProjectSerializer(get_object_or_404(projects_of(request), pk=pk)).data)


class ProjectClosure(APIView):
    """A closed project can be read and not changed."""

    @extend_schema(request=EmptySerializer, responses=shapes.ProjectSerializer)
    def post(self, request: Request, pk: int) -> Response:
        project = get_object_or_404(projects_of(request), pk=pk)
        return Response(shapes.ProjectSerializer(actions.close_project(project, by=request.user)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        actions.reopen_project(get_object_or_404(projects_of(request), pk=pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


# --- The brief ------------------------------------------------------------------------------------------------------


def find_brief(request: Request, pk: int) -> Brief:
    briefs = Brief.objects.visible_to(request.user).select_related("project__agency", "project__client")
    return get_object_or_404(briefs.prefetch_related("answers__by"), project=pk)


class BriefDetail(APIView):
    """The questions of this project, the answers so far, and what is left."""

    @extend_schema(responses=shapes.BriefSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(shapes.BriefSerializer(find_brief(request, pk)).data)


class BriefAnswer(APIView):
    """One answer; 409 brings what was saved meanwhile, 204 says that there is nothing to keep."""

    @extend_schema(responses=shapes.AnswerSerializer)
    def get(self, request: Request, pk: int, key: str) -> Response:
        answers = Answer.objects.visible_to(request.user).select_related("by")
        return Response(shapes.AnswerSerializer(get_object_or_404(answers, brief__project=pk, key=key)).data)

    @extend_schema(request=shapes.AnswerWritingSerializer, responses={200: shapes.AnswerSerializer, 204: None})
    def put(self, request: Request, pk: int, key: str) -> Response:
        brief = find_brief(request, pk)
        if find_question(brief.form, key) is None:
            raise Http404
        answer = actions.save_answer(brief, key, by=request.user, **read(shapes.AnswerWritingSerializer, request))
        if answer is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return Response(shapes.AnswerSerializer(answer).data)


class BriefExtension(APIView):
    """Ask the full tier's questions too; no answer changes. A brief that has them already stays as it is."""

    @extend_schema(request=EmptySerializer, responses={201: shapes.BriefSerializer})
    def post(self, request: Request, pk: int) -> Response:
        actions.extend_brief(find_brief(request, pk), by=request.user)
        return Response(shapes.BriefSerializer(find_brief(request, pk)).data, status=status.HTTP_201_CREATED)


class BriefSubmission(APIView):
    """Hand the brief over; with nothing new since the last version, that one is the answer."""

    @extend_schema(request=EmptySerializer, responses={201: shapes.BriefVersionSerializer})
    def post(self, request: Request, pk: int) -> Response:
        version = actions.submit_brief(find_brief(request, pk), by=request.user)
        return Response(shapes.BriefVersionSerializer(version).data, status=status.HTTP_201_CREATED)


class BriefVersionList(generics.ListAPIView):
    serializer_class = shapes.BriefVersionSerializer
    queryset = BriefVersion.objects.none()

    def get_queryset(self):
        brief = find_brief(self.request, self.kwargs["pk"])
        return brief.versions.order_by().defer("content").select_related("submitted_by")


class BriefVersionDetail(APIView):
    @extend_schema(responses=shapes.WholeBriefVersionSerializer)
    def get(self, request: Request, pk: int, number: int) -> Response:
        versions = BriefVersion.objects.visible_to(request.user).select_related("submitted_by")
        version = get_object_or_404(versions, brief__project=pk, number=number)
        return Response(shapes.WholeBriefVersionSerializer(version).data)


class BriefDifference(APIView):
    """The answers that differ between two versions, word by word, in the reader's language."""

    @extend_schema(parameters=[shapes.DifferenceQuerySerializer], responses=shapes.BriefDifferenceSerializer)
    def get(self, request: Request, pk: int, number: int) -> Response:
        query = shapes.DifferenceQuerySerializer(data=request.query_params)
        query.is_valid(raise_exception=True)
        versions = BriefVersion.objects.visible_to(request.user).filter(brief__project=pk)
        after = get_object_or_404(versions, number=number)
        before = get_object_or_404(versions, number=query.validated_data.get("from") or number - 1)
        body = {"from": before.number, "to": number, "answers": differences(before, after)}
        return Response(shapes.BriefDifferenceSerializer(body).data)


# --- The debrief ----------------------------------------------------------------------------------------------------


def find_debrief(request: Request, pk: int) -> Debrief:
    """The debrief of the latest version that the person may see."""
    rows = Debrief.objects.visible_to(request.user).filter(version__brief__project=pk)
    rows = rows.select_related("version__brief__project__agency", "version__brief__project__client")
    return get_object_or_404(rows.prefetch_related("sections", "remarks__by").order_by("-version__number")[:1])


def answer_debrief(request: Request, pk: int, code: int = 200) -> Response:
    debrief = find_debrief(request, pk)
    side = debrief.version.brief.project.side_of(request.user)
    return Response(shapes.DebriefSerializer(debrief, context={"side": side}).data, status=code)


class DebriefDetail(APIView):
    """How the agency understood the latest version of the brief."""

    @extend_schema(responses=shapes.DebriefSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return answer_debrief(request, pk)

    @extend_schema(request=shapes.UnderstandingSerializer, responses=shapes.DebriefSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        versions = BriefVersion.objects.visible_to(request.user).filter(brief__project=pk)
        version = get_object_or_404(versions.select_related("brief__project__agency", "brief__project__client")[:1])
        actions.write_understanding(version, by=request.user, **read(shapes.UnderstandingSerializer, request))
        return answer_debrief(request, pk)


class DebriefSharing(APIView):
    @extend_schema(request=EmptySerializer, responses={201: shapes.DebriefSerializer})
    def post(self, request: Request, pk: int) -> Response:
        actions.share_debrief(find_debrief(request, pk), by=request.user)
        return answer_debrief(request, pk, status.HTTP_201_CREATED)


class DebriefRemarks(generics.ListCreateAPIView):
    """What the client says is understood wrongly."""

    serializer_class = shapes.RemarkSerializer
    queryset = DebriefRemark.objects.none()

    def get_queryset(self):
        return find_debrief(self.request, self.kwargs["pk"]).remarks.select_related("by").order_by()

    def perform_create(self, serializer) -> None:
        words = serializer.validated_data
        serializer.instance = actions.remark_on_debrief(
            find_debrief(self.request, self.kwargs["pk"]), words["key"], text=words["text"], by=self.request.user
        )


class DebriefConfirmation(APIView):
    @extend_schema(request=shapes.ConfirmationSerializer, responses={201: shapes.DebriefSerializer})
    def post(self, request: Request, pk: int) -> Response:
        debrief = find_debrief(request, pk)
        seen = read(shapes.ConfirmationSerializer, request)["shared_count"]
        actions.confirm_debrief(debrief, by=request.user, seen=seen)
        return answer_debrief(request, pk, status.HTTP_201_CREATED)


# --- Goals ----------------------------------------------------------------------------------------------------------


def goals_of(request: Request) -> QuerySet:
    rows = Goal.objects.visible_to(request.user).select_related("project__agency", "project__client", "brief_version")
    return rows.defer("brief_version__content")


class GoalFilter(filters.FilterSet):
    project = filters.NumberFilter()

    class Meta:
        model = Goal
        fields = ["project", "status"]


class GoalList(generics.ListCreateAPIView):
    serializer_class = shapes.GoalSerializer
    filterset_class = GoalFilter
    queryset = Goal.objects.none()

    def get_queryset(self):
        return goals_of(self.request)

    def perform_create(self, serializer) -> None:
        words = dict(serializer.validated_data)
        project = get_object_or_404(projects_of(self.request), pk=words.pop("project_id"))
        serializer.instance = actions.draft_goal(project, by=self.request.user, **words)


class GoalDetail(APIView):
    @extend_schema(responses=shapes.GoalSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(shapes.GoalSerializer(get_object_or_404(goals_of(request), pk=pk)).data)

    @extend_schema(request=shapes.GoalEditSerializer, responses=shapes.GoalSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        goal = get_object_or_404(goals_of(request), pk=pk)
        words = read(shapes.GoalEditSerializer, request, instance=goal, partial=True)
        return Response(shapes.GoalSerializer(actions.edit_goal(goal, by=request.user, **words)).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        actions.delete_goal(get_object_or_404(goals_of(request), pk=pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class GoalProposal(APIView):
    @extend_schema(request=EmptySerializer, responses={201: shapes.GoalSerializer})
    def post(self, request: Request, pk: int) -> Response:
        goal = actions.propose_goal(get_object_or_404(goals_of(request), pk=pk), by=request.user)
        return Response(shapes.GoalSerializer(goal).data, status=status.HTTP_201_CREATED)


class GoalAgreement(APIView):
    @extend_schema(request=shapes.GoalAgreementSerializer, responses={201: shapes.GoalSerializer})
    def post(self, request: Request, pk: int) -> Response:
        goal = get_object_or_404(goals_of(request), pk=pk)
        goal = actions.agree_to_goal(goal, by=request.user, **read(shapes.GoalAgreementSerializer, request))
        return Response(shapes.GoalSerializer(goal).data, status=status.HTTP_201_CREATED)


# --- Tasks ----------------------------------------------------------------------------------------------------------


def tasks_of(request: Request) -> QuerySet:
    return Task.objects.visible_to(request.user).select_related(
        "project__agency", "project__client", "assignee", "goal"
    )


class TaskFilter(filters.FilterSet):
    project = filters.NumberFilter()
    side = filters.ChoiceFilter(choices=Side.choices)
    done = filters.BooleanFilter(field_name="done_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Task
        fields = ["project", "side", "done"]


class TaskList(generics.ListCreateAPIView):
    serializer_class = shapes.TaskSerializer
    filterset_class = TaskFilter
    queryset = Task.objects.none()

    def get_queryset(self):
        return tasks_of(self.request)

    def perform_create(self, serializer) -> None:
        words = dict(serializer.validated_data)
        project = get_object_or_404(projects_of(self.request), pk=words.pop("project_id"))
        serializer.instance = actions.add_task(project, by=self.request.user, **words)


class TaskDetail(APIView):
    @extend_schema(responses=shapes.TaskSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(shapes.TaskSerializer(get_object_or_404(tasks_of(request), pk=pk)).data)

    @extend_schema(request=shapes.TaskEditSerializer, responses=shapes.TaskSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        task = get_object_or_404(tasks_of(request), pk=pk)
        words = read(shapes.TaskEditSerializer, request, instance=task, partial=True)
        return Response(shapes.TaskSerializer(actions.edit_task(task, by=request.user, **words)).data)


class TaskCompletion(APIView):
    @extend_schema(request=EmptySerializer, responses={201: shapes.TaskSerializer})
    def post(self, request: Request, pk: int) -> Response:
        task = actions.finish_task(get_object_or_404(tasks_of(request), pk=pk), by=request.user)
        return Response(shapes.TaskSerializer(task).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        actions.reopen_task(get_object_or_404(tasks_of(request), pk=pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

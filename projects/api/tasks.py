"""Tasks as JSON."""

from decimal import Decimal

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from projects import actions, queries
from projects.api.common import SeenField, people_seen_by, projects_of, read
from projects.api.origins import ORIGIN, OriginSerializer, take_origin
from projects.models import ChecklistItem, Goal, State, Task
from smmportal.api import EmptySerializer, IdFilter
from smmportal.middleware import LARGEST_ID
from smmportal.people.models import Side, User


def goals_seen_by(user: User):
    return Goal.objects.visible_to(user)


def tasks_seen_by(user: User):
    return Task.objects.visible_to(user)


class ChecklistItemSerializer(serializers.ModelSerializer):
    class Meta:
        model = ChecklistItem
        fields = ["id", "text", "position", "done_at", "done_by"]
        read_only_fields = ["position", "done_at", "done_by"]


class TaskSerializer(OriginSerializer, serializers.ModelSerializer):
    """`waits_on` is the side whose move it is, null once it is done; hours are strings in decimal notation."""

    project = serializers.IntegerField(source="project_id", min_value=1)
    goal = SeenField(goals_seen_by, required=False, allow_null=True)
    assignee = SeenField(people_seen_by, required=False, allow_null=True)
    estimate = serializers.DecimalField(
        max_digits=6, decimal_places=2, min_value=Decimal("0.01"), required=False, allow_null=True
    )
    spent = serializers.DecimalField(max_digits=8, decimal_places=2, read_only=True)
    state = serializers.ChoiceField(choices=State.choices, read_only=True)
    waits_on = serializers.SerializerMethodField()
    is_blocked = serializers.BooleanField(read_only=True)
    waits_for = serializers.SerializerMethodField()
    checklist = ChecklistItemSerializer(many=True, read_only=True)
    origin_url = serializers.CharField(read_only=True)

    class Meta:
        model = Task
        fields = ["id", "project", "title", "description", "side", "assignee", "priority", "due_on", "estimate"]
        fields += ["spent", "goal", "state", "waits_on", "is_blocked", "waits_for", "checklist", "origin"]
        fields += ["origin_url", "recurrence", "created_at", "started_at", "review_at", "done_at", *ORIGIN]
        read_only_fields = ["origin", "recurrence", "created_at", "started_at", "review_at", "done_at"]

    @extend_schema_field(serializers.ChoiceField(choices=Side.choices, allow_null=True))
    def get_waits_on(self, task: Task) -> str | None:
        return task.waits_on or None

    def get_waits_for(self, task: Task) -> list[int]:
        """Ids of the tasks that have to be done first, those that are done already too."""
        return [dependency.first_id for dependency in task.dependencies.all()]


class TaskEditSerializer(TaskSerializer):
    project = from_version = from_key = from_row = None

    class Meta(TaskSerializer.Meta):
        fields = ["title", "description", "side", "assignee", "priority", "due_on", "estimate", "goal"]


def tasks_of(request: Request) -> QuerySet:
    return queries.with_origin(queries.told_in_full(queries.tasks_of(request.user)))


def find_task(request: Request, pk: int) -> Task:
    return get_object_or_404(tasks_of(request), pk=pk)


def told(request: Request, task: Task, *, code: int = status.HTTP_200_OK) -> Response:
    """The task as it is now, everything around it included."""
    return Response(TaskSerializer(find_task(request, task.pk)).data, status=code)


class TaskFilter(filters.FilterSet):
    project = IdFilter()
    goal = IdFilter()
    assignee = IdFilter()
    side = filters.ChoiceFilter(choices=Side.choices)
    waits_on = filters.ChoiceFilter(choices=Side.choices, help_text="The side whose move it is.")
    priority = filters.ChoiceFilter(choices=Task.Priority.choices)
    state = filters.ChoiceFilter(choices=State.choices, method="in_state")
    done = filters.BooleanFilter(field_name="done_at", lookup_expr="isnull", exclude=True)
    mine = filters.BooleanFilter(method="that_are_mine", help_text="What the sender has to do, as on their own page.")
    overdue = filters.BooleanFilter(method="that_are_overdue")

    class Meta:
        model = Task
        fields = ["project", "goal", "assignee", "side", "waits_on", "priority", "state", "done", "mine", "overdue"]

    def in_state(self, rows: QuerySet, _name: str, state: str) -> QuerySet:
        return rows.in_state(state)

    def that_are_mine(self, rows: QuerySet, _name: str, wanted: bool) -> QuerySet:
        return queries.mine(rows.open(), self.request.user) if wanted else rows

    def that_are_overdue(self, rows: QuerySet, _name: str, wanted: bool) -> QuerySet:
        return (
            queries.overdue(rows) if wanted else rows.exclude(pk__in=queries.overdue(Task.objects.all()).values("pk"))
        )


class TaskList(generics.ListCreateAPIView):
    serializer_class = TaskSerializer
    filterset_class = TaskFilter
    queryset = Task.objects.none()

    def get_queryset(self):
        return tasks_of(self.request)

    def perform_create(self, serializer) -> None:
        words = dict(serializer.validated_data)
        project = get_object_or_404(projects_of(self.request), pk=words.pop("project_id"))
        origin = take_origin(words, project)
        task = actions.add_task(project, by=self.request.user, origin=origin, **words)
        serializer.instance = find_task(self.request, task.pk)


class TaskDetail(APIView):
    @extend_schema(responses=TaskSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(TaskSerializer(find_task(request, pk)).data)

    @extend_schema(request=TaskEditSerializer, responses=TaskSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        task = find_task(request, pk)
        words = read(TaskEditSerializer, request, instance=task, partial=True)
        return told(request, actions.edit_task(task, by=request.user, **words))


class TaskCompletion(APIView):
    @extend_schema(request=EmptySerializer, responses={201: TaskSerializer})
    def post(self, request: Request, pk: int) -> Response:
        task = actions.finish_task(find_task(request, pk), by=request.user)
        return told(request, task, code=status.HTTP_201_CREATED)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        actions.reopen_task(find_task(request, pk), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class StateSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=State.choices)


class TaskState(APIView):
    @extend_schema(request=StateSerializer, responses=TaskSerializer)
    def put(self, request: Request, pk: int) -> Response:
        """Put the task into another column of the board."""
        task = find_task(request, pk)
        return told(request, actions.move_task(task, by=request.user, **read(StateSerializer, request)))


# --- Several at once ------------------------------------------------------------------------------------------------


class ChangeSerializer(serializers.ModelSerializer):
    goal = SeenField(goals_seen_by, required=False, allow_null=True)
    assignee = SeenField(people_seen_by, required=False, allow_null=True)
    state = serializers.ChoiceField(choices=State.choices, required=False)

    class Meta:
        model = Task
        fields = ["assignee", "due_on", "priority", "goal", "state"]
        extra_kwargs = {"priority": {"required": False}}


class IdField(serializers.IntegerField):
    def __init__(self, **kwargs):
        super().__init__(min_value=1, max_value=LARGEST_ID, **kwargs)


def chosen(request: Request, ids: list[int]) -> list[Task]:
    """The tasks of these ids; one that the sender does not see is refused as unknown."""
    tasks = list(queries.tasks_of(request.user).filter(pk__in=ids).order_by("pk"))
    unknown = sorted(set(ids) - {task.pk for task in tasks})
    if unknown:
        sentence = _("There is no task with the id %(id)s.") % {"id": unknown[0]}
        raise serializers.ValidationError({"tasks": [sentence]})
    return tasks


class ManyTasksSerializer(serializers.Serializer):
    """The verb is told by what is sent: `finish`, `reopen`, or `change` with the new values."""

    MOST = 200

    tasks = serializers.ListField(child=IdField(), min_length=1, max_length=MOST, help_text="Ids, 200 at most.")
    verb = serializers.ChoiceField(choices=["finish", "reopen", "change"])
    change = ChangeSerializer(required=False)


class ManyTasks(APIView):
    @extend_schema(request=ManyTasksSerializer, responses=TaskSerializer(many=True))
    def post(self, request: Request) -> Response:
        """Finish, reopen or change several tasks: all of them, or none and 409 with the reasons."""
        wanted = read(ManyTasksSerializer, request)
        tasks = chosen(request, wanted["tasks"])
        if wanted["verb"] == "finish":
            actions.finish_tasks(tasks, by=request.user)
        elif wanted["verb"] == "reopen":
            actions.reopen_tasks(tasks, by=request.user)
        else:
            actions.change_tasks(tasks, by=request.user, **wanted.get("change", {}))
        changed = tasks_of(request).filter(pk__in=[task.pk for task in tasks]).order_by("pk")
        return Response(TaskSerializer(changed, many=True).data)

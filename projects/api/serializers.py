"""The project, its brief, goals and tasks as JSON."""

from typing import TypedDict

from rest_framework import serializers

from projects.forms import agencies_run_by
from projects.models import Answer, Brief, BriefVersion, Debrief, DebriefRemark, DebriefSection, Goal, Project, Task
from projects.models.briefs import answered_of, known_of
from projects.queries import progress_of
from projects.questionnaire import asked_keys, questions_of, unanswered
from smmportal.people.models import Membership, Organisation, Role, Side, User, check_time_zone


class SeenField(serializers.PrimaryKeyRelatedField):
    """The id of a row that the sender may see; any other is refused as unknown."""

    def __init__(self, seen_by=None, **kwargs):
        self.seen_by = seen_by
        super().__init__(**({} if kwargs.get("read_only") else {"queryset": Project.objects.none()}), **kwargs)

    def get_queryset(self):
        return None if self.read_only else self.seen_by(self.context["request"].user)


def people_seen_by(user: User):
    members = Membership.objects.filter(organisation__in=Organisation.objects.visible_to(user))
    return User.objects.filter(is_active=True, pk__in=members.exclude(role=Role.VIEWER).values("user"))


def clients_of(user: User):
    return Organisation.objects.filter(agency__in=agencies_run_by(user))


class ProjectSerializer(serializers.ModelSerializer):
    agency = SeenField(agencies_run_by, required=False, help_text="Needed by who runs several agencies.")
    client = SeenField(clients_of, required=False, help_text="One of the agency's clients, or else `client_name`.")
    client_name = serializers.CharField(max_length=160, write_only=True, required=False)
    team = SeenField(people_seen_by, many=True, required=False)
    timezone = serializers.CharField(max_length=64, validators=[check_time_zone], required=False)

    class Meta:
        model = Project
        fields = ["id", "name", "agency", "client", "client_name", "team", "timezone", "starts_on", "ends_on"]
        fields += ["created_at", "activated_at", "closed_at"]
        read_only_fields = ["created_at", "activated_at", "closed_at"]

    def validate(self, attrs: dict) -> dict:
        if self.instance:
            return attrs
        if ("client" in attrs) == ("client_name" in attrs):
            raise serializers.ValidationError({"client": self.error_messages["required"]})
        attrs["client"] = attrs.pop("client_name", None) or attrs["client"]
        if "agency" not in attrs:
            attrs["agency"] = self.only_agency(attrs["client"])
        return attrs

    def only_agency(self, client: Organisation | str) -> Organisation:
        if isinstance(client, Organisation):
            return client.agency
        agencies = agencies_run_by(self.context["request"].user)
        if len(agencies) != 1:
            raise serializers.ValidationError({"agency": self.error_messages["required"]})
        return agencies[0]


class ProjectEditSerializer(ProjectSerializer):
    """What of a project can be changed."""

    agency = client = client_name = None

    class Meta(ProjectSerializer.Meta):
        fields = ["name", "team", "timezone", "starts_on", "ends_on"]


class AnswerSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by.name", read_only=True)
    value = serializers.JSONField(allow_null=True, read_only=True, help_text="Its shape is the question type's own.")

    class Meta:
        model = Answer
        fields = ["key", "value", "unknown", "revision", "by", "answered_at"]


class AnswerWritingSerializer(serializers.Serializer):
    """`revision` is that of the answer as it was read; 0 where there was none."""

    value = serializers.JSONField(allow_null=True, required=False, default=None)
    unknown = serializers.BooleanField(default=False)
    revision = serializers.IntegerField(min_value=0)


class ProgressShape(TypedDict):
    done: int
    total: int
    minutes: int


class BriefSerializer(serializers.ModelSerializer):
    form = serializers.JSONField(read_only=True)
    answers = AnswerSerializer(many=True)
    asked = serializers.SerializerMethodField()
    unanswered = serializers.SerializerMethodField()
    progress = serializers.SerializerMethodField()
    latest_version = serializers.SerializerMethodField()

    class Meta:
        model = Brief
        fields = ["project", "form", "answers", "asked", "unanswered", "progress", "latest_version"]

    def get_asked(self, brief: Brief) -> list[str]:
        """The questions that are asked after these answers: a condition may leave some out."""
        asked = asked_keys(brief.form, known_of(brief.answers.all()))
        return [question["key"] for question in questions_of(brief.form) if question["key"] in asked]

    def get_unanswered(self, brief: Brief) -> list[str]:
        """What keeps the brief from being submitted."""
        rows = brief.answers.all()
        return [question["key"] for question in unanswered(brief.form, answered_of(rows), known_of(rows))]

    def get_progress(self, brief: Brief) -> ProgressShape:
        rows = brief.answers.all()
        progress = progress_of(brief.form, answered_of(rows), known_of(rows))
        return {"done": progress.done, "total": progress.total, "minutes": progress.minutes}

    def get_latest_version(self, brief: Brief) -> int | None:
        return brief.versions.values_list("number", flat=True).first()


class BriefVersionSerializer(serializers.ModelSerializer):
    submitted_by = serializers.CharField(source="submitted_by.name", read_only=True)

    class Meta:
        model = BriefVersion
        fields = ["id", "number", "content_hash", "submitted_by", "submitted_at"]


class WholeBriefVersionSerializer(BriefVersionSerializer):
    content = serializers.JSONField(read_only=True)

    class Meta(BriefVersionSerializer.Meta):
        fields = [*BriefVersionSerializer.Meta.fields, "content"]


class DifferenceQuerySerializer(serializers.Serializer):
    def get_fields(self) -> dict:
        note = "The number of the other version; left out, the one before."
        return {"from": serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False, help_text=note)}


class PieceSerializer(serializers.Serializer):
    change = serializers.ChoiceField(["same", "added", "removed"])
    text = serializers.CharField()


class AnswerDifferenceSerializer(serializers.Serializer):
    key = serializers.CharField(source="question.key")
    section = serializers.CharField(source="section.key")
    label = serializers.JSONField(source="question.label")
    change = serializers.ChoiceField(["changed", "added", "removed"])
    pieces = PieceSerializer(many=True)


class BriefDifferenceSerializer(serializers.Serializer):
    to = serializers.IntegerField()
    answers = AnswerDifferenceSerializer(many=True)

    def get_fields(self) -> dict:
        return {"from": serializers.IntegerField(), **super().get_fields()}


class RemarkSerializer(serializers.ModelSerializer):
    by = serializers.CharField(source="by.name", read_only=True)
    section = serializers.CharField(source="key", max_length=40)

    class Meta:
        model = DebriefRemark
        fields = ["id", "section", "text", "by", "at", "answered_at"]
        read_only_fields = ["at", "answered_at"]


class DebriefSectionSerializer(serializers.ModelSerializer):
    """`understanding` and its `revision` are the agency's draft: the client's people get the shared text alone."""

    section = serializers.CharField(source="key")

    class Meta:
        model = DebriefSection
        fields = ["section", "shared_text", "understanding", "revision"]

    def to_representation(self, section: DebriefSection) -> dict:
        shown = super().to_representation(section)
        if self.context["side"] is not Side.AGENCY:
            shown["understanding"], shown["revision"] = None, None
        return shown


class DebriefSerializer(serializers.ModelSerializer):
    version = serializers.IntegerField(source="version.number", read_only=True)
    sections = DebriefSectionSerializer(many=True)
    remarks = RemarkSerializer(many=True)
    side_to_move = serializers.ChoiceField(choices=Side.choices, allow_null=True, read_only=True)

    class Meta:
        model = Debrief
        fields = ["version", "side_to_move", "shared_at", "shared_count", "confirmed_at", "sections", "remarks"]


class UnderstandingSerializer(serializers.Serializer):
    """Texts by section; `revisions` are those of the sections as they were read."""

    texts = serializers.DictField(child=serializers.CharField(max_length=10_000, allow_blank=True))
    revisions = serializers.DictField(child=serializers.IntegerField(min_value=0), required=False)


class ConfirmationSerializer(serializers.Serializer):
    shared_count = serializers.IntegerField(min_value=0, help_text="Of the debrief as it was read.")


class GoalSerializer(serializers.ModelSerializer):
    project = serializers.IntegerField(source="project_id", min_value=1)
    brief_version = serializers.IntegerField(
        source="brief_version.number", read_only=True, allow_null=True, default=None
    )
    missing = serializers.ListField(source="missing_criteria", child=serializers.CharField(), read_only=True)
    side_to_agree = serializers.ChoiceField(choices=Side.choices, allow_null=True, read_only=True)

    class Meta:
        model = Goal
        fields = ["id", "project", "statement", *Goal.CRITERIA, "due_on", "status", "revision", "brief_version"]
        fields += ["missing", "side_to_agree", "proposed_at", "agreed_at"]
        read_only_fields = ["status", "revision", "proposed_at", "agreed_at"]


class GoalEditSerializer(serializers.ModelSerializer):
    """`revision` is that of the goal as it was read."""

    revision = serializers.IntegerField(min_value=0)

    class Meta:
        model = Goal
        fields = ["statement", *Goal.CRITERIA, "due_on", "revision"]

    def validate(self, attrs: dict) -> dict:
        if "revision" not in attrs:
            raise serializers.ValidationError({"revision": self.fields["revision"].error_messages["required"]})
        return attrs


class GoalAgreementSerializer(serializers.Serializer):
    revision = serializers.IntegerField(min_value=0, help_text="Of the goal as it was read.")


def goals_seen_by(user: User):
    return Goal.objects.visible_to(user)


class TaskSerializer(serializers.ModelSerializer):
    project = serializers.IntegerField(source="project_id", min_value=1)
    goal = SeenField(goals_seen_by, required=False, allow_null=True)
    assignee = SeenField(people_seen_by, required=False, allow_null=True)

    class Meta:
        model = Task
        fields = ["id", "project", "title", "side", "assignee", "due_on", "goal", "created_at", "done_at"]
        read_only_fields = ["created_at", "done_at"]


class TaskEditSerializer(TaskSerializer):
    project = None

    class Meta(TaskSerializer.Meta):
        fields = ["title", "side", "assignee", "due_on", "goal"]

"""The brief: a frozen copy of its questions, the answers, the versions submitted, and the agency's debrief."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse

from projects.models.project import Project
from projects.questionnaire import asked_keys, unanswered
from smmportal.facts import Fact, FactQuerySet
from smmportal.people.models import Membership, Side
from smmportal.scoping import ScopedQuerySet


class Brief(models.Model):
    """`form` is this project's own copy of the questions (shape: `projects.questionnaire`): editing the original
    never changes a running brief."""

    project_path = "project"
    COUNTS = ("question_count", "answered_count", "open_count")

    project = models.OneToOneField(Project, models.CASCADE, related_name="brief")
    form = models.JSONField(encoder=DjangoJSONEncoder)
    #: Questions asked, those of them answered, and required ones still open: a list of projects need not read all
    #: the forms. `save` counts them.
    question_count = models.PositiveSmallIntegerField(default=0, editable=False)
    answered_count = models.PositiveSmallIntegerField(default=0, editable=False)
    open_count = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.project}: brief"

    def save(self, *args, **kwargs):
        self.count()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("projects:brief", args=[self.project_id])

    def count(self) -> None:
        rows = self.answers.all() if self.pk else []
        asked = asked_keys(self.form, known_of(rows))
        answered = answered_of(rows) & asked
        self.question_count, self.answered_count = len(asked), len(answered)
        self.open_count = len(unanswered(self.form, answered, known_of(rows)))


class Answer(models.Model):
    """The latest answer to one question. `revision` rises with each save, so that of two people who write at once
    the second is told, and nobody's words are lost. «Don't know» is an answer."""

    project_path = "brief__project"

    brief = models.ForeignKey(Brief, models.CASCADE, related_name="answers")
    key = models.CharField(max_length=40)
    value = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    unknown = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    #: The link by which it came: then a colleague gave it, and `by` is who asked them to.
    delegation = models.ForeignKey("projects.Delegation", models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["brief", "key"], name="one_answer_a_question")]

    def __str__(self) -> str:
        return self.key

    @property
    def is_given(self) -> bool:
        return self.unknown or self.value is not None

    @property
    def author(self) -> str:
        return self.delegation.name if self.delegation else str(self.by)

    @property
    def link_from(self) -> str:
        """Who asked the author by a link; empty when the author is a person of the project."""
        return str(self.by) if self.delegation else ""


def answered_of(rows: Iterable[Answer]) -> set[str]:
    return {row.key for row in rows if row.is_given}


def known_of(rows: Iterable[Answer]) -> dict[str, object]:
    """What the conditions of other questions look at: «don't know» opens none."""
    return {row.key: row.value for row in rows if not row.unknown and row.value is not None}


class BriefVersionQuerySet(FactQuerySet, ScopedQuerySet):
    pass


class BriefVersion(Fact):
    """What the client submitted, word for word: `content` holds the questions, the answers, who gave each and when."""

    project_path = "brief__project"

    brief = models.ForeignKey(Brief, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.JSONField(encoder=DjangoJSONEncoder)
    content_hash = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(auto_now_add=True)

    objects = BriefVersionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["brief", "number"], name="one_brief_version_a_number")]

    def __str__(self) -> str:
        return f"{self.brief_id} v{self.number}"

    @property
    def answered_sections(self) -> list[dict]:
        """A section that nobody answered has nothing to show and nothing to understand."""
        given = self.content["answers"]
        sections = self.content["form"]["sections"]
        return [part for part in sections if any(question["key"] in given for question in part["questions"])]

    def get_absolute_url(self) -> str:
        return reverse("projects:brief_version", args=[self.brief.project_id, self.number])


class DebriefQuerySet(ScopedQuerySet):
    def visible_to(self, user) -> Self:
        """Until it is shared, a debrief is the agency's own draft."""
        seen = super().visible_to(user)
        if not user.is_authenticated:
            return seen
        mine = Membership.objects.filter(user=user).values("organisation")
        return seen.filter(Q(shared_at__isnull=False) | Q(version__brief__project__agency__in=mine))


class Debrief(models.Model):
    """How the agency understood one version of the brief, section by section; the client confirms or remarks."""

    project_path = "version__brief__project"

    version = models.OneToOneField(BriefVersion, models.PROTECT, related_name="debrief")
    #: How often it was shared: who confirms says which sharing they read.
    shared_count = models.PositiveIntegerField(default=0)
    shared_at = models.DateTimeField(null=True)
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = DebriefQuerySet.as_manager()

    def __str__(self) -> str:
        return f"debrief of {self.version}"

    def get_absolute_url(self) -> str:
        return reverse("projects:debrief", args=[self.version.brief.project_id])

    @property
    def side_to_move(self) -> Side | None:
        if self.confirmed_at:
            return None
        return Side.CLIENT if self.shared_at and not self.open_remarks else Side.AGENCY

    @property
    def open_remarks(self) -> list["DebriefRemark"]:
        """What the client said and the agency has not yet answered by sharing again."""
        return [remark for remark in self.remarks.all() if remark.answered_at is None]


class InsideDebriefQuerySet(ScopedQuerySet):
    def visible_to(self, user) -> Self:
        return self.filter(debrief__in=Debrief.objects.visible_to(user))


class DebriefSection(models.Model):
    """What the agency writes is its own draft until it shares: the client reads and confirms `shared_text`."""

    project_path = "debrief__version__brief__project"

    debrief = models.ForeignKey(Debrief, models.CASCADE, related_name="sections")
    key = models.CharField(max_length=40)
    understanding = models.TextField(blank=True, max_length=10_000)
    shared_text = models.TextField(blank=True, max_length=10_000)
    revision = models.PositiveIntegerField(default=1)

    objects = InsideDebriefQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["debrief", "key"], name="one_understanding_a_section")]

    def __str__(self) -> str:
        return self.key


class DebriefRemark(models.Model):
    """What the client says is understood wrongly in one section; answered when the agency shares again."""

    project_path = "debrief__version__brief__project"

    debrief = models.ForeignKey(Debrief, models.CASCADE, related_name="remarks")
    key = models.CharField(max_length=40)
    text = models.TextField(max_length=10_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True)

    objects = InsideDebriefQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:60]

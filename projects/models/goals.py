from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models.briefs import BriefVersion
from projects.models.origins import FromAnswer
from projects.models.project import Project
from smmportal.facts import Fact, FactQuerySet
from smmportal.people.models import Side
from smmportal.scoping import ScopedQuerySet


class BusinessGoal(FromAnswer):
    """What the business wants of the whole work; goals stand under it and are for it."""

    project_path = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="business_goals")
    text = models.CharField(_("What the business wants"), max_length=300)
    position = models.PositiveSmallIntegerField(editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text


class Goal(FromAnswer):
    """A goal in the client's words with the five SMART answers. One side proposes it, the other agrees; then it is
    begun, and in the end somebody says how it ended."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Proposed")
        AGREED = "agreed", _("Agreed")
        ACTIVE = "active", _("Under way")
        ACHIEVED = "achieved", _("Achieved")
        MISSED = "missed", _("Missed")
        DROPPED = "dropped", _("Dropped")

    #: The words may still change.
    IN_WORDS = (Status.DRAFT, Status.PROPOSED)
    #: Both sides want it, and it has not ended.
    RUNNING = (Status.AGREED, Status.ACTIVE)
    CONCLUDED = (Status.ACHIEVED, Status.MISSED, Status.DROPPED)

    CRITERIA = ("specific", "measurable", "achievable", "relevant", "time_bound")
    project_path = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="goals")
    #: The version of the brief that the goal rests on.
    brief_version = models.ForeignKey(BriefVersion, models.PROTECT, null=True, blank=True, related_name="goals")
    business_goal = models.ForeignKey(
        BusinessGoal, models.PROTECT, null=True, blank=True, related_name="goals", verbose_name=_("Business goal")
    )
    client_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Responsible at the client"),
    )
    agency_owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("Responsible at the agency"),
    )
    statement = models.TextField(_("The goal in the client’s words"), max_length=10_000)
    specific = models.TextField(_("Specific: what exactly will change"), blank=True, max_length=10_000)
    measurable = models.TextField(_("Measurable: by which number we will see it"), blank=True, max_length=10_000)
    achievable = models.TextField(_("Achievable: why it is within reach"), blank=True, max_length=10_000)
    relevant = models.TextField(_("Relevant: what it is for"), blank=True, max_length=10_000)
    time_bound = models.TextField(_("Time-bound: by when, and when we look on the way"), blank=True, max_length=10_000)
    due_on = models.DateField(_("Deadline"), null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    proposed_side = models.CharField(max_length=8, choices=Side, blank=True, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    proposed_at = models.DateTimeField(null=True, editable=False)
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    agreed_at = models.DateTimeField(null=True, editable=False)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    begun_at = models.DateTimeField(null=True, editable=False)
    #: Rises with each edit: who agrees says which words they read.
    revision = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.statement

    def get_absolute_url(self) -> str:
        return reverse("projects:goal", args=[self.pk])

    @property
    def missing_criteria(self) -> list[str]:
        missing = [name for name in self.CRITERIA if not getattr(self, name).strip()]
        return missing if self.due_on else [*missing, "due_on"]

    @property
    def side_to_agree(self) -> Side | None:
        return Side(self.proposed_side).other if self.status == self.Status.PROPOSED else None

    @property
    def has_fixed_words(self) -> bool:
        return self.status not in self.IN_WORDS

    @property
    def is_running(self) -> bool:
        return self.status in self.RUNNING

    @property
    def is_concluded(self) -> bool:
        return self.status in self.CONCLUDED

    def owner_of(self, side: Side):
        return self.agency_owner if side is Side.AGENCY else self.client_owner


class Conclusion(models.Model):
    """How a goal ended, and what both sides learned. A goal that is taken up again keeps the row, with the reason;
    the next ending is a row of its own."""

    class Outcome(models.TextChoices):
        ACHIEVED = "achieved", _("Achieved")
        MISSED = "missed", _("Missed")
        DROPPED = "dropped", _("Dropped")

    project_path = "goal__project"

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="conclusions")
    outcome = models.CharField(_("How did it end?"), max_length=10, choices=Outcome)
    reason = models.TextField(_("Why"), blank=True, max_length=10_000)
    worked = models.TextField(_("What worked"), blank=True, max_length=10_000)
    failed = models.TextField(_("What did not work"), blank=True, max_length=10_000)
    lesson = models.TextField(_("What we take along"), blank=True, max_length=10_000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(auto_now_add=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    reopened_at = models.DateTimeField(null=True, editable=False)
    reopened_because = models.TextField(_("Why it goes on"), blank=True, editable=False, max_length=10_000)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["goal"], condition=models.Q(reopened_at=None), name="one_standing_conclusion_a_goal"
            )
        ]

    def __str__(self) -> str:
        return f"{self.goal_id}: {self.outcome}"


class ConfidenceQuerySet(FactQuerySet, ScopedQuerySet):
    pass


class Confidence(Fact):
    """How sure one side is that the goal will be reached, from 1 to 10. The latest of each side counts."""

    #: From this difference on the two sides do not see the same goal, and talk about it.
    WIDE = 3
    project_path = "goal__project"

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="confidences")
    side = models.CharField(max_length=8, choices=Side)
    value = models.PositiveSmallIntegerField(_("How sure, from 1 to 10"))
    note = models.CharField(_("Why"), blank=True, max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ConfidenceQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(value__range=(1, 10)), name="confidence_is_from_1_to_10")
        ]

    def __str__(self) -> str:
        return f"{self.goal_id} {self.side}: {self.value}"


class ConfidenceGapQuerySet(ScopedQuerySet):
    def open(self):
        return self.filter(closed_at=None)


class ConfidenceGap(models.Model):
    """A time during which the sides saw a goal too differently. `raised_at` is when it was put on an agenda, which
    happens once: people may take it off again."""

    project_path = "goal__project"

    goal = models.ForeignKey(Goal, models.CASCADE, related_name="gaps")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)
    raised_at = models.DateTimeField(null=True)

    objects = ConfidenceGapQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["goal"], condition=models.Q(closed_at=None), name="one_open_gap_a_goal")
        ]

    def __str__(self) -> str:
        return f"{self.goal_id} since {self.opened_at:%Y-%m-%d}"

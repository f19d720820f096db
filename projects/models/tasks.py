from decimal import Decimal
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, DecimalField, Exists, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from projects.models.goals import Goal
from projects.models.origins import FromAnswer
from projects.models.project import Project
from projects.models.recurrences import Recurrence
from projects.models.vocabulary import Priority
from smmportal.people.models import Side
from smmportal.scoping import ScopedQuerySet

HOURS = DecimalField(max_digits=8, decimal_places=2)


class State(models.TextChoices):
    """The columns of the board. A task's state is told by who did what when, and stored nowhere else."""

    PLANNED = "planned", pgettext_lazy("task", "To do")
    DOING = "doing", pgettext_lazy("task", "In progress")
    REVIEW = "review", pgettext_lazy("task", "For review")
    DONE = "done", pgettext_lazy("task", "Done")


IN_STATE = {
    State.PLANNED: Q(done_at=None, review_at=None, started_at=None),
    State.DOING: Q(done_at=None, review_at=None, started_at__isnull=False),
    State.REVIEW: Q(done_at=None, review_at__isnull=False),
    State.DONE: Q(done_at__isnull=False),
}


class TaskQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.filter(done_at=None)

    def in_state(self, state: State) -> Self:
        return self.filter(IN_STATE[State(state)])

    def with_spent(self) -> Self:
        """Each with `spent`: the hours that were written down for it."""
        spent = Effort.objects.filter(task=OuterRef("pk")).order_by().values("task").annotate(sum=Sum("hours"))
        return self.annotate(spent=Coalesce(Subquery(spent.values("sum")), Decimal(0), output_field=HOURS))

    def with_waiting(self) -> Self:
        """Each with `waits_on`, the side whose move it is: that of the task it has to wait for, else of who looks
        at what was done, else its own; nobody's once it is done. And with `is_blocked`."""
        first = Dependency.objects.filter(task=OuterRef("pk"), first__done_at=None)
        first = first.order_by(models.F("first__due_on").asc(nulls_last=True), "first_id")
        return self.annotate(
            is_blocked=Case(When(done_at=None, then=Exists(first)), default=Value(False)),
            waits_on=Case(
                When(done_at__isnull=False, then=Value("")),
                When(Exists(first), then=Subquery(first.values("first__side")[:1])),
                When(review_at__isnull=False, side=Side.CLIENT, then=Value(Side.AGENCY.value)),
                When(review_at__isnull=False, side=Side.AGENCY, then=Value(Side.CLIENT.value)),
                default="side",
                output_field=models.CharField(),
            ),
        )


class Task(FromAnswer):
    """Something one side does by a date. Which side it waits on is a fact of each task."""

    class Origin(models.TextChoices):
        """What it came from."""

        HAND = "hand", _("Written by hand")
        BRIEF = "brief", _("The brief")
        MEETING = "meeting", _("A meeting")
        ALERT = "alert", _("An alert")
        REVIEW = "review", _("A review")
        IDEA = "idea", _("An idea")

    State = State
    Priority = Priority
    #: What people change by hand, in the order in which it is told.
    EDITABLE = ("title", "description", "side", "assignee", "priority", "estimate", "due_on", "goal")
    #: The page of what a task came from, by the number kept in `origin_id`; apps above are met by address only.
    ORIGIN_PAGES = {"meeting": "meetings:meeting", "alert": "kpis:alert", "review": "kpis:review", "idea": "ideas:idea"}
    project_path = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="tasks")
    goal = models.ForeignKey(Goal, models.SET_NULL, null=True, blank=True, related_name="tasks")
    title = models.CharField(_("What is to be done"), max_length=300)
    description = models.TextField(_("Details"), blank=True, max_length=10_000)
    side = models.CharField(_("Whose it is"), max_length=8, choices=Side)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="tasks")
    priority = models.CharField(_("Priority"), max_length=8, choices=Priority, default=Priority.NORMAL)
    due_on = models.DateField(_("By when"), null=True, blank=True)
    #: In hours.
    estimate = models.DecimalField(
        _("How many hours it takes"),
        max_digits=6,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.HAND, editable=False)
    origin_id = models.PositiveBigIntegerField(null=True, editable=False)
    recurrence = models.ForeignKey(
        Recurrence, models.PROTECT, null=True, blank=True, related_name="tasks", editable=False
    )
    #: The day of the recurrence for which this task appeared; `due_on` may be moved, this may not.
    occurs_on = models.DateField(null=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, editable=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    #: Laid before the other side to look at: until it is done, it waits on them.
    review_at = models.DateTimeField(null=True, editable=False)
    review_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = [models.F("due_on").asc(nulls_last=True), "id"]
        indexes = [models.Index(fields=["project", "due_on"], condition=Q(done_at=None), name="tasks_open")]
        constraints = [models.UniqueConstraint(fields=["recurrence", "occurs_on"], name="one_task_a_day_of_recurrence")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("projects:task", args=[self.pk])

    @property
    def state(self) -> State:
        if self.done_at:
            return State.DONE
        if self.review_at:
            return State.REVIEW
        return State.DOING if self.started_at else State.PLANNED

    @property
    def origin_url(self) -> str:
        """The page of what it came from; empty when there is none."""
        if self.origin == self.Origin.BRIEF:
            return self.answer_url or reverse("projects:brief", args=[self.project_id])
        page = self.ORIGIN_PAGES.get(self.origin)
        try:
            return reverse(page, args=[self.origin_id]) if page and self.origin_id else ""
        except NoReverseMatch:
            return ""


class ChecklistItem(models.Model):
    """One line to tick off on the way to a task."""

    MOST = 100
    project_path = "task__project"

    task = models.ForeignKey(Task, models.CASCADE, related_name="checklist")
    text = models.CharField(_("A step"), max_length=300)
    #: From 1, without gaps.
    position = models.PositiveSmallIntegerField()
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text


class Dependency(models.Model):
    """`task` waits until `first` is done. Both are of one project, and no chain of them comes back to itself."""

    project_path = "task__project"

    task = models.ForeignKey(Task, models.CASCADE, related_name="dependencies")
    first = models.ForeignKey(Task, models.CASCADE, related_name="dependents")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "first"], name="one_dependency_a_pair"),
            models.CheckConstraint(condition=~Q(task=models.F("first")), name="no_task_waits_for_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} after {self.first_id}"


class Effort(models.Model):
    """Hours that somebody spent on a task on a day. Rows are added; a mistake of an earlier day is set right by a
    further row with hours below zero, and only on the day it was written may its author take a row back."""

    LONGEST_DAY = Decimal(24)
    project_path = "task__project"

    task = models.ForeignKey(Task, models.CASCADE, related_name="efforts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    on = models.DateField(_("On which day"))
    hours = models.DecimalField(
        _("Hours"),
        max_digits=4,
        decimal_places=2,
        validators=[MinValueValidator(-LONGEST_DAY), MaxValueValidator(LONGEST_DAY)],
    )
    note = models.CharField(_("What on"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.hours} on {self.on}"

    def is_of_today(self, project: Project) -> bool:
        """Whether it was written down on the day that it is now, where the project is."""
        return timezone.localdate(self.created_at, ZoneInfo(project.timezone)) == project.today


class Reminder(models.Model):
    """That the people of a task were told of its date: once for each date, whatever else happens."""

    class Kind(models.TextChoices):
        TOMORROW = "tomorrow", _("Due tomorrow")
        OVERDUE = "overdue", _("Overdue")

    project_path = "task__project"

    task = models.ForeignKey(Task, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=8, choices=Kind)
    due_on = models.DateField()
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["task", "kind", "due_on"], name="one_reminder_a_date")]

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind} {self.due_on}"

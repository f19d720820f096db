from datetime import date, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Case, Exists, OuterRef, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meetings.models.meetings import Meeting
from projects.models import Task
from smmportal.facts import FactChanged
from smmportal.scoping import ScopedQuerySet


class Minutes(models.Model):
    """What was said. Once published it never changes: what was left out is added as a new line of its own."""

    project_path = "meeting__project"

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="minutes")
    text = models.TextField(_("What was said"), blank=True, max_length=10_000)
    revision = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    #: What both sides read once it is published: the words as they were, whatever becomes of tasks and people.
    content = models.JSONField(null=True, encoder=DjangoJSONEncoder, editable=False)
    content_hash = models.CharField(max_length=64, blank=True, editable=False)
    #: The first moment at which it is too late to object.
    answer_by = models.DateTimeField(null=True, editable=False)
    #: When nothing was left to answer; the hash is of the content with its answers and corrections as they were then.
    final_at = models.DateTimeField(null=True, editable=False)
    final_hash = models.CharField(max_length=64, blank=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(final_at=None) | models.Q(published_at__isnull=False),
                name="only_published_minutes_are_final",
            )
        ]

    def __str__(self) -> str:
        return f"minutes of {self.meeting_id}"

    def save(self, *args, **kwargs):
        refuse_if_published(self.meeting_id)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("meetings:minutes", args=[self.meeting_id])

    @property
    def is_open_to_answers(self) -> bool:
        return bool(self.published_at and not self.final_at and self.answer_by and timezone.now() < self.answer_by)

    @property
    def waits_for_answer(self) -> bool:
        return self.objections.filter(answer=None).exists()

    @property
    def answer_on(self) -> date:
        """The last day on which a side may object, where the project is."""
        return (self.answer_by - timedelta(seconds=1)).astimezone(ZoneInfo(self.meeting.project.timezone)).date()


def refuse_if_published(meeting_id: int) -> None:
    """Published minutes are a fact; the actions say so in words long before this is met."""
    if Minutes.objects.filter(meeting=meeting_id, published_at__isnull=False).exists():
        raise FactChanged(f"The minutes of meeting {meeting_id} are published and never change.")


class DecisionQuerySet(ScopedQuerySet):
    def with_state(self) -> Self:
        """Each with `state`, one of `Decision.State`."""
        successors = Decision.objects.filter(replaces=OuterRef("pk"), meeting__minutes__published_at__isnull=False)
        objections = apps.get_model("meetings", "Objection").objects.filter(decision=OuterRef("pk"))
        State = Decision.State
        return self.annotate(
            state=Case(
                When(Exists(successors), then=Value(State.REPLACED)),
                When(Exists(objections.exclude(answer__agrees=True)), then=Value(State.DISPUTED)),
                When(meeting__minutes__final_at__isnull=False, then=Value(State.AGREED)),
                default=Value(State.PROPOSED),
                output_field=models.CharField(),
            )
        )


class Decision(models.Model):
    class State(models.TextChoices):
        """How a decision stands. It is told by what was written about it, and stored nowhere."""

        PROPOSED = "proposed", _("proposed in the minutes")
        AGREED = "agreed", pgettext_lazy("of a decision", "agreed")
        DISPUTED = "disputed", _("disputed")
        REPLACED = "replaced", _("replaced")

    project_path = "meeting__project"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="decisions")
    text = models.CharField(_("What was decided"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(auto_now_add=True)
    #: The earlier decision that this one stands instead of, once its minutes are published.
    replaces = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("Instead of an earlier decision"),
    )

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text

    def save(self, *args, **kwargs):
        refuse_if_published(self.meeting_id)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        refuse_if_published(self.meeting_id)
        return super().delete(*args, **kwargs)


class ActionItem(models.Model):
    """A task that came out of a meeting: its side, person and date are the task's own."""

    project_path = "meeting__project"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="action_items")
    task = models.OneToOneField(Task, models.CASCADE, related_name="action_item")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.task)

import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpis.models import Kpi
from projects.models import FromAnswer, Goal, Project
from smmportal.people.models import Side
from smmportal.scoping import ScopedQuerySet


class MeetingQuerySet(ScopedQuerySet):
    def held(self) -> Self:
        return self.filter(cancelled_at=None)

    def upcoming(self) -> Self:
        return self.held().filter(ends_at__gte=timezone.now())


class Meeting(models.Model):
    """A time both sides keep free to talk. Either side books it; moving keeps it the same meeting."""

    project_path = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="meetings")
    title = models.CharField(_("What it is about"), max_length=200)
    starts_at = models.DateTimeField(_("Starts"))
    ends_at = models.DateTimeField(_("Ends"))
    place = models.CharField(_("Link or place"), max_length=500, blank=True)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, through="Attendance", related_name="meetings")
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    booked_side = models.CharField(max_length=8, choices=Side, editable=False)
    booked_at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    cancel_reason = models.CharField(_("Why"), max_length=500, blank=True)
    series = models.ForeignKey("Series", models.PROTECT, null=True, blank=True, related_name="meetings", editable=False)
    #: The day of the series' rule that it stands for, wherever it is moved; in the series' zone.
    series_day = models.DateField(null=True, blank=True, editable=False)

    #: What calendar programs know it by, through every move.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    #: Rises with each change that a calendar must learn of, and never falls.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="a_meeting_ends_after_it_starts"
            ),
            models.UniqueConstraint(fields=["series", "series_day"], name="one_meeting_a_day_of_a_series"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:meeting", args=[self.pk])

    @property
    def has_begun(self) -> bool:
        return self.starts_at <= timezone.now()

    @property
    def is_over(self) -> bool:
        return self.ends_at < timezone.now()

    @property
    def link(self) -> str:
        """The place, when it is an address a browser may open."""
        return self.place if self.place.startswith(("https://", "http://")) and " " not in self.place else ""

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at

    @property
    def is_published(self) -> bool:
        return hasattr(self, "minutes") and self.minutes.published_at is not None


class Attendance(models.Model):
    project_path = "meeting__project"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attendances")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="one_seat_a_person")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.meeting_id}"


class AgendaItem(FromAnswer):
    project_path = "meeting__project"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(_("What to talk about"), max_length=300)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    #: The goal that the sides see differently, when that is what the line is about.
    goal = models.ForeignKey(Goal, models.SET_NULL, null=True, blank=True, editable=False, related_name="agenda_items")
    #: The KPI that the line is about; its words are the board's, made for whoever reads.
    kpi = models.ForeignKey(Kpi, models.SET_NULL, null=True, blank=True, editable=False, related_name="agenda_items")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.meeting.get_absolute_url()


class BroughtUp(models.Model):
    """A KPI was put on the agenda of a meeting by itself: once for each meeting, whatever people do with the line."""

    project_path = "meeting__project"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="brought_up")
    kpi = models.ForeignKey(Kpi, models.CASCADE, related_name="brought_up")
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "kpi"], name="a_kpi_comes_once_a_meeting")]

    def __str__(self) -> str:
        return f"{self.kpi_id} at {self.meeting_id}"

import uuid
from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models.availability import Availability
from meetings.recurrence import Rule, moment_of, read_rule, written
from projects.models import Project
from smmportal.people.models import Side, check_time_zone
from smmportal.scoping import ScopedQuerySet


class SeriesQuerySet(ScopedQuerySet):
    def running(self) -> Self:
        """Not ended by anybody, and not at the end of their own rule."""
        return self.filter(ended_at=None, is_over=False)


class Series(models.Model):
    """Meetings that come again by a rule of RFC 5545, at a wall-clock time of the series' own zone.

    Its meetings are ordinary ones, made ahead up to `made_until`; each keeps the day of the rule that it stands for,
    wherever it is moved. A series that changes from some day on ends there, and another `continues` it.
    """

    class DayOff(models.TextChoices):
        SKIP = "skip", _("there is no meeting")
        MOVE = "move", _("it moves to the next working day")
        KEEP = "keep", _("it takes place all the same")

    project_path = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="series")
    title = models.CharField(_("What it is about"), max_length=200)
    place = models.CharField(_("Link or place"), max_length=500, blank=True)
    #: As RFC 5545 writes it, without its end: «FREQ=WEEKLY;BYDAY=TU».
    rule = models.CharField(_("Rule"), max_length=100, editable=False)
    #: The first day of the rule, in the series' zone.
    starts_on = models.DateField(_("First meeting on"))
    time = models.TimeField(_("Time"))
    zone = models.CharField(_("time zone"), max_length=64, validators=[check_time_zone])
    minutes = models.PositiveSmallIntegerField(
        _("Length, minutes"), default=60, validators=[MinValueValidator(5), MaxValueValidator(24 * 60)]
    )
    until = models.DateField(_("Last day"), null=True, blank=True)
    count = models.PositiveSmallIntegerField(
        _("How many meetings"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    day_off = models.CharField(_("On a public holiday"), max_length=4, choices=DayOff, default=DayOff.SKIP)
    #: Codes of the countries whose holidays count.
    countries = models.JSONField(default=list)
    continues = models.ForeignKey("self", models.PROTECT, null=True, related_name="continuations", editable=False)
    made_until = models.DateField(null=True, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    made_side = models.CharField(max_length=8, choices=Side, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    #: The rule has come to its own end.
    is_over = models.BooleanField(default=False, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    end_reason = models.CharField(_("Why"), max_length=500, blank=True)
    #: The one name of all its meetings in calendar programs.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SeriesQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "series"
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(count=None), name="a_series_ends_by_a_day_or_by_a_count")
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:series", args=[self.project_id, self.pk])

    @property
    def is_running(self) -> bool:
        return self.ended_at is None and not self.is_over

    @property
    def recurs(self) -> Rule:
        """The rule with its end."""
        rule = read_rule(self.rule)
        return Rule(**{**vars(rule), "until": self.until, "count": self.count})

    @recurs.setter
    def recurs(self, rule: Rule) -> None:
        self.rule, self.until, self.count = written(rule), rule.until, rule.count

    @property
    def clock_zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    def moment_on(self, day: date) -> datetime:
        """When the meeting of that day starts by the rule."""
        return moment_of(day, self.time, self.clock_zone)

    @property
    def country_names(self) -> list[str]:
        return [str(Availability.Country(code).label) for code in self.countries if code in Availability.Country.values]


class SeriesSeat(models.Model):
    """Somebody takes part from a day on, up to and without another: both are days of the rule, in the series' zone."""

    project_path = "series__project"

    series = models.ForeignKey(Series, models.CASCADE, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    joins_on = models.DateField()
    leaves_on = models.DateField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.person_id} in series {self.series_id}"


class OpenDay(models.Model):
    """A day of the rule whose time was taken: it waits for another time, and holds nobody's until then. One that has
    a meeting already (moved with its series, or with somebody new) keeps that meeting where it is meanwhile."""

    project_path = "series__project"

    series = models.ForeignKey(Series, models.CASCADE, related_name="open_days")
    day = models.DateField()
    starts_at = models.DateTimeField()
    #: Whose time was taken.
    names = models.CharField(max_length=500)
    meeting = models.ForeignKey("Meeting", models.CASCADE, null=True, related_name="open_days")
    since = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, editable=False)
    #: Nothing is held on this day: said when no other time was wanted.
    is_dropped = models.BooleanField(default=False, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["day", "id"]
        constraints = [models.UniqueConstraint(fields=["series", "day"], name="a_day_of_a_series_is_open_once")]

    def __str__(self) -> str:
        return f"{self.series_id} on {self.day}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:series_day", args=[self.series.project_id, self.series_id, self.pk])

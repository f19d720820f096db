from datetime import timedelta
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models.availability import OwnQuerySet
from meetings.models.meetings import Meeting
from projects.models import Project
from smmportal.people.links import Link
from smmportal.people.models import Side
from smmportal.scoping import ScopedQuerySet


class ProposalQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.filter(ended_at=None, expires_at__gt=timezone.now())

    def run_out(self) -> Self:
        """Nobody has ended them, and their time is over."""
        return self.filter(ended_at=None, expires_at__lte=timezone.now())


class Proposal(models.Model):
    """A few times for one meeting. The first that suits everybody required is booked; until then they are all held."""

    class Outcome(models.TextChoices):
        BOOKED = "booked", _("booked")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("run out")

    LASTS = timedelta(days=3)
    project_path = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="proposals")
    title = models.CharField(_("What it is about"), max_length=200)
    minutes = models.PositiveSmallIntegerField(
        _("Length, minutes"), validators=[MinValueValidator(5), MaxValueValidator(24 * 60)]
    )
    place = models.CharField(_("Link or place"), max_length=500, blank=True)
    message = models.CharField(_("A few words to go with it"), max_length=1000, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_side = models.CharField(max_length=8, choices=Side)
    proposed_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    meeting = models.OneToOneField(Meeting, models.SET_NULL, null=True, related_name="proposal")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("meetings:proposal", args=[self.pk])

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def state(self) -> str:
        """`open`, or how it ended."""
        if self.outcome:
            return self.outcome
        return "open" if self.expires_at > timezone.now() else self.Outcome.EXPIRED.value

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    def asked_of(self, user) -> "Asked | None":
        """The seat of this person, if there is one."""
        return next((each for each in self.asked.all() if each.person_id == user.pk), None)


class ProposedTime(models.Model):
    project_path = "proposal__project"

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "starts_at"], name="a_time_is_proposed_once"),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="a_proposed_time_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class Asked(models.Model):
    """Somebody who is to come: a time is booked only when it suits each who is required."""

    project_path = "proposal__project"

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="asked")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_required = models.BooleanField(default=True)
    #: None while the times that stand have not all been answered: a time offered later asks again.
    answered_at = models.DateTimeField(null=True)
    suits = models.ManyToManyField(ProposedTime, related_name="suits")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-is_required", "id"]
        constraints = [models.UniqueConstraint(fields=["proposal", "person"], name="asked_once")]

    def __str__(self) -> str:
        return f"{self.person_id} about {self.proposal_id}"


class ProposalLink(Link):
    """An answer without a login: for one person, to one proposal, as long as that is open."""

    project_path = "asked__proposal__project"

    asked = models.ForeignKey(Asked, models.CASCADE, related_name="links")

    def __str__(self) -> str:
        return str(self.asked)

    @property
    def proposal(self) -> Proposal:
        return self.asked.proposal

    @property
    def project(self) -> Project:
        return self.proposal.project


class HeldTime(models.Model):
    """Time of one person that a meeting takes or a proposal holds. PostgreSQL itself refuses a second one over it:
    see the constraint `nobody_is_in_two_places`. Who may but need not come gives no time away."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="held_times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    meeting = models.ForeignKey(Meeting, models.CASCADE, null=True, related_name="held_times")
    time = models.ForeignKey(ProposedTime, models.CASCADE, null=True, related_name="held_times")

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["person", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(meeting=None, time__isnull=False) | models.Q(meeting__isnull=False, time=None),
                name="time_is_held_for_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} from {self.starts_at}"

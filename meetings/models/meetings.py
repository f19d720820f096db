import uuid
from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kpis.models import Kpi
from meetings.calls import link_in, service_of
from projects.models import FromAnswer, Goal, Project
from smmportal.people.models import Membership, Side
from smmportal.scoping import ScopedQuerySet

#: How long before its start the way into a call is offered.
JOIN_BEFORE = timedelta(minutes=15)


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
    #: The version in which it got the time that it has: an answer to an older one was about another time.
    time_sequence = models.PositiveIntegerField(default=0, editable=False)
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
        return link_in(self.place)

    @property
    def call(self) -> str:
        """The service that the link leads to, by its own name; empty when there is no link or it is another."""
        return service_of(self.link)

    @property
    def may_be_joined(self) -> bool:
        """From shortly before it starts until it is over."""
        return (
            bool(self.link) and not self.cancelled_at and self.starts_at - JOIN_BEFORE <= timezone.now() <= self.ends_at
        )

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at

    @property
    def is_published(self) -> bool:
        return hasattr(self, "minutes") and self.minutes.published_at is not None


class Attendance(models.Model):
    """A person's seat in a meeting, and what they answered to the invitation: another time asks them anew.
    Then, whether they came: absent is who said so before; a no-show did not.
    """

    class Answer(models.TextChoices):
        NONE = "", _("has not answered")
        ACCEPTED = "accepted", _("will come")
        TENTATIVE = "tentative", _("may come")
        DECLINED = "declined", _("can’t come")

    class Way(models.TextChoices):
        PAGE = "page", _("on the portal")
        API = "api", _("through a program")
        LINK = "link", _("by the link in the letter")
        MAIL = "mail", _("from a calendar")

    class State(models.TextChoices):
        PRESENT = "present", pgettext_lazy("attendance", "present")
        LATE = "late", pgettext_lazy("attendance", "late")
        ABSENT = "absent", pgettext_lazy("attendance", "absent")
        NO_SHOW = "no_show", pgettext_lazy("attendance", "no-show")

    project_path = "meeting__project"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="attendances")
    #: Who need not come gives no time away: the meeting is held without them too.
    is_required = models.BooleanField(_("must be there"), default=True)
    answer = models.CharField(max_length=9, choices=Answer, blank=True, default="", editable=False)
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.CharField(max_length=4, choices=Way, blank=True, default="", editable=False)
    #: Empty until somebody in the room says so.
    state = models.CharField(max_length=8, choices=State, blank=True)
    marked_at = models.DateTimeField(null=True, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-is_required", "id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="one_seat_a_person")]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.meeting_id}"


class AgendaItemQuerySet(ScopedQuerySet):
    def for_side(self, side: str | None) -> Self:
        """Without what the other side keeps to itself."""
        return self.filter(only_for__in=["", side] if side else [""])

    def visible_to(self, user) -> Self:
        """Both sides see the agenda, but for the lines that one of them keeps to itself."""
        seen = super().visible_to(user)
        if not (user.is_authenticated and user.is_active):
            return seen
        mine = Membership.objects.filter(user=user).values("organisation")
        return seen.filter(
            models.Q(only_for="")
            | models.Q(only_for=Side.AGENCY, meeting__project__agency__in=mine)
            | models.Q(only_for=Side.CLIENT, meeting__project__client__in=mine)
        )


class AgendaItem(FromAnswer):
    """Something to talk about. What came by itself has a `kind` of `meetings.agenda` and the `row` it rests on; its
    words are made for whoever reads, from `facts`."""

    class Outcome(models.TextChoices):
        """What became of the line at its meeting; nothing is said until somebody marks it."""

        DISCUSSED = "discussed", _("discussed")
        NOT_DISCUSSED = "not_discussed", _("not discussed")
        PARKED = "parked", _("parked")

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
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True, default="", editable=False)
    #: The line of an earlier meeting that came here, how many times it has come on, and the day of its first meeting.
    carried_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="carried_to"
    )
    carried_times = models.PositiveSmallIntegerField(default=0, editable=False)
    first_on = models.DateField(null=True, editable=False)
    #: When this line was carried on, or taken off the parking lot; that happens once.
    left_at = models.DateTimeField(null=True, editable=False)
    #: Who leads the talk about it.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who leads")
    )
    kind = models.CharField(max_length=16, blank=True, editable=False)
    row = models.PositiveBigIntegerField(null=True, editable=False)
    #: Plain values as the evidence had them when it was last looked at: days, names, numbers, its address.
    facts = models.JSONField(default=dict, editable=False)
    #: The one side that sees it; empty for both.
    only_for = models.CharField(max_length=8, choices=Side, blank=True, editable=False)
    #: When people moved, timed or assigned it: from then on it stays where they put it.
    touched_at = models.DateTimeField(null=True, editable=False)
    #: When what it was about was found to be settled before the meeting.
    settled_at = models.DateTimeField(null=True, editable=False)
    #: When it was ticked off in the room.
    ticked_at = models.DateTimeField(null=True, editable=False)
    ticked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)

    objects = AgendaItemQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.meeting.get_absolute_url()


class BroughtUp(models.Model):
    """A row was put on the agenda of a meeting by itself: once a meeting, whatever people do with the line."""

    project_path = "meeting__project"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="brought_up")
    #: Of `meetings.agenda`, with the row of that kind.
    kind = models.CharField(max_length=16)
    row = models.PositiveBigIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["meeting", "kind", "row"], name="evidence_comes_once_a_meeting")]

    def __str__(self) -> str:
        return f"{self.kind} {self.row} at {self.meeting_id}"
        return f"{self.kpi_id} at {self.meeting_id}"


class CallLink(models.Model):
    """Where a project's calls are usually held: meetings booked without a place get it."""

    project_path = "project"

    project = models.OneToOneField(Project, models.CASCADE, related_name="call_link")
    address = models.CharField(_("The usual link for calls"), max_length=500)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    set_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"call link of {self.project_id}"

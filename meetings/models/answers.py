"""What the sides say to published minutes. Nothing here is ever changed: what follows is a row of its own."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from meetings.models.minutes import ActionItem, Decision, Minutes
from projects.models import Project
from smmportal.facts import Fact, FactQuerySet
from smmportal.people.links import Link
from smmportal.people.models import Side
from smmportal.scoping import ScopedQuerySet


class AnswerQuerySet(FactQuerySet, ScopedQuerySet):
    pass


class Confirmation(Fact):
    """One side says that the minutes are right. Silence never becomes one of these."""

    class Via(models.TextChoices):
        PUBLICATION = "publication", _("by publishing them")
        PORTAL = "portal", _("on the portal")
        LINK = "link", _("by the link in the letter")

    project_path = "minutes__meeting__project"

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="confirmations")
    side = models.CharField(max_length=8, choices=Side)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    content_hash = models.CharField(max_length=64)
    via = models.CharField(max_length=12, choices=Via)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["minutes", "side"], name="one_confirmation_a_side")]

    def __str__(self) -> str:
        return f"{self.side} confirms {self.minutes_id}"


class Objection(Fact):
    """One side disputes a point: a decision, an action item, or a passage of the text."""

    project_path = "minutes__meeting__project"

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="objections")
    side = models.CharField(max_length=8, choices=Side)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, related_name="objections")
    action = models.ForeignKey(ActionItem, models.PROTECT, null=True, related_name="objections")
    passage = models.CharField(_("The words that are not right"), max_length=1000, blank=True)
    text = models.CharField(_("What is not right"), max_length=2000)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    models.Q(decision__isnull=False, action=None, passage="")
                    | models.Q(decision=None, action__isnull=False, passage="")
                    | (models.Q(decision=None, action=None) & ~models.Q(passage=""))
                ),
                name="an_objection_names_one_point",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return not hasattr(self, "answer")


class ObjectionAnswer(Fact):
    """What the other side says to it. Where it agrees, a correction is added; where not, both stay as they are."""

    project_path = "objection__minutes__meeting__project"

    objection = models.OneToOneField(Objection, models.PROTECT, related_name="answer")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    agrees = models.BooleanField()
    text = models.CharField(max_length=2000)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text


class Correction(Fact):
    """What is added to published minutes, with its day and its author; it stands under the text."""

    project_path = "minutes__meeting__project"

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="corrections")
    side = models.CharField(max_length=8, choices=Side)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    text = models.CharField(_("What is to be added"), max_length=2000)
    #: The objection that it came of.
    objection = models.OneToOneField(Objection, models.PROTECT, null=True, related_name="correction")

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text


class MinutesLink(Link):
    """Lets one person answer one version of the minutes from their letter, without a password."""

    project_path = "minutes__meeting__project"

    minutes = models.ForeignKey(Minutes, models.CASCADE, related_name="links")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    content_hash = models.CharField(max_length=64)

    class Meta(Link.Meta):
        constraints = [models.UniqueConstraint(fields=["minutes", "person"], name="one_minutes_link_a_person")]

    def __str__(self) -> str:
        return f"{self.person_id} answers {self.minutes_id}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:minutes", args=[self.minutes.meeting_id])

    @property
    def project(self) -> Project:
        return self.minutes.meeting.project

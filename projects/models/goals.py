from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models.briefs import BriefVersion
from projects.models.origins import FromAnswer
from projects.models.project import Project
from smmportal.people.models import Side
from smmportal.scoping import ScopedQuerySet


class Goal(FromAnswer):
    """A goal in the client's words with the five SMART answers. One side proposes it, the other agrees."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Proposed")
        AGREED = "agreed", _("Agreed")

    CRITERIA = ("specific", "measurable", "achievable", "relevant", "time_bound")
    project_path = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="goals")
    #: The version of the brief that the goal rests on.
    brief_version = models.ForeignKey(BriefVersion, models.PROTECT, null=True, blank=True, related_name="goals")
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

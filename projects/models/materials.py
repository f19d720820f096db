from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models.origins import FromAnswer
from projects.models.project import Project
from smmportal.people.models import Side
from smmportal.scoping import ScopedQuerySet


class MaterialRequestQuerySet(ScopedQuerySet):
    def awaited(self) -> Self:
        return self.filter(delivered_at=None)


class MaterialRequest(FromAnswer):
    """Photographs, texts, accesses: something that one side asks the other for, by a day."""

    EDITABLE = ("what", "side", "person", "due_on")
    project_path = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="material_requests")
    what = models.CharField(_("What is needed"), max_length=1000)
    side = models.CharField(_("Who gives it"), max_length=8, choices=Side, default=Side.CLIENT)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(_("By when"), null=True, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    delivered_at = models.DateTimeField(null=True, editable=False)
    delivered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = MaterialRequestQuerySet.as_manager()

    class Meta:
        ordering = [models.F("due_on").asc(nulls_last=True), "id"]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return f"{reverse('projects:materials', args=[self.project_id])}#material-{self.pk}"

from datetime import timedelta

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models.briefs import Brief
from projects.models.project import Project
from smmportal.people.links import Link
from smmportal.people.models import check_plain_name


class Delegation(Link):
    """One section of the brief, given to a colleague to answer by a link. The link's secret is stored nowhere."""

    LASTS = timedelta(days=14)
    project_path = "brief__project"

    brief = models.ForeignKey(Brief, models.CASCADE, related_name="delegations")
    section = models.CharField(_("section"), max_length=40)
    name = models.CharField(_("colleague’s name"), max_length=120, validators=[check_plain_name])
    email = models.EmailField(_("e-mail"), blank=True)

    def __str__(self) -> str:
        return f"{self.name} · {self.section}"

    def get_absolute_url(self) -> str:
        return reverse("projects:delegations", args=[self.brief.project_id])

    @property
    def project(self) -> Project:
        return self.brief.project

    @property
    def section_form(self) -> dict | None:
        """The section's questions in the brief's own copy."""
        return next((part for part in self.brief.form["sections"] if part["key"] == self.section), None)

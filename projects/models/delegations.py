from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from projects.models.briefs import Brief
from smmportal.people.models import check_plain_name
from smmportal.scoping import ScopedQuerySet


class DelegationQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.filter(revoked_at=None, finished_at=None, expires_at__gt=timezone.now())


class Delegation(models.Model):
    """One section of the brief, given to a colleague to answer by a link. The link's secret is stored nowhere."""

    LASTS = timedelta(days=14)
    project_path = "brief__project"

    brief = models.ForeignKey(Brief, models.CASCADE, related_name="delegations")
    section = models.CharField(_("section"), max_length=40)
    name = models.CharField(_("colleague’s name"), max_length=120, validators=[check_plain_name])
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(
        _("language"), max_length=8, default="ru", choices=[("ru", "Русский"), ("en", "English")]
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    first_opened_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} · {self.section}"

    def get_absolute_url(self) -> str:
        return reverse("projects:delegations", args=[self.brief.project_id])

    @property
    def is_open(self) -> bool:
        return self.state in {"sent", "opened"}

    @property
    def state(self) -> str:
        """finished, revoked, expired, opened or sent; what was handed in stays so whatever came later."""
        if self.finished_at:
            return "finished"
        if self.revoked_at:
            return "revoked"
        if self.expires_at <= timezone.now():
            return "expired"
        return "opened" if self.first_opened_at else "sent"

    @property
    def section_form(self) -> dict | None:
        """The section's questions in the brief's own copy."""
        return next((part for part in self.brief.form["sections"] if part["key"] == self.section), None)

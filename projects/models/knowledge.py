"""What both sides know about the client's world: competitors, people to turn to, what is never said."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models.origins import FromAnswer
from projects.models.project import Project
from smmportal.people.models import Side
from smmportal.scoping import ScopedQuerySet


class Known(FromAnswer):
    """A line of «What we know»."""

    project_path = "project"

    project = models.ForeignKey(Project, models.CASCADE, related_name="%(class)ss")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["id"]

    def get_absolute_url(self) -> str:
        return f"{reverse('projects:knowledge', args=[self.project_id])}#{self.anchor}"

    @property
    def anchor(self) -> str:
        return f"{self._meta.model_name}-{self.pk}"


class Competitor(Known):
    EDITABLE = ("name", "better", "worse")

    name = models.CharField(_("Name or link"), max_length=500)
    better = models.TextField(_("What is better there"), blank=True, max_length=10_000)
    worse = models.TextField(_("What is worse there"), blank=True, max_length=10_000)

    def __str__(self) -> str:
        return self.name

    @property
    def link(self) -> str:
        """The name, when it is an address a browser may open."""
        return self.name if self.name.startswith(("https://", "http://")) and " " not in self.name else ""


class Contact(Known):
    """Whom to turn to; somebody who need not have a login here."""

    class Duty(models.TextChoices):
        DECIDER = "decider", _("makes the final decision")
        DAILY = "daily", _("in touch every day")
        SUBSTITUTE = "substitute", _("stands in")
        OTHER = "other", _("something else")

    EDITABLE = ("side", "name", "contact", "duty")

    side = models.CharField(_("On which side"), max_length=8, choices=Side, default=Side.CLIENT)
    name = models.CharField(_("Who it is"), max_length=500)
    contact = models.CharField(_("Phone, e-mail or messenger"), blank=True, max_length=500)
    duty = models.CharField(_("What for"), max_length=10, choices=Duty, default=Duty.OTHER)

    def __str__(self) -> str:
        return self.name

    @property
    def email(self) -> str:
        """The address to invite this person at, when one was given."""
        return next((word.strip(",;()<>") for word in self.contact.split() if "@" in word.strip("@,;()<>")), "")


class ForbiddenTopic(Known):
    EDITABLE = ("text",)

    text = models.CharField(_("What is never said or shown"), max_length=1000)

    def __str__(self) -> str:
        return self.text

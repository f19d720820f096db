from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from projects.questionnaire import questions_of
from smmportal.people.models import Membership, Organisation, check_plain_name


class BriefTemplateQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """An agency's own people see its templates; nobody else does."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(agency__in=Membership.objects.filter(user=user).values("organisation"))

    def in_use(self) -> Self:
        return self.filter(archived_at=None)


class BriefTemplate(models.Model):
    """An agency's own form of a brief (shape: `projects.questionnaire`). A project takes a copy of it, so that what
    happens here later changes no running brief."""

    agency = models.ForeignKey(Organisation, models.CASCADE, related_name="brief_templates")
    name = models.CharField(pgettext_lazy("template", "name"), max_length=120, validators=[check_plain_name])
    form = models.JSONField(encoder=DjangoJSONEncoder)
    #: Rises with each edit, so that of two editors the second is told.
    revision = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    objects = BriefTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("projects:template", args=[self.pk])

    @property
    def question_count(self) -> int:
        return sum(1 for _question in questions_of(self.form))

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from smmportal.people.models import Membership


class AbsenceQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """Seen by one's colleagues: whoever shares an organisation with the person."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        mine = Membership.objects.filter(user=user).values("organisation")
        colleagues = Membership.objects.filter(organisation__in=mine).values("user")
        return self.filter(person__in=colleagues)

    def not_over(self, today: date) -> Self:
        return self.filter(ends_on__gte=today)


class Absence(models.Model):
    """A person is away, and a colleague looks after what is due meanwhile. The tasks stay the person's own."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences", editable=False)
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="substitutions", verbose_name=_("Who stands in")
    )
    starts_on = models.DateField(_("Away from"))
    ends_on = models.DateField(_("Away until"))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="an_absence_ends_after_it_starts"),
            models.CheckConstraint(condition=~Q(person=F("substitute")), name="nobody_stands_in_for_themselves"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} away {self.starts_on}–{self.ends_on}"

    def get_absolute_url(self) -> str:
        return reverse("projects:my_tasks")

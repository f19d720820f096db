from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class OwnQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """One's own: others see only the free times that follow from it."""
        return self.filter(person=user) if user.is_authenticated and user.is_active else self.none()


class Availability(models.Model):
    """When a person can be met, in their own time zone. Who has said nothing keeps the project's working hours."""

    class Country(models.TextChoices):
        NONE = "", _("do not count public holidays")
        RU = "RU", _("Russia")
        BY = "BY", _("Belarus")
        KZ = "KZ", _("Kazakhstan")
        AM = "AM", _("Armenia")
        GE = "GE", _("Georgia")
        UZ = "UZ", _("Uzbekistan")
        RS = "RS", _("Serbia")
        TR = "TR", _("Turkey")
        AE = "AE", _("United Arab Emirates")
        CY = "CY", _("Cyprus")
        DE = "DE", _("Germany")
        GB = "GB", _("United Kingdom")
        US = "US", _("United States")

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="availability")
    #: `{"0": [["09:00", "13:00"], …], …}`: hours of each weekday from Monday, 0; a day that is not there is closed.
    hours = models.JSONField(default=dict)
    notice_hours = models.PositiveSmallIntegerField(
        _("Not sooner than in, hours"), default=0, validators=[MaxValueValidator(24 * 14)]
    )
    buffer_minutes = models.PositiveSmallIntegerField(
        _("Free time around each meeting, minutes"), default=0, validators=[MaxValueValidator(240)]
    )
    most_a_day = models.PositiveSmallIntegerField(
        _("Meetings a day at most"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    country = models.CharField(_("Public holidays of"), max_length=2, choices=Country, blank=True, default="")
    changed_at = models.DateTimeField(auto_now=True)

    objects = OwnQuerySet.as_manager()

    def __str__(self) -> str:
        return f"hours of {self.person_id}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:availability")


class OtherHours(models.Model):
    """The hours of one day, in place of the week's: none of them is a day off, and they hold on a holiday too."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="other_hours")
    day = models.DateField(_("Day"))
    hours = models.JSONField(default=list)

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["person", "day"], name="one_set_of_hours_a_day")]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.day}"

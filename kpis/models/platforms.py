"""What is known of the platforms themselves, for all projects together: how much was asked, and whether they answer."""

from typing import Self

from django.db import models

from smmportal.people.models import Organisation


class Allowance(models.Model):
    """How far one platform limit is used up: one row a key, for an installation without Redis (`kpis.limits`).

    `value` is the moment, in seconds since 1970, at which a rate is free again, or how many units of a day are spent.
    """

    key = models.CharField(max_length=160, primary_key=True)
    value = models.FloatField(default=0)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


class Lease(models.Model):
    """A place among the requests that may be under way at once, for an installation without Redis (`kpis.leases`)."""

    key = models.CharField(max_length=160, db_index=True)
    name = models.CharField(max_length=32)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class AgencyDayQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """What was asked for an agency's projects is seen by the agency's people."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(agency__memberships__user=user)


class AgencyDay(models.Model):
    """What one platform was asked for one agency's projects in one day of its own quota."""

    agency = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    platform = models.CharField(max_length=20)
    day = models.DateField()
    calls = models.PositiveBigIntegerField(default=0)
    units = models.PositiveBigIntegerField(default=0)
    slowed = models.PositiveBigIntegerField(default=0)
    errors = models.PositiveBigIntegerField(default=0)

    objects = AgencyDayQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "platform"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "platform", "day"], name="one_line_an_agency_platform_and_day")
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.day}"


class PlatformDay(models.Model):
    """What one platform was asked in one day of its own quota: a line of the ledger."""

    platform = models.CharField(max_length=20)
    day = models.DateField()
    calls = models.PositiveBigIntegerField(default=0)
    units = models.PositiveBigIntegerField(default=0)
    slowed = models.PositiveBigIntegerField(default=0)
    errors = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ["-day", "platform"]
        constraints = [models.UniqueConstraint(fields=["platform", "day"], name="one_line_a_platform_and_day")]

    def __str__(self) -> str:
        return f"{self.platform} {self.day}"


class PlatformState(models.Model):
    """Whether a platform answers, as all workers see it (`kpis.breaker`).

    While `opened_at` is set nobody asks, but for one probe at `ask_again_at`.
    """

    platform = models.CharField(max_length=20, primary_key=True)
    counted_from = models.DateTimeField()
    asked = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    ask_again_at = models.DateTimeField(null=True)
    #: Seconds until the next probe; doubled by each probe that fails.
    pause = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.platform

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from meetings.models.availability import OwnQuerySet
from smmportal.encryption import EncryptedJSONField


class CalendarAccount(models.Model):
    """A person's login to a CalDAV server, and the calendars that were found there."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_accounts")
    provider = models.CharField(max_length=12)
    #: `{"server", "login", "password"}`: all of it is the person's own business.
    key = EncryptedJSONField()
    #: `[{"address", "name"}]`, in the server's order.
    found = EncryptedJSONField(default=list)
    added_at = models.DateTimeField(auto_now_add=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.provider} of {self.person_id}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:account", args=[self.pk])


class CalendarSubscription(models.Model):
    """A calendar of a person that is kept elsewhere; only its busy times are read, and only those are kept.

    It is read by its own address, or through an account on a CalDAV server. `etag` is what changes with it.

    `next_read_at` says when it is due, and whoever moves that moment forward in one conditional update has claimed it.
    """

    class Trouble(models.TextChoices):
        NONE = "", _("read without trouble")
        UNREACHABLE = "unreachable", _("the address can’t be reached")
        REFUSED = "refused", _("the address refuses us: it may have been changed or revoked")
        NO_CALENDAR = "no_calendar", _("what comes from the address is no calendar")
        LOGIN = "login", _("the login or the app password no longer works: connect the calendar again with a new one")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_subscriptions")
    account = models.ForeignKey(CalendarAccount, models.CASCADE, null=True, related_name="subscriptions")
    name = models.CharField(_("Name"), max_length=80)
    #: A private address is a key, so it is kept like one.
    address = EncryptedJSONField()
    etag = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)
    next_read_at = models.DateTimeField(default=timezone.now)
    last_read_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=12, choices=Trouble, blank=True, default="")
    failures = models.PositiveSmallIntegerField(default=0)

    objects = OwnQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["next_read_at"], name="subscriptions_due")]

    def __str__(self) -> str:
        return self.name


class BusyTime(models.Model):
    """When somebody is busy, by a calendar of theirs; nothing but the times is known."""

    subscription = models.ForeignKey(CalendarSubscription, models.CASCADE, related_name="busy_times", db_index=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["subscription", "starts_at", "ends_at"], name="busy_times_in_order")]

    def __str__(self) -> str:
        return f"{self.starts_at}–{self.ends_at}"

from datetime import time, timedelta
from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from smmportal.encryption import EncryptedJSONField


class NotificationQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        return self.filter(to=user, deliveries__channel="inapp") if user.is_authenticated else self.none()

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notification(models.Model):
    """Something happened that concerns this person. `facts` are the words it is told with, frozen as they were."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="notifications")
    #: Where a person without an account is written to.
    address = models.EmailField(blank=True)
    language = models.CharField(max_length=8, blank=True)
    event = models.CharField(max_length=60)
    by_name = models.CharField(max_length=120, blank=True)
    facts = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    url = models.CharField(max_length=300, blank=True)
    #: An address that is itself a key: only the letter may hold it in the clear.
    secret_url = EncryptedJSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    #: Of a digest: the reader's day that it is of. There is one a day.
    digest_of = models.DateField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["to", "read_at", "-id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["to", "digest_of"], condition=models.Q(digest_of__isnull=False), name="one_digest_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.to_id or self.address}"

    @property
    def sentence(self) -> str:
        """The event in one line, in the reader's language."""
        from smmportal.notifications.wording import sentence

        return sentence(self)


class DeliveryQuerySet(models.QuerySet):
    def due(self) -> Self:
        """What goes out by itself now."""
        return self.filter(sent_at=None, failed_at=None, next_attempt_at__lte=timezone.now(), gathers=False)

    def gathering(self) -> Self:
        """What waits for its reader's digest, and is in none yet."""
        return self.filter(sent_at=None, failed_at=None, gathers=True, digest=None)


class Delivery(models.Model):
    """One notification by one channel. This row is the job; a message in the queue only rings for it."""

    PAUSES = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480)]
    CLAIMED_FOR = timedelta(minutes=5)

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=12)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    #: It goes out in its reader's digest, at `next_attempt_at` or later; `digest` is the one that took it.
    gathers = models.BooleanField(default=False)
    digest = models.ForeignKey(Notification, models.SET_NULL, null=True, related_name="gathered")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["notification", "channel"], name="one_delivery_a_channel")]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(sent_at=None, failed_at=None),
                name="deliveries_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.notification_id} by {self.channel}"


class Preference(models.Model):
    """What a person said about one event by one channel; where nothing is said, the event's own default holds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="preferences")
    event = models.CharField(max_length=60)
    channel = models.CharField(max_length=12)
    wanted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "event", "channel"], name="one_word_an_event")]

    def __str__(self) -> str:
        return f"{self.event} by {self.channel}: {self.wanted}"


class Timetable(models.Model):
    """When a person wants to be told, by their own clock; without a row the portal's usual hours hold."""

    DIGEST_AT = time(9)

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="timetable")
    digest_at = models.TimeField(_("When the digest comes"), default=DIGEST_AT)
    #: Both or neither: None means that letters come at any hour.
    quiet_from = models.TimeField(_("Quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("Quiet until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_to=None)
                | models.Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="quiet_hours_begin_and_end",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.digest_at}"

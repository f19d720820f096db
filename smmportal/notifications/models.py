from datetime import timedelta
from typing import Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

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

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["to", "read_at", "-id"])]

    def __str__(self) -> str:
        return f"{self.event} → {self.to_id or self.address}"

    @property
    def sentence(self) -> str:
        """The event in one line, in the reader's language."""
        from smmportal.notifications.wording import sentence

        return sentence(self)


class DeliveryQuerySet(models.QuerySet):
    def due(self) -> Self:
        return self.filter(sent_at=None, failed_at=None, next_attempt_at__lte=timezone.now())


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

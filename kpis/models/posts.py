"""Single posts of a source, and their numbers at the ages at which they were asked for."""

from datetime import timedelta

from django.db import models
from django.utils.translation import pgettext_lazy

from kpis.models.measurements import Snapshot
from kpis.models.sources import Source
from smmportal.scoping import ScopedQuerySet


class PostWatch(models.Model):
    """The job of looking at a source's posts, apart from that of its own numbers.

    `next_at` says when it is due, and whoever moves that moment forward in one conditional update has claimed it.
    """

    project_path = "source__project"

    source = models.OneToOneField(Source, models.CASCADE, related_name="post_watch")
    next_at = models.DateTimeField()
    #: When the look that is running began; a worker that died leaves it, and it runs out with the claim.
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_success_at = models.DateTimeField(null=True)
    error_kind = models.CharField(max_length=30, blank=True)
    error_detail = models.CharField(max_length=500, blank=True)
    #: The error's sentence as it stands in the code: it is translated for whoever reads it.
    error_words = models.CharField(max_length=500, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["next_at"], name="post_watches_due")]

    def __str__(self) -> str:
        return f"posts of {self.source_id}"


class Post(models.Model):
    """What was published in an account, as its platform lists it. `gone_at`: when we first saw that it is deleted."""

    class Kind(models.TextChoices):
        TEXT = "text", pgettext_lazy("post", "text")
        PHOTO = "photo", pgettext_lazy("post", "photo")
        ALBUM = "album", pgettext_lazy("post", "album")
        VIDEO = "video", pgettext_lazy("post", "video")
        SHORT = "short", pgettext_lazy("post", "short video")
        LINK = "link", pgettext_lazy("post", "link")
        POLL = "poll", pgettext_lazy("post", "poll")
        OTHER = "other", pgettext_lazy("post", "post")

    project_path = "source__project"

    source = models.ForeignKey(Source, models.CASCADE, related_name="posts", db_index=False)
    external_id = models.CharField(max_length=200)
    permalink = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.OTHER)
    #: Its first words in one line.
    opening = models.CharField(max_length=140, blank=True)
    gone_at = models.DateTimeField(null=True)
    #: When its numbers are to be asked for next; None: its ladder is climbed, or it is gone.
    next_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["source", "external_id"], name="one_post_an_id")]
        indexes = [models.Index(fields=["source", "published_at"], name="posts_in_order")]

    def __str__(self) -> str:
        return self.opening or self.external_id


class PostPoint(models.Model):
    """One number of one post at the moment it was told. None is a gap, and `reason` says why; zero is a value."""

    project_path = "post__source__project"

    post = models.ForeignKey(Post, models.CASCADE, related_name="points", db_index=False)
    metric = models.CharField(max_length=40)
    taken_at = models.DateTimeField()
    #: How old the post was then, in seconds.
    age_seconds = models.PositiveIntegerField()
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    reason = models.CharField(max_length=30, blank=True)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="+")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["taken_at"]
        constraints = [models.UniqueConstraint(fields=["post", "metric", "taken_at"], name="one_post_point_a_moment")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.metric} at {self.age}"

    @property
    def age(self) -> timedelta:
        return timedelta(seconds=self.age_seconds)

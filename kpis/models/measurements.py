"""Snapshots are what a platform said, verbatim; points are what we read in it, and can be read again."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kpis.models.sources import Source
from smmportal.facts import Fact, FactQuerySet
from smmportal.scoping import ScopedQuerySet


class SnapshotQuerySet(FactQuerySet, ScopedQuerySet):
    pass


class Snapshot(Fact):
    """What was said about one source at one moment, verbatim: a pull, a look at its posts, an imported file, numbers
    sent to the API or typed by a person.

    `body` is zlib-compressed JSON, written and read by `kpis.recording`. `content_hash` covers it, the moment, the days
    and the previous snapshot's hash, so the snapshots of a source are a chain."""

    class Kind(models.TextChoices):
        PULL = "pull", _("asked of the platform")
        FILE = "file", _("imported from a file")
        API = "api", _("sent to the API")
        HAND = "hand", _("typed by hand")
        POSTS = "posts", _("asked about posts")

    project_path = "source__project"

    #: Its index is `snapshots_in_order`, which serves the foreign key too.
    source = models.ForeignKey(Source, models.PROTECT, related_name="snapshots", db_index=False)
    kind = models.CharField(max_length=5, choices=Kind, default=Kind.PULL)
    taken_at = models.DateTimeField()
    first_day = models.DateField()
    last_day = models.DateField()
    body = models.BinaryField()
    content_hash = models.CharField(max_length=64)
    previous_hash = models.CharField(max_length=64, blank=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["source", "previous_hash"], name="snapshots_are_a_chain")]
        indexes = [models.Index(fields=["source", "id"], name="snapshots_in_order")]

    def __str__(self) -> str:
        return f"{self.source_id} at {self.taken_at:%Y-%m-%d %H:%M}"


class MetricSeries(models.Model):
    """One metric of one source, with its latest value beside it, and that of its last seven final days: lists and
    cards never touch the history."""

    project_path = "source__project"

    #: Its index is that of `one_series_a_metric`.
    source = models.ForeignKey(Source, models.CASCADE, related_name="series", db_index=False)
    metric = models.CharField(max_length=40)
    latest_value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    latest_on = models.DateField(null=True)
    final_through = models.DateField(null=True)
    #: Over the seven days that end on `final_through` (`kpis.weeks`); None: too few of them, or nothing to divide by.
    week_value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    #: How many of the seven have every number that is needed; None: there is no
    #: final one, or days of this metric can't be put together.
    week_days = models.PositiveSmallIntegerField(null=True)
    #: The day on which the platform was first found to give it no more; None while it does (`kpis.retiring`).
    retired_on = models.DateField(null=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["source", "metric"], name="one_series_a_metric")]
        #: Every pull asks for them, and there are next to none.
        indexes = [models.Index(fields=["source"], condition=models.Q(retired_on__isnull=False), name="retired_series")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.metric}"


class Point(models.Model):
    """One metric, one source, one day. A value of None is a gap, and `reason` says why; zero is a value.

    `kpis.partitions` says how the rows lie in PostgreSQL. Hundreds of millions of them want no number of their own, and
    no key that the database checks row by row: whoever writes points holds the source's row, and snapshots are facts.
    """

    class Provenance(models.TextChoices):
        MEASURED = "measured", _("measured")
        IMPORTED = "imported", _("imported")
        MANUAL = "manual", _("typed by hand")

    project_path = "series__source__project"

    pk = models.CompositePrimaryKey("series", "day")
    series = models.ForeignKey(MetricSeries, models.CASCADE, related_name="points", db_index=False, db_constraint=False)
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, null=True, related_name="points", db_index=False, db_constraint=False
    )
    day = models.DateField()
    final = models.BooleanField(default=True)
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    provenance = models.CharField(max_length=8, choices=Provenance)
    reason = models.CharField(max_length=30, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["day"]
        indexes = [models.Index(fields=["series", "day"], condition=models.Q(final=False), name="points_still_open")]

    def __str__(self) -> str:
        return f"{self.series_id} {self.day}"


class RevisionQuerySet(FactQuerySet, ScopedQuerySet):
    pass


class Revision(Fact):
    """A platform counted a day again after it was over: what it had said, what it says now, and where it said so.

    A number that merely grew because its day was still running is no revision. `manage.py rebuild_points` leaves these
    rows alone: they tell what readers saw, which no answer that is read again can change.
    """

    project_path = "series__source__project"

    series = models.ForeignKey(MetricSeries, models.CASCADE, related_name="revisions", db_index=False)
    day = models.DateField()
    before = models.DecimalField(max_digits=24, decimal_places=6)
    after = models.DecimalField(max_digits=24, decimal_places=6)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["series", "day"], name="revisions_of_a_day")]

    def __str__(self) -> str:
        return f"{self.series_id} {self.day}: {self.before} → {self.after}"

from django.db import models


class FromAnswer(models.Model):
    """A row that began as an answer of the brief and links back to it: the version, the question's key, and for a
    table the number of its row, from 0. Without a version it was written by hand."""

    from_version = models.ForeignKey(
        "projects.BriefVersion", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    from_key = models.CharField(max_length=40, blank=True, editable=False)
    from_row = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

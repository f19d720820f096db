from django.db import models
from django.urls import reverse


class FromAnswer(models.Model):
    """A row that began as an answer of the brief and links back to it: the version, the question's key, and the number
    of the piece of that answer, from 0 (see `projects.pieces`). Without a version it was written by hand."""

    from_version = models.ForeignKey(
        "projects.BriefVersion", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    from_key = models.CharField(max_length=40, blank=True, editable=False)
    from_row = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def answer_url(self) -> str:
        """The answer on the page of its version; empty for what was written by hand."""
        return self.url_of(self.from_version, self.from_key) if self.from_version_id else ""

    @staticmethod
    def url_of(version, key: str) -> str:
        return reverse("projects:brief_version", args=[version.brief.project_id, version.number]) + f"#{key}"

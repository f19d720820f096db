from django.conf import settings
from django.db import models

from projects.models.briefs import Brief
from smmportal.scoping import ScopedQuerySet
from smmportal.uploads import KeptFile


class AnswerFile(KeptFile):
    """A file given with an answer of the brief. It outlives the answer as long as a submitted version names it."""

    project_path = "brief__project"

    brief = models.ForeignKey(Brief, models.CASCADE, related_name="files")
    key = models.CharField(max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    #: The link by which it came, when a colleague gave it.
    delegation = models.ForeignKey("projects.Delegation", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    @property
    def spoken(self) -> dict:
        """How the answer's value names it."""
        return {"file": self.pk, "name": self.name, "size": self.size}

from typing import Self

from django.conf import settings
from django.db import models

from projects.models import Project


class PendingImportQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        """A file on its way in is seen only by the person who brought it."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(uploaded_by=user, project__in=Project.objects.visible_to(user))


class PendingImport(models.Model):
    """An uploaded file between its preview and its confirmation. The content is dropped once it is imported, and
    the whole row when nobody confirmed it for days."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="pending_imports")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    imported_at = models.DateTimeField(null=True)

    objects = PendingImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name

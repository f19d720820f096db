from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models import Project


class BoardView(models.Model):
    """How one person wants to see a project's dashboard: nothing of it changes what anybody else sees, or any number.

    `order` and `hidden` hold ids of KPIs. Those that `order` does not name stand before the others, so that a new one
    is not overlooked."""

    class Range(models.TextChoices):
        MONTH = "30", _("30 days")
        QUARTER = "90", _("90 days")
        YEAR = "365", _("A year")
        TERM = "term", _("Whole term")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="board_views")
    project = models.ForeignKey(Project, models.CASCADE, related_name="board_views")
    order = models.JSONField(default=list)
    hidden = models.JSONField(default=list)
    range = models.CharField(_("Days that are shown at first"), max_length=4, choices=Range, default=Range.QUARTER)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["user", "project"], name="one_view_of_a_board_a_person")]

    def __str__(self) -> str:
        return f"{self.user_id} of {self.project_id}"

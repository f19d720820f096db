from django.db import models
from django.utils.translation import pgettext_lazy


class Priority(models.TextChoices):
    """How much a task matters, the most pressing first."""

    URGENT = "urgent", pgettext_lazy("priority", "Urgent")
    HIGH = "high", pgettext_lazy("priority", "High")
    NORMAL = "normal", pgettext_lazy("priority", "Normal")
    LOW = "low", pgettext_lazy("priority", "Low")

    @property
    def rank(self) -> int:
        """0 is the most pressing."""
        return list(Priority).index(self)

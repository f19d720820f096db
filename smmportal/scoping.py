"""`visible_to(user)`: the only road to a row.

Every model that belongs to a project names its road to it (`project_path = "goal__project"`), and its manager is made
from `ScopedQuerySet`. What is seen of the project itself is decided once, by the model named in `settings.SCOPE_ROOT`.
"""

from typing import Self

from django.apps import apps
from django.conf import settings
from django.db import models


class ScopedQuerySet(models.QuerySet):
    def visible_to(self, user) -> Self:
        if not (user.is_authenticated and user.is_active):
            return self.none()
        projects = apps.get_model(settings.SCOPE_ROOT).objects.visible_to(user)
        return self.filter(**{f"{self.model.project_path}__in": projects})

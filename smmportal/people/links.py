"""Links that let in without a login: the address holds a secret, the database only its hash."""

import hashlib
import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from smmportal.scoping import ScopedQuerySet


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


#: How a link stands; an app's API names the states from here.
STATES = ["sent", "opened", "finished", "revoked", "expired"]


class LinkQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.filter(revoked_at=None, finished_at=None, expires_at__gt=timezone.now())


class Link(models.Model):
    """A piece of work in a project, put into somebody's hands by a link. Its secret is stored nowhere.

    Each kind of link says what `project` it belongs to; how its pages let people in is in `link_pages`.
    """

    language = models.CharField(
        _("language"), max_length=8, default="ru", choices=[("ru", "Русский"), ("en", "English")]
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    first_opened_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-id"]

    @property
    def is_open(self) -> bool:
        return self.state in {"sent", "opened"}

    @property
    def state(self) -> str:
        """One of `STATES`; what was handed in stays so whatever came later."""
        if self.finished_at:
            return "finished"
        if self.revoked_at:
            return "revoked"
        if self.expires_at <= timezone.now():
            return "expired"
        return "opened" if self.first_opened_at else "sent"

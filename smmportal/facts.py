"""Facts are append-only: rows that are written once and never changed or deleted; corrections are new rows."""

import hashlib
import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class FactChanged(Exception):
    """Some code tried to change or delete a fact: a mistake of ours, never of the reader's."""


class FactQuerySet(models.QuerySet):
    def update(self, **_kwargs):
        raise FactChanged(f"{self.model.__name__} rows are facts and are never updated.")

    def delete(self):
        raise FactChanged(f"{self.model.__name__} rows are facts and are never deleted.")

    def bulk_update(self, *_args, **_kwargs):
        raise FactChanged(f"{self.model.__name__} rows are facts and are never updated.")


class Fact(models.Model):
    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise FactChanged(f"{type(self).__name__} {self.pk} is a fact and is never changed.")
        # Without this Django would first try an UPDATE when the new row names its own key.
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args, **kwargs):
        raise FactChanged(f"{type(self).__name__} {self.pk} is a fact and is never deleted.")


def canonical(content: object) -> str:
    """The one spelling of a JSON value: sorted keys, no spaces, UTF-8 as it is."""
    return json.dumps(content, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def content_hash(content: object) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()

"""An encrypted model field with keys of its own, so that SECRET_KEY may change without losing a token.

`ENCRYPTION_KEYS` is newest first: the first key writes, all of them read, `manage.py rotate_keys` rewrites.
"""

import base64
import hashlib
import json
from collections.abc import Callable
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


class Undecryptable(Exception):
    """None of ENCRYPTION_KEYS opens this value: a key was dropped before `rotate_keys` ran."""


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest())) for key in keys])


def encrypt(text: str) -> str:
    return _fernet(tuple(settings.ENCRYPTION_KEYS)).encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    try:
        return _fernet(tuple(settings.ENCRYPTION_KEYS)).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise Undecryptable("No key in ENCRYPTION_KEYS opens this value.") from error


class EncryptedJSONField(models.TextField):
    """A JSON value that the database only ever sees encrypted. It can't be searched, and is not meant to be."""

    def from_db_value(self, value, _expression, _connection):
        return None if value is None else json.loads(decrypt(value))

    def get_prep_value(self, value):
        return None if value is None else encrypt(json.dumps(value, ensure_ascii=False))

    def get_lookup(self, lookup_name):
        if lookup_name != "isnull":
            raise TypeError("An encrypted field can't be searched.")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj):
        raise TypeError("An encrypted field is not serialised.")


#: Secrets that live inside somebody else's tables: a name, and what encrypts them again and counts them.
REWRITERS: dict[str, Callable[[], int]] = {}


def encrypted_fields() -> list[models.Field]:
    from django.apps import apps

    return [
        field
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, EncryptedJSONField)
    ]

from collections.abc import Callable
from functools import partial

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from smmportal.encryption import REWRITERS, Undecryptable, encrypted_fields


class Command(BaseCommand):
    help = "Encrypts every stored secret again with the newest of ENCRYPTION_KEYS. The older keys may go afterwards."

    def handle(self, **_options) -> None:
        fields = {f"{field.model._meta.label}.{field.name}": partial(rewrite, field) for field in encrypted_fields()}
        for name, rewriter in {**fields, **REWRITERS}.items():
            self.stdout.write(f"{name}: {count_of(name, rewriter)}")


def count_of(name: str, rewriter: Callable[[], int]) -> int:
    try:
        return rewriter()
    except Undecryptable:
        raise CommandError(
            f"{name}: none of ENCRYPTION_KEYS opens some of its values. Put the older key back at the end of the list."
        ) from None


@transaction.atomic
def rewrite(field) -> int:
    rows = field.model._base_manager.select_for_update().exclude(**{f"{field.name}__isnull": True})
    count = 0
    for row in rows.iterator():
        row.save(update_fields=[field.name])
        count += 1
    return count

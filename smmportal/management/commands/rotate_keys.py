from django.core.management.base import BaseCommand
from django.db import transaction

from smmportal.encryption import encrypted_fields


class Command(BaseCommand):
    help = "Encrypts every stored secret again with the newest of ENCRYPTION_KEYS. The older keys may go afterwards."

    def handle(self, **_options) -> None:
        for field in encrypted_fields():
            self.stdout.write(f"{field.model._meta.label}.{field.name}: {rewrite(field)}")


@transaction.atomic
def rewrite(field) -> int:
    rows = field.model._base_manager.select_for_update().exclude(**{f"{field.name}__isnull": True})
    count = 0
    for row in rows.iterator():
        row.save(update_fields=[field.name])
        count += 1
    return count

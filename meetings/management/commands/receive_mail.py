import sys

from django.core.management.base import BaseCommand

from meetings.answers import take_in
from meetings.replies import LARGEST


class Command(BaseCommand):
    help = (
        "Reads one letter from the standard input, as a mail server pipes it, and keeps the answer to an invitation"
        " that is in it. Any other letter is passed by without a sound, so that nothing goes back to whoever wrote it."
    )

    def handle(self, **_options) -> None:
        take_in(sys.stdin.buffer.read(LARGEST + 1))

"""Taking people's time: whoever takes it holds it until the transaction ends, and the database keeps what was taken.

There are two guards. Under the lock of `hold_time_of` a taken time is found and refused in words. Whatever slips past
it meets PostgreSQL's own constraint on `HeldTime` and becomes the same refusal. SQLite writes one transaction at a
time, begun as a writer, so that the first guard is enough there.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings import queries
from meetings.models import HeldTime, Meeting
from projects.models import Project
from smmportal.people.models import User
from smmportal.refusals import Refused

#: How PostgreSQL says that the time is taken: two rows exclude each other, or two transactions that were both writing
#: them waited for one another.
EXCLUDED, WAITED_IN_A_RING = "23P01", "40P01"


def hold_time_of(people: Iterable[User]) -> None:
    """Until the transaction ends, nobody else takes these people's time. Always in the order of ids, so that two
    bookings never wait for each other. What proposals held that have run out is free again."""
    ids = [person.pk for person in people]
    list(User.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
    HeldTime.objects.filter(person__in=ids, time__proposal__expires_at__lte=timezone.now()).delete()


def refuse_if_taken(
    project: Project, people: Sequence[User], starts_at: datetime, ends_at: datetime, *, but: Meeting | None = None
) -> None:
    names = queries.busy_names(people, starts_at, ends_at, but=but)
    if names:
        raise taken(project, people, starts_at, ends_at, names=names, but=but)


def taken(
    project: Project,
    people: Sequence[User],
    starts_at: datetime,
    ends_at: datetime,
    *,
    names: Sequence[str] = (),
    but: Meeting | None = None,
) -> Refused:
    """The refusal of a taken time, with the nearest free ones."""
    sentence = _("This time is already taken. Please choose another one.")
    if names:
        sentence = _("This time is already taken (%(names)s). Please choose another one.")
        sentence %= {"names": ", ".join(names)}
    free = queries.nearest_free_times(project, people, start=starts_at, end=ends_at, but=but)
    return Refused(sentence, code="taken", slots=queries.as_json(free))


def keep_time(
    project: Project,
    people: Iterable[User],
    starts_at: datetime,
    ends_at: datetime,
    *,
    but: Meeting | None = None,
    **of,
) -> None:
    """Write down that this time of theirs is taken; `of` says by which `meeting` or which proposed `time`."""
    people = sorted(people, key=lambda person: person.pk)
    rows = [HeldTime(person=person, starts_at=starts_at, ends_at=ends_at, **of) for person in people]
    try:
        with transaction.atomic():
            HeldTime.objects.bulk_create(rows)
    except DatabaseError as error:
        if getattr(error.__cause__, "pgcode", None) not in (EXCLUDED, WAITED_IN_A_RING):
            raise
        names = queries.busy_names(people, starts_at, ends_at, but=but)
        raise taken(project, people, starts_at, ends_at, names=names, but=but) from error

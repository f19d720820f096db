"""Access that is about to end and that nobody but a person can renew: said 14, 7 and 1 day ahead, once each."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from kpis.models import PlatformLogin, Source
from projects.actions.projects import facts_of
from smmportal.audit import record
from smmportal.encryption import Undecryptable
from smmportal.notifications.actions import announce
from smmportal.people.models import Side, User

AHEAD = (14, 7, 1)


def ends_soon(login: PlatformLogin | None, now: datetime) -> bool:
    return login is not None and stage_of(login, now) is not None and not login.is_renewed_by_itself


def stage_of(login: PlatformLogin, now: datetime) -> int | None:
    """Which of the warnings is due: the one closest to the end. None: far from it, or past it."""
    if login.expires_at is None or login.expires_at <= now:
        return None
    return min((days for days in AHEAD if login.expires_at - now <= timedelta(days=days)), default=None)


def warn_of_ends(now: datetime | None = None) -> int:
    """Warn of every access that ends soon; answers how many were warned of."""
    now = now or timezone.now()
    soon = PlatformLogin.objects.filter(
        expires_at__gt=now, expires_at__lte=now + timedelta(days=max(AHEAD)), sources__isnull=False, refused_at=None
    )
    return sum(warn_of_end(pk, now) for pk in soon.distinct().values_list("pk", flat=True))


def warn_of_end(pk: int, now: datetime) -> bool:
    try:
        login = PlatformLogin.objects.select_related("granted_by").get(pk=pk)
        stage = stage_of(login, now)
        return stage is not None and not login.is_renewed_by_itself and tell(login, stage)
    except Undecryptable:  # the pull says so; how it is renewed can't be known
        return False


@transaction.atomic
def tell(login: PlatformLogin, stage: int) -> bool:
    """Mark the warning and give it: whoever marks it first is the one who gives it."""
    untold = Q(warned_days=None) | Q(warned_days__gt=stage)
    marked = PlatformLogin.objects.filter(untold, pk=login.pk, expires_at=login.expires_at).update(warned_days=stage)
    if marked:
        for source in Source.objects.filter(login=login, paused_at=None).select_related("project"):
            tell_of(source, login)
    return bool(marked)


def tell_of(source: Source, login: PlatformLogin) -> None:
    project = source.project
    record("source.access_ending", about=source, project=project, platform=source.platform, title=source.title)
    facts = facts_of(project, source=str(source), platform=source.place, ends_at=login.expires_at.isoformat())
    announce("source.access_ending", to=people_to_tell(source, login), about=source, facts=facts)


def people_to_tell(source: Source, login: PlatformLogin) -> list[User]:
    """The agency's team and who granted the access; the client's people where it is theirs and that person is gone."""
    project = source.project
    told = {person.pk: person for person in project.people_of(Side.AGENCY)}
    if project.role_of(login.granted_by):
        told[login.granted_by.pk] = login.granted_by
    elif login.organisation_id == project.client_id:
        told |= {person.pk: person for person in project.people_of(Side.CLIENT)}
    return list(told.values())

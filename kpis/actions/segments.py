"""A segment: one more source over a part of an account. What asks the platform runs outside of any transaction."""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis.access import access_of
from kpis.actions.sources import demand_to_tend, platform_words
from kpis.asking import ask_platform
from kpis.connectors import CONNECTORS
from kpis.connectors.filters import Choice, Condition, Filter, NoSuchPart, check_conditions, write_filter
from kpis.models import Source
from kpis.pulling import account_of
from kpis.spending import pay
from smmportal.audit import record
from smmportal.jobs import later
from smmportal.people.models import User
from smmportal.refusals import Refused

COPIED = ("project", "platform", "external_id", "title", "url", "timezone", "began_on", "login")


def filters_left(source: Source) -> list[Filter]:
    """By what the source can still be narrowed down."""
    used = {condition.name for condition in source.conditions}
    filters = CONNECTORS[source.platform].filters if source.platform in CONNECTORS else ()
    return [filter for filter in filters if filter.name not in used]


def values_of(source: Source, filter: Filter, *, by: User) -> list[Choice]:
    """What the platform lists for the filter of this account; asked while a person waits."""
    demand_to_tend(by, source)
    if filter.choices or source.login is None:
        return list(filter.choices)
    with platform_words():
        connector = CONNECTORS[source.platform]
        credentials = access_of(source.login, timezone.now())
        pay(connector, credentials, source.external_id)
        steps = connector.values(credentials, account_of(source), filter)
        return ask_platform(connector, credentials, steps, token_kind=source.login.token_kind)


def add_segment(source: Source, *, conditions: Sequence[Condition], by: User) -> Source:
    """A source over the part of this one where the conditions hold as well. The same part again is the same source."""
    demand_to_tend(by, source)
    together = [*source.conditions, *conditions]
    check_part(source, together)
    titles = {**source.filter_titles, **listed_titles(source, conditions, by)}
    return make_segment(source, together, titles, by)


def check_part(source: Source, conditions: Sequence[Condition]) -> None:
    if not source.is_pulled or not CONNECTORS[source.platform].filters:
        raise Refused(_("This platform tells only of whole accounts."), code="no-segments")
    try:
        check_conditions(CONNECTORS[source.platform].filters, conditions)
    except NoSuchPart as problem:
        raise Refused(problem.sentence, code="no-such-part") from None


def listed_titles(source: Source, conditions: Sequence[Condition], by: User) -> dict[str, str]:
    """What the platform calls the values that must be of its own list. Refuses one that is not there."""
    titles = {}
    for condition in conditions:
        filter = CONNECTORS[source.platform].filter_of(condition)
        if filter.is_listed:
            known = {choice.value: str(choice.title) for choice in values_of(source, filter, by=by)}
            if condition.value not in known:
                sentence = _("The account has no such value of “%(filter)s”. Choose one of the list.")
                raise Refused(sentence % {"filter": filter.label}, code="no-such-value")
            titles[condition.name] = known[condition.value][:200]
    return titles


@transaction.atomic
def make_segment(source: Source, conditions: Sequence[Condition], titles: Mapping[str, str], by: User) -> Source:
    same = {name: getattr(source, name) for name in COPIED}
    identity = {name: same.pop(name) for name in ("project", "platform", "external_id")}
    fresh = {"filter_titles": dict(titles), "connected_by": by, "next_pull_at": timezone.now()}
    segment, is_new = Source.objects.get_or_create(
        **identity, filter=write_filter(conditions), defaults={**same, **fresh}
    )
    if is_new:
        record("source.segment_added", about=segment, by=by, project=segment.project, title=str(segment))
        later("kpis.pull_source", source_id=segment.pk)
    return segment

"""After how long a silence of a source somebody is told."""

from django.db import transaction
from django.utils.translation import gettext as _

from kpis import rules
from kpis.alerts import MOST_QUIET_HOURS
from kpis.models import Source
from smmportal.audit import record
from smmportal.people.models import User
from smmportal.refusals import Refused, demand


@transaction.atomic
def set_quiet_hours(source: Source, *, hours: int | None, by: User) -> Source:
    """None: as usual. The watcher goes by it from its next round, minutes later; the same again changes nothing."""
    demand_to_set(source, by=by)
    if not source.is_pulled:
        raise Refused(_("Nobody is asked for these numbers, so there is no silence to tell of."), code="not-pulled")
    if hours is not None and not 1 <= hours <= MOST_QUIET_HOURS:
        sentence = _("Choose between 1 hour and %(most)s hours.") % {"most": MOST_QUIET_HOURS}
        raise Refused(sentence, code="hours-out-of-bounds")
    if Source.objects.filter(pk=source.pk).exclude(quiet_hours=hours).update(quiet_hours=hours):
        record("source.quiet_hours_set", about=source, by=by, project=source.project, hours=hours)
    source.refresh_from_db()
    return source


def demand_to_set(source: Source, *, by: User) -> None:
    demand(rules.can_set_quiet_hours(by, source), _("Only the agency’s people set when they are told of a silence."))

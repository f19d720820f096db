"""Levels at whose crossing somebody wants to be told."""

from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis import rules
from kpis.models import Alert, AlertThreshold, Kpi
from projects.actions.projects import demand_open
from smmportal.audit import record
from smmportal.people.models import User
from smmportal.refusals import Refused, demand

AT_MOST = 10


@transaction.atomic
def set_threshold(kpi: Kpi, *, is_above: bool, value: Decimal, by: User) -> AlertThreshold:
    """Tell me when the number is above (or below) this level. Setting the same again changes nothing."""
    demand_to_set(by, kpi)
    if kpi.thresholds.count() >= AT_MOST:
        raise Refused(_("Ten levels on one KPI are enough. Take one away first."), code="too-many")
    threshold, is_new = AlertThreshold.objects.get_or_create(
        kpi=kpi, is_above=is_above, value=value, defaults={"set_by": by}
    )
    if is_new:
        record("threshold.set", about=kpi, by=by, project=kpi.project, is_above=is_above, value=str(value))
    return threshold


@transaction.atomic
def take_threshold_away(threshold: AlertThreshold, *, by: User) -> None:
    """And close what stands because of it."""
    kpi = threshold.kpi
    demand_to_set(by, kpi)
    standing = Alert.objects.standing().filter(project=kpi.project_id, kind="threshold", subject=subject_of(threshold))
    standing.update(state=Alert.State.CLOSED, closed_at=timezone.now())
    record("threshold.removed", about=kpi, by=by, project=kpi.project, value=str(threshold.value))
    threshold.delete()


def subject_of(threshold: AlertThreshold) -> str:
    return f"threshold:{threshold.pk}"


def demand_to_set(by: User, kpi: Kpi) -> None:
    demand(rules.can_set_thresholds(by, kpi.project), _("Only the agency’s people set levels to be told of."))
    demand_open(kpi.project)

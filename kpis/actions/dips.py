"""Dips are found in what has changed, noticed by whoever of the agency looks, and explained in words."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis import rules
from kpis.actions.alerts import fire, settle
from kpis.actions.kpis import check_open
from kpis.dips import REACH, Fall, falls
from kpis.models import Alert, Dip, Kpi, MetricSeries
from kpis.queries.outlooks import final_days, series_of
from kpis.ritual_words import figure
from kpis.wording import unit_of
from projects.models import Project
from smmportal.audit import record
from smmportal.notifications.actions import announce
from smmportal.people.models import Side, User
from smmportal.refusals import Refused, demand

AT_ONCE = 200
#: So many days back from the last number a dip is looked for; what lies before stands as it is.
LOOKED_AT = timedelta(days=60)
#: What fell longer ago is put on the list without a letter.
NEWS = timedelta(days=14)
KIND = "anomaly"

Line = Sequence[tuple[date, float]]


# --- Found ----------------------------------------------------------------------------------------------------------


def find_dips() -> int:
    """Look into the KPIs in force whose series have changed since; how many there were. Safe to repeat."""
    seen, last = 0, 0
    while kpis := list(changed_since().filter(pk__gt=last).order_by("pk")[:AT_ONCE]):
        series = series_of(kpis)
        own = {kpi.pk: series[kpi.source_id, kpi.metric] for kpi in kpis}
        days = final_days([one.pk for one in own.values()], since=earliest(own.values()))
        for kpi in kpis:
            look_into(kpi, own[kpi.pk], list(days.get(own[kpi.pk].pk, {}).items()))
        seen, last = seen + len(kpis), kpis[-1].pk
    return seen


def changed_since() -> QuerySet[Kpi]:
    series = MetricSeries.objects.filter(source=OuterRef("source"), metric=OuterRef("metric"), latest_on__isnull=False)
    newer = Exists(series.filter(changed_at__gt=OuterRef("dips_sought_at")))
    kpis = Kpi.objects.standing().filter(signed_in__isnull=False, project__closed_at=None)
    kpis = kpis.filter(newer | Q(Exists(series), dips_sought_at=None))
    return kpis.select_related("project__agency", "project__client", "source__formula", "owner")


def earliest(series: Iterable[MetricSeries]) -> date:
    return min(one.latest_on for one in series) - LOOKED_AT - timedelta(days=REACH)


@transaction.atomic
def look_into(kpi: Kpi, series: MetricSeries, line: Line) -> None:
    """Hold the KPI's dips against its numbers as they are now."""
    Kpi.objects.select_for_update(of=("self",)).get(pk=kpi.pk)
    metric = kpi.source.metric(kpi.metric)
    if metric and line:
        since = max(kpi.starts_on, line[-1][0] - LOOKED_AT)
        found = falls(*spread_out(line), kind=metric.kind, down=metric.direction == "up", since=since)
        settle_with(kpi, [fall for fall in found if fall.day <= kpi.due_on], since, last=line[-1][0])
    Kpi.objects.filter(pk=kpi.pk).update(dips_sought_at=series.changed_at)


def spread_out(line: Line) -> tuple[date, list[float | None]]:
    """The first day and a value for each from there on; None in a gap."""
    first = line[0][0]
    values: list[float | None] = [None] * ((line[-1][0] - first).days + 1)
    for day, value in line:
        values[(day - first).days] = value
    return first, values


def settle_with(kpi: Kpi, found: Sequence[Fall], since: date, *, last: date) -> None:
    known = list(kpi.dips.filter(until__gte=since))
    for fall in found:
        same = next((dip for dip in known if dip.day <= fall.until and fall.day <= dip.until), None)
        if same:
            known.remove(same)
            take_over(same, fall)
        elif fall.day >= since:
            tell_of(kpi, open_dip(kpi, fall), is_news=fall.until > last - NEWS)
    for dip in known:
        undo(dip)


def open_dip(kpi: Kpi, fall: Fall) -> Dip:
    return Dip.objects.create(kpi=kpi, day=fall.day, until=fall.until, **numbers_of(fall))


def numbers_of(fall: Fall) -> dict[str, Decimal]:
    return {name: round(Decimal(getattr(fall, name)), 6) for name in ("value", "low", "high")}


def take_over(dip: Dip, fall: Fall) -> None:
    """The same dip with one more day, or with other numbers; where it began stays, for it is known by that."""
    now = {"until": fall.until, "revised_at": None, **numbers_of(fall)}
    if any(getattr(dip, name) != value for name, value in now.items()):
        Dip.objects.filter(pk=dip.pk).update(**now)


def undo(dip: Dip) -> None:
    """The platform counted the days again and nothing fell: what nobody explained never was."""
    settle(dip.kpi.project, KIND, subject_of(dip))
    if Dip.objects.unexplained().filter(pk=dip.pk).delete()[0] == 0 and dip.revised_at is None:
        Dip.objects.filter(pk=dip.pk).update(revised_at=timezone.now())


def subject_of(dip: Dip) -> str:
    return f"dip:{dip.pk}"


def tell_of(kpi: Kpi, dip: Dip, *, is_news: bool) -> None:
    facts = facts_of(dip)
    evidence = {name: facts[name] for name in ("day_on", "until_on", "value", "low", "high", "unit")}
    fire(
        kpi.project,
        KIND,
        subject_of(dip),
        url=dip.get_absolute_url(),
        evidence=evidence,
        weight=Alert.Weight.CLIFF,
        owner=kpi.owner,
        kpi=kpi,
    )
    if is_news:
        team = kpi.project.people_of(Side.AGENCY)
        announce("dip.found", to=team, about=dip, facts=facts)


def facts_of(dip: Dip) -> dict[str, str]:
    numbers = {name: str(figure(dip.kpi, getattr(dip, name))) for name in ("value", "low", "high")}
    days = {"day_on": dip.day.isoformat(), "until_on": dip.until.isoformat()}
    return {"project": dip.kpi.project.name, "kpi": str(dip.kpi), **days, **numbers, "unit": unit_of(dip.kpi)}


# --- Noticed --------------------------------------------------------------------------------------------------------


def notice_dips(dips: QuerySet[Dip], *, by: User, project: Project) -> int:
    """Somebody of the agency looks at these: that stops the first clock of each, once. Who looks from the other side
    stops nothing."""
    if project.side_of(by) is not Side.AGENCY:
        return 0
    return dips.filter(noticed_at=None).update(noticed_at=timezone.now(), noticed_by=by)


# --- Explained ------------------------------------------------------------------------------------------------------


def demand_explaining(by: User, project: Project) -> None:
    demand(rules.can_explain(by, project), _("The agency’s people explain drops; you read the explanation here."))


@transaction.atomic
def explain_dip(dip: Dip, *, explanation: str, by: User) -> Dip:
    """Say what it was; the client reads it beside the number. Better words may follow, the clocks stay where they
    stopped, and the trail keeps what was said before."""
    project = dip.kpi.project
    demand_explaining(by, project)
    check_open(project)
    explanation = explanation.strip()
    if not explanation:
        raise Refused(_("Say in a sentence what it was: the client will read it."), code="no-words")
    rows = Dip.objects.filter(pk=dip.pk)
    notice_dips(rows, by=by, project=project)
    is_first = rows.unexplained().update(explanation=explanation, explained_at=timezone.now(), explained_by=by)
    if not is_first:
        rows.update(explanation=explanation)
    record("dip.explained", about=dip, by=by, project=project, explanation=explanation, was=dip.explanation)
    dip.refresh_from_db(fields=["explanation", "explained_at", "explained_by", "noticed_at", "noticed_by"])
    if is_first:
        settle(project, KIND, subject_of(dip), by=by)
        facts = {**facts_of(dip), "explanation": explanation}
        announce("dip.explained", to=project.people_of(Side.CLIENT), about=dip, by=by, facts=facts)
    return dip

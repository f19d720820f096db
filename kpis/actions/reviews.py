"""Holding reviews: what happened in a period, why, and what we do about it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from kpis import rules
from kpis.actions.kpis import check_open
from kpis.models import Kpi, Review
from kpis.queries.reviews import Facts, facts_of_period, owed, period_beginning, period_to_review
from kpis.queries.standings import for_standing, today_of
from kpis.ritual import Period
from projects.actions import add_task
from projects.models import Project, Task
from smmportal.audit import record
from smmportal.formatting import quoted
from smmportal.notifications.actions import announce
from smmportal.people.models import Side, User
from smmportal.refusals import Refused, demand

LONGEST_TITLE = 300


@transaction.atomic
def hold_review(
    kpi: Kpi,
    period: Period | None = None,
    *,
    by: User,
    happened: str,
    why: str = "",
    measure: str = "",
    assignee: User | None = None,
    due_on: date | None = None,
) -> Review:
    """Say what happened in a period that is over (the latest one, unless named), and give the measure to somebody as a
    task with a date. Saying something else of the same period is a row of its own; the same words are said once."""
    demand_reviewing(by, kpi.project)
    kpi = lock_kpi(kpi)
    check_open(kpi.project)
    period = check_period(kpi, period or period_to_review(kpi))
    said = {"happened": happened.strip(), "why": why.strip(), "measure": measure.strip()}
    same = kpi.reviews.filter(first=period.first, last=period.last, by=by, **said).first()
    if same:
        return same
    facts = facts_of_period(kpi, period)
    check_words(facts, said, assignee, due_on)
    review = write(facts, by=by, said=said, assignee=assignee, due_on=due_on)
    tell(kpi.project, [review], by=by)
    return review


@transaction.atomic
def hold_reviews(kpis: Iterable[Kpi], *, by: User, happened: str) -> list[Review]:
    """«As planned», in one sentence for many KPIs that owe a review, all or none. One that is off its course, or has a
    drop that nobody explained, needs its own words. Those that owe nothing are passed over."""
    kpis = list(for_standing(Kpi.objects.filter(pk__in=[kpi.pk for kpi in kpis]).order_by("pk")))
    for kpi in kpis:
        demand_reviewing(by, kpi.project)
        check_open(kpi.project)
    if not happened.strip():
        raise Refused(_("Say in a sentence how it went: the other side will read it."), code="no-words")
    list(Kpi.objects.select_for_update(of=("self",)).filter(pk__in=[kpi.pk for kpi in kpis]).values_list("pk"))
    due = owed(kpis)
    facts = [facts_of_period(kpi, due[kpi.pk]) for kpi in kpis if kpi.pk in due]
    if not facts:
        raise Refused(_("None of these KPIs waits for a review now."), code="nothing-owed")
    refuse_if_uneven(facts)
    said = {"happened": happened.strip(), "why": "", "measure": ""}
    reviews = [write(one, by=by, said=said) for one in facts]
    of_project: dict[Project, list[Review]] = defaultdict(list)
    for review in reviews:
        of_project[review.kpi.project].append(review)
    for project, own in of_project.items():
        tell(project, own, by=by)
    return reviews


# --- What is refused ------------------------------------------------------------------------------------------------


def demand_reviewing(by: User, project: Project) -> None:
    demand(rules.can_review(by, project), _("Viewers look on. Ask a colleague to hold the review."))


def lock_kpi(kpi: Kpi) -> Kpi:
    """Two people who review at once write one after the other."""
    return for_standing(Kpi.objects.select_for_update(of=("self",))).select_related("goal").get(pk=kpi.pk)


def check_period(kpi: Kpi, period: Period | None) -> Period:
    if not kpi.is_signed:
        raise Refused(_("Reviews begin once both sides have signed this KPI."), code="kpi-unsigned")
    if period is None or not period.is_over(today_of(kpi.project)):
        raise Refused(_("This period is not over yet. Its review is held when its last day is behind."), code="early")
    if period_beginning(kpi, period.first) != period:
        raise Refused(_("This KPI has no such period. Choose one of its own."), code="no-such-period")
    return period


def check_words(facts: Facts, said: dict[str, str], assignee: User | None, due_on: date | None) -> None:
    """What is off its course is not reviewed without a reason, and a measure has a person and a day."""
    errors = {}
    if not said["happened"]:
        errors["happened"] = _("Say in a sentence what happened.")
    if not said["why"] and facts.wants_reasons:
        errors["why"] = why_wanted(facts)
    if said["measure"] and assignee is None:
        errors["assignee"] = _("Who does it?")
    if said["measure"] and due_on is None:
        errors["due_on"] = _("By when?")
    if due_on and due_on < today_of(facts.kpi.project):
        errors["due_on"] = _("This day has passed.")
    if not said["measure"] and (assignee or due_on):
        errors["measure"] = _("Say what is to be done, or leave the person and the day out.")
    if errors:
        raise ValidationError(errors)


def why_wanted(facts: Facts) -> str:
    if facts.unexplained:
        return _("There is a drop that nobody has explained: say what it was.")
    return _("This KPI is not on course: say why.")


def refuse_if_uneven(facts: Sequence[Facts]) -> None:
    names = [quoted(str(one.kpi)) for one in facts if one.wants_reasons]
    if names:
        sentence = _("Not on course, or with an unexplained drop, so each needs words of its own: %(names)s.")
        raise Refused(sentence % {"names": ", ".join(names)}, code="needs-words")


# --- What is written ------------------------------------------------------------------------------------------------


def write(
    facts: Facts, *, by: User, said: dict[str, str], assignee: User | None = None, due_on: date | None = None
) -> Review:
    kpi, standing = facts.kpi, facts.standing
    task = give_task(kpi, said["measure"], by=by, assignee=assignee, due_on=due_on) if said["measure"] else None
    review = Review.objects.create(
        kpi=kpi,
        first=facts.period.first,
        last=facts.period.last,
        task=task,
        value=standing.current,
        value_on=standing.current_on,
        status=standing.status,
        by=by,
        side=kpi.project.side_of(by),
        **said,
    )
    if task:
        Task.objects.filter(pk=task.pk).update(origin_id=review.pk)
    words = {"first": review.first, "last": review.last, **said}
    record("review.held", about=review, by=by, project=kpi.project, **words)
    return review


def give_task(kpi: Kpi, measure: str, *, by: User, assignee: User | None, due_on: date | None) -> Task:
    return add_task(
        kpi.project,
        title=measure if len(measure) <= LONGEST_TITLE else f"{measure[: LONGEST_TITLE - 1].rstrip()}…",
        description=measure if len(measure) > LONGEST_TITLE else "",
        side=kpi.project.side_of(assignee),
        by=by,
        assignee=assignee,
        due_on=due_on,
        goal=kpi.goal,
        came_of=Task.Origin.REVIEW,
    )


def tell(project: Project, reviews: Sequence[Review], *, by: User) -> None:
    """The other side, once, however many KPIs were reviewed together."""
    first = reviews[0]
    facts = {
        "project": project.name,
        "kpi": str(first.kpi),
        "others": len(reviews) - 1,
        "first_on": first.first.isoformat(),
        "last_on": first.last.isoformat(),
        "happened": first.happened,
        "why": first.why,
        "measure": first.measure,
    }
    side = project.side_of(by)
    announce("review.held", to=project.people_of(Side(side).other), about=first, by=by, facts=facts)

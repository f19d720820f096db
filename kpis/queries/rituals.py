"""What reviews and drops put on pages: the lines of «what waits», a KPI's own page, a project's list."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis import rules, wording
from kpis.models import Dip, Kpi, Review
from kpis.queries.dips import in_full, unexplained
from kpis.queries.marks import NOTHING, Mark, marks_of
from kpis.queries.reviews import history, owed
from kpis.queries.standings import GREEN, Standing, for_standing, standings
from kpis.ritual import Period
from kpis.ritual_words import say_band, say_days, say_explained, say_noticed, say_period
from projects.models import Project
from smmportal.formatting import format_day
from smmportal.people.models import Role, Side, User
from smmportal.waiting import Waiting

DOERS = (Role.OWNER, Role.MANAGER, Role.SPECIALIST)
#: On a KPI's own page.
FEW = 5


# --- What waits -----------------------------------------------------------------------------------------------------


def waiting_for_reviews(projects: Sequence[Project]) -> list[Waiting]:
    """Reviews that are owed and drops that nobody explained, a line a project for each; the same queries for any
    number of projects."""
    by_id = {project.pk: project for project in projects if project.is_open}
    kpis = list(for_standing(Kpi.objects.filter(project__in=by_id, signed_in__isnull=False).standing()))
    due, fallen = owed(kpis), unexplained(kpis)
    of_project: dict[int, list[Kpi]] = defaultdict(list)
    for kpi in kpis:
        of_project[kpi.project_id].append(kpi)
    lines = []
    for pk, own in of_project.items():
        late = [(kpi, due[kpi.pk]) for kpi in own if kpi.pk in due]
        fell = [(kpi, dip) for kpi in own for dip in fallen.get(kpi.pk, ())]
        lines += [review_to_hold(by_id[pk], late)] if late else []
        lines += [drop_to_explain(by_id[pk], fell)] if fell else []
    return lines


def review_to_hold(project: Project, late: Sequence[tuple[Kpi, Period]]) -> Waiting:
    kpi, period = min(late, key=lambda pair: (pair[1].last, pair[0].pk))
    words = {"kpi": kpi, "period": say_period(period), "count": len(late)}
    if len(late) == 1:
        sentence = _("“%(kpi)s” is not reviewed for %(period)s: say what happened and what you do about it") % words
        url = reverse("kpis:review_new", args=[kpi.pk])
    else:
        sentence = (
            ngettext(
                "%(count)s KPI is not reviewed: say what happened and what you do about it",
                "%(count)s KPIs are not reviewed: say what happened and what you do about it",
                len(late),
            )
            % words
        )
        url = reverse("kpis:reviews", args=[project.pk])
    since = datetime.combine(period.last + timedelta(days=1), time(), ZoneInfo(project.timezone))
    return line_of(project, sentence, _("Hold the review"), url, since=since, due_on=period.review_by)


def drop_to_explain(project: Project, fell: Sequence[tuple[Kpi, Dip]]) -> Waiting:
    kpi, dip = min(fell, key=lambda pair: (pair[1].found_at, pair[1].pk))
    words = {"kpi": kpi, "day": format_day(dip.day, "near"), "count": len(fell)}
    if len(fell) == 1:
        sentence = _("“%(kpi)s” fell out of what was expected on %(day)s: say what it was") % words
        url = dip.get_absolute_url()
    else:
        sentence = (
            ngettext(
                "%(count)s drop is not explained: say what it was",
                "%(count)s drops are not explained: say what they were",
                len(fell),
            )
            % words
        )
        url = reverse("kpis:dips", args=[project.pk])
    return line_of(project, sentence, _("Explain it"), url, since=dip.found_at)


def line_of(project: Project, sentence: str, button: str, url: str, **when: object) -> Waiting:
    return Waiting(project.pk, project.name, Side.AGENCY, sentence, button, url, roles=DOERS, **when)


# --- One drop, one review, as they are shown ------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownDip:
    dip: Dip
    may_explain: bool = False

    @property
    def days(self) -> str:
        return say_days(self.dip)

    @property
    def band(self) -> str:
        return say_band(self.dip)

    @property
    def clocks(self) -> list[str]:
        return [say_noticed(self.dip), say_explained(self.dip)]


@dataclass(frozen=True)
class ShownReview:
    review: Review

    @property
    def period(self) -> str:
        return say_period(self.review)


def shown_dips(dips, reader: User, project: Project) -> list[ShownDip]:
    may = project.is_open and rules.can_explain(reader, project)
    return [ShownDip(dip, may) for dip in in_full(dips)]


def shown_reviews(reviews) -> list[ShownReview]:
    return [ShownReview(review) for review in history(reviews)]


def ritual_of(kpi: Kpi, reader: User) -> dict:
    """What a KPI's own page shows of its drops and its reviews."""
    mark = marks_of([kpi]).get(kpi.pk, NOTHING)
    return {
        "mark": mark,
        "mark_words": say_mark(mark),
        "dips": shown_dips(kpi.dips.all()[:FEW], reader, kpi.project),
        "reviews": shown_reviews(kpi.reviews.all()[:FEW]),
        "may_review": may_review(reader, kpi.project) and kpi.is_signed,
        "is_my_review": answers_for_review(reader, kpi),
        "whose_review": say_whose_review(kpi),
    }


def may_review(reader: User, project: Project) -> bool:
    return project.is_open and rules.can_review(reader, project)


def answers_for_review(reader: User, kpi: Kpi) -> bool:
    return kpi.project.is_open and rules.answers_for_review(reader, kpi)


def say_whose_review(kpi: Kpi) -> str:
    if kpi.owner and kpi.project.side_of(kpi.owner) is Side.CLIENT:
        return _("the move is the agency’s or %(person)s’s") % {"person": kpi.owner}
    return _("the agency’s move")


def say_mark(mark: Mark) -> list[str]:
    """What hangs over a KPI, in a few words each."""
    said = []
    if mark.owed:
        said.append(_("no review for %(period)s") % {"period": say_period(mark.owed)})
    if mark.dips:
        count = len(mark.dips)
        said.append(ngettext("%(count)s unexplained drop", "%(count)s unexplained drops", count) % {"count": count})
    return said


# --- A project's list -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Owed:
    """A KPI that waits for its review, as it stands."""

    standing: Standing
    mark: Mark
    #: Whether the reader is one of those whose move it is.
    is_mine: bool

    @property
    def kpi(self) -> Kpi:
        return self.standing.kpi

    @property
    def headline(self) -> str:
        return wording.headline(self.standing)

    @property
    def move(self) -> str:
        return say_whose_review(self.kpi)

    @property
    def period(self) -> str:
        return say_period(self.mark.owed)

    @property
    def is_even(self) -> bool:
        """On course and without a drop: «as planned» is all there is to say."""
        return self.standing.shade in GREEN and not self.mark.dips


def owed_in(project: Project, reader: User) -> list[Owed]:
    """The project's KPIs that wait for a review, those that need a hand first."""
    kpis = list(for_standing(project.kpis.standing().filter(signed_in__isnull=False)).select_related("owner"))
    for kpi in kpis:
        kpi.project = project
    marks = marks_of(kpis)
    found = [
        Owed(standing, marks[standing.kpi.pk], answers_for_review(reader, standing.kpi))
        for standing in standings(kpis)
        if marks[standing.kpi.pk].owed
    ]
    return sorted(found, key=lambda one: one.standing.urgency)


# --- What a meeting should talk about -------------------------------------------------------------------------------

TROUBLED = ("off_track", "at_risk")


@dataclass(frozen=True)
class Concern:
    """A signed KPI as it stands, with what hangs over it."""

    standing: Standing
    mark: Mark

    @property
    def kpi(self) -> Kpi:
        return self.standing.kpi

    @property
    def status(self) -> str:
        return self.standing.status

    @property
    def headline(self) -> str:
        """The very words of the board."""
        return wording.headline(self.standing)

    @property
    def marks(self) -> list[str]:
        fell = [wording.guardrail_mark("worse")[1]] if self.standing.guardrail_fell else []
        return fell + say_mark(self.mark)

    @property
    def is_urgent(self) -> bool:
        return self.standing.shade in TROUBLED or bool(self.mark)


def concerns_of(kpis) -> list[Concern]:
    """Those of these KPIs, those that need a hand first; the same queries for any number of them."""
    kpis = list(for_standing(kpis))
    marks = marks_of(kpis)
    found = [Concern(standing, marks[standing.kpi.pk]) for standing in standings(kpis)]
    return sorted(found, key=lambda one: one.standing.urgency)


def to_talk_about(project: Project) -> list[Concern]:
    """Signed KPIs of a project that are off their course or near it, fell without a word, or owe a review."""
    signed = project.kpis.standing().filter(signed_in__isnull=False)
    return [concern for concern in concerns_of(signed) if concern.is_urgent]

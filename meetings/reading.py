"""Published minutes as each side reads them: every point with what was said about it, and how each side stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings import rules
from meetings.freezing import shown_content
from meetings.models import Confirmation, Correction, Decision, Meeting, Minutes, Objection
from smmportal.formatting import format_day, format_moment
from smmportal.people.models import Side, User


@dataclass(frozen=True)
class Point:
    """A decision or an action item in the words of publication."""

    key: str
    content: dict
    objections: list[Objection] = field(default_factory=list)
    state: str = ""

    @property
    def due_on(self) -> date | None:
        return date.fromisoformat(self.content["due_on"]) if self.content.get("due_on") else None

    @property
    def state_word(self) -> str:
        return str(Decision.State(self.state).label) if self.state else ""


@dataclass(frozen=True)
class Stance:
    """How one side stands to the minutes."""

    side: Side
    minutes: Minutes
    confirmation: Confirmation | None = None
    objections: int = 0

    @property
    def state(self) -> str:
        """One of confirmed, objected, silent, waiting."""
        if self.confirmation:
            return "confirmed"
        if self.objections:
            return "objected"
        return "waiting" if self.minutes.is_open_to_answers else "silent"

    @property
    def status(self) -> str:
        marks = {"confirmed": "on_track", "objected": "at_risk", "silent": "no_target", "waiting": "no_data"}
        return marks[self.state]

    @property
    def words(self) -> str:
        day = format_day(self.minutes.answer_on, "near") if self.minutes.answer_by else ""
        if self.confirmation:
            said = {"person": self.confirmation.by, "moment": format_moment(self.confirmation.at, style="near")}
            if self.confirmation.via == Confirmation.Via.PUBLICATION:
                return _("%(person)s published them, %(moment)s") % said
            return _("%(person)s confirmed them, %(moment)s") % said
        if self.objections:
            sentence = ngettext("objects to %(count)s point", "objects to %(count)s points", self.objections)
            return sentence % {"count": self.objections}
        sentence = _("can answer until %(day)s") if self.state == "waiting" else _("no objections by %(day)s")
        return sentence % {"day": day}


@dataclass(frozen=True)
class Reading:
    meeting: Meeting
    minutes: Minutes | None
    content: dict
    decisions: list[Point]
    actions: list[Point]
    #: Objections to words of the text.
    passages: list[Objection]
    corrections: Sequence[Correction]
    stances: list[Stance]
    side: Side | None
    may_act: bool

    @property
    def is_published(self) -> bool:
        return bool(self.minutes and self.minutes.published_at)

    @property
    def starts_at(self) -> datetime:
        return datetime.fromisoformat(self.content["starts_at"])

    @property
    def own(self) -> Stance | None:
        return next((stance for stance in self.stances if stance.side == self.side), None)

    @property
    def may_answer(self) -> bool:
        return bool(self.may_act and self.minutes and self.minutes.is_open_to_answers and self.own)

    @property
    def may_confirm(self) -> bool:
        return self.may_answer and self.own.confirmation is None

    @property
    def may_object(self) -> bool:
        said = self.own and self.own.confirmation
        return self.may_answer and (not said or said.via == Confirmation.Via.PUBLICATION)

    @property
    def may_correct(self) -> bool:
        return self.may_act and self.is_published


def reading_of(meeting: Meeting, reader: User | None) -> Reading:
    """The same queries for any number of points."""
    minutes = Minutes.objects.filter(meeting=meeting).select_related("published_by").first()
    if minutes:
        minutes.meeting = meeting
    published = minutes if minutes and minutes.published_at else None
    content, objections = shown_content(meeting), objections_of(published)
    states = dict(meeting.decisions.with_state().values_list("pk", "state")) if published else {}
    return Reading(
        meeting=meeting,
        minutes=minutes,
        content=content,
        decisions=[point_of("decision", one, objections, states) for one in content["decisions"]],
        actions=[point_of("action", one, objections, {}) for one in content["actions"]],
        passages=[one for one in objections if one.passage],
        corrections=published.corrections.select_related("by", "objection") if published else (),
        stances=stances_of(published, objections) if published else [],
        side=meeting.project.side_of(reader) if reader else None,
        may_act=bool(reader and rules.can_run(reader, meeting) and meeting.project.is_open),
    )


def objections_of(minutes: Minutes | None) -> list[Objection]:
    if minutes is None:
        return []
    return list(minutes.objections.select_related("by", "answer__by", "correction"))


def point_of(kind: str, content: dict, objections: Sequence[Objection], states: dict[int, str]) -> Point:
    about = [one for one in objections if getattr(one, f"{kind}_id") == content["id"]]
    return Point(f"{kind}-{content['id']}", content, about, states.get(content["id"], ""))


def stances_of(minutes: Minutes, objections: Sequence[Objection]) -> list[Stance]:
    confirmed = {one.side: one for one in minutes.confirmations.select_related("by")}
    return [
        Stance(side, minutes, confirmed.get(side), sum(one.side == side for one in objections))
        for side in (Side.CLIENT, Side.AGENCY)
    ]


def who_agreed(decisions: Sequence[Decision]) -> None:
    """Give each decision `stances`: how both sides stand to the minutes it is in. Two queries for any number."""
    rows = [decision.meeting.minutes for decision in decisions if decision.meeting.is_published]
    said = Confirmation.objects.filter(minutes__in=rows).select_related("by")
    objected = list(Objection.objects.filter(minutes__in=rows))
    found = {(one.minutes_id, one.side): one for one in said}
    for decision in decisions:
        minutes = decision.meeting.minutes if decision.meeting.is_published else None
        decision.stances = [
            Stance(
                side,
                minutes,
                found.get((minutes.pk, side)),
                sum((one.decision_id, one.side) == (decision.pk, side) for one in objected),
            )
            for side in (Side.CLIENT, Side.AGENCY)
            if minutes
        ]

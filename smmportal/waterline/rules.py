"""How high a project floats: the guide's three rules as one gauge from 0 to 100. Pure; the same for both sides.

**What is counted.** Three rules of 100 points in all: clarity (30 unless the agency says otherwise), KPIs (40), rhythm
(30). Each rule is the sum of its parts (`PARTS`), and every part judges plain facts into three shares: what is there,
what is lost, what nobody can tell.

- *brief*: the answered share of its questions; all of it once nothing that must be answered is open.
- *understood*: a third of it for a brief that is submitted, a third for a debrief that is shared (and whose remarks are
  answered), a third for the client's confirmation.
- *fresh*: the latest brief is at most half a year old; from then to a year the part drains.
- *goals*: of every goal that both sides talk about, a fifth for each letter of SMART that the coach finds.
- *decider*: exactly one person decides for the client. Several, or one who has no login: half.
- *signed*: the share of KPIs under both signatures, half a KPI for each signature. A running goal without a KPI counts
  as an unsigned one.
- *chance*: for each KPI the chance of hitting its target: all of it from 70 %, nothing at 20 % and under. Of one whose
  day has come, whether it did; it counts until both sides have said how its goal ended.
- *sources*: the share of the KPIs' sources that let us in and are up to date.
- *reviews*: of every KPI, the review of the latest period that is over: it may be three days late, then a third is
  lost, and all of it in two weeks.
- *guardrails*: the share of KPIs whose «must not get worse» has not.
- *dips*: each unexplained dip costs a third, growing to two thirds in two weeks.
- *meetings*: the last meeting is no longer ago than the agreed rhythm and two days; the part drains until three rhythms
  have passed, half as fast when the next one is booked within a rhythm from today.
- *actions*: each overdue task costs a fifth, growing to a half in two weeks.
- *approvals*: the same for what the other side waits for: goals, changed terms and finished tasks after three days,
  materials after their day (or a week).
- *questions*: each question of the brief that is still «don't know», and that nobody has taken up, costs a quarter.
- *confidence*: of every running goal, how far apart the two sides' confidence is: from 3 of 10 on a half is lost, all
  of it at 7.

**Unknown is grey.** What nobody can tell yet is never counted as there, so it can't raise the score; it is not lost
either, and the page says what would make it known. With more than `MOST_UNKNOWN` points unknown there is no score and
no level. A new project has `GRACE` days from its beginning before what is missing counts as lost instead of unknown;
one that has no KPI then loses what is signed, its chance and its reviews together.

**Rounding.** Everything is counted in tenths of a point. A rule's weight is dealt out to its parts by the largest
remainder. What is there is rounded *down* in each part, so that a worse fact can never raise the score; the rest of
the part is dealt out to its losses and unknowns by the largest remainder. So in each part, in each rule and in all,
what is there, what is lost and what is unknown make the whole.

**Levels.** Afloat from 70, listing under it, sinking under 45. A level that was reached is kept a little beyond its
border (`Band`): afloat is lost under 65, sinking is left from 50, so that a project on a border does not flicker.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Rule = Literal["clarity", "kpis", "rhythm"]
Side = Literal["agency", "client", "both"]
Level = Literal["afloat", "listing", "sinking", "unknown"]
RULES: tuple[Rule, ...] = ("clarity", "kpis", "rhythm")
USUAL: tuple[int, int, int] = (30, 40, 30)
LEAST, MOST = 15, 60

#: Days from a project's beginning until what is missing counts as lost.
GRACE = 14
MOST_UNKNOWN = 30
AFLOAT, AFLOAT_UNTIL = 70, 65
SINKING, SINKING_UNTIL = 45, 50

LIKELY, UNLIKELY = Fraction(7, 10), Fraction(2, 10)
FRESH, STALE = 180, 365
#: In two weeks what is late costs the most.
RIPE = 14
SLACK = 2
PATIENCE, PATIENCE_FOR_MATERIALS = 3, 7
WIDE = 3
CADENCES = {"weekly": 7, "biweekly": 14, "monthly": 31}


# --- Facts ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Brief:
    """`stage`: how far both sides are in understanding each other. `submitted_on`: the latest version's day."""

    questions: int = 0
    answered: int = 0
    #: Questions that must be answered and are not.
    open: int = 0
    stage: Literal["filling", "submitted", "remarked", "shared", "confirmed"] = "filling"
    submitted_on: date | None = None
    #: Keys of the questions answered with «don't know» that nobody has taken up.
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal that is proposed, agreed or under way. `missing`: the letters of SMART that the coach does not find.
    `confidence`: what each side last said, None for one that has not. `side`: who writes its words."""

    id: int
    name: str
    missing: tuple[str, ...] = ()
    is_running: bool = False
    has_kpi: bool = True
    side: Side = "agency"
    confidence: tuple[int | None, int | None] = (None, None)


@dataclass(frozen=True, slots=True)
class Kpi:
    """`review_late`: days since the latest review should have been there; 0 or less: not late, None: no period is over
    or nothing was reviewed yet. `chance` is None where nobody can tell, and `status` is that of `kpis.course`."""

    id: int
    name: str
    is_signed: bool = True
    has_target: bool = True
    status: str = "no_data"
    is_over: bool = False
    chance: Fraction | None = None
    guardrail: Literal["", "held", "worse", "unknown"] = ""
    review_late: int | None = None
    first_review_on: date | None = None
    goal: int | None = None


@dataclass(frozen=True, slots=True)
class Agreement:
    """The one that waits for signatures, and the sides that have not signed."""

    id: int
    number: int
    missing: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A source that KPIs stand on."""

    id: int
    name: str
    state: Literal["alive", "new", "paused", "refused", "late"] = "alive"
    side: Side = "agency"


@dataclass(frozen=True, slots=True)
class Late:
    """Something that waits too long: a task that is overdue, an approval, a material, a dip; `days` beyond its time."""

    kind: str
    id: int
    name: str
    side: Side
    days: int
    #: The record it hangs on: a dip's KPI.
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Meetings:
    cadence: str | None = None
    #: When the rhythm was agreed on.
    agreed_on: date | None = None
    last_on: date | None = None
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class Decider:
    """How many of the client's people decide, and how many are named as deciding in «What we know»."""

    people: int = 0
    named: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the gauge looks at. `begun_on`: the day the project became active; None: not yet."""

    today: date
    begun_on: date | None = None
    brief: Brief = Brief()
    goals: tuple[Goal, ...] = ()
    decider: Decider = Decider()
    kpis: tuple[Kpi, ...] = ()
    agreement: Agreement | None = None
    sources: tuple[Source, ...] = ()
    dips: tuple[Late, ...] = ()
    meetings: Meetings = Meetings()
    overdue: tuple[Late, ...] = ()
    waiting: tuple[Late, ...] = ()

    @property
    def age(self) -> int | None:
        return None if self.begun_on is None else (self.today - self.begun_on).days

    @property
    def is_past_grace(self) -> bool:
        return self.age is not None and self.age > GRACE


# --- The gauge ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Share:
    """A piece of a part, from 0 to 1, that is lost or that nobody can tell (`is_grey`), and the record it hangs on."""

    code: str
    size: Fraction
    subject: str
    side: Side = "agency"
    facts: Mapping[str, object] = field(default_factory=dict)
    is_grey: bool = False


@dataclass(frozen=True, slots=True)
class Loss:
    """Lost or unknown points: of which rule and part, by what (`code`), whose move it is, and on which record."""

    rule: Rule
    part: str
    code: str
    points: Decimal
    side: Side
    subject: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same loss on two days."""
        return self.code, self.subject


@dataclass(frozen=True, slots=True)
class Points:
    """What became of a part's points, or of a rule's."""

    rule: Rule
    part: str
    most: Decimal
    had: Decimal
    lost: Decimal
    unknown: Decimal


@dataclass(frozen=True, slots=True)
class Gauge:
    """`had` + `lost` + `unknown` is always 100; `score` is `had`, or None while too much is unknown."""

    parts: tuple[Points, ...]
    losses: tuple[Loss, ...]
    #: The points nobody can tell, each with what would make it known.
    greys: tuple[Loss, ...]
    level: Level
    weights: tuple[int, int, int] = USUAL

    @property
    def had(self) -> Decimal:
        return sum((part.had for part in self.parts), Decimal(0))

    @property
    def lost(self) -> Decimal:
        return sum((part.lost for part in self.parts), Decimal(0))

    @property
    def unknown(self) -> Decimal:
        return sum((part.unknown for part in self.parts), Decimal(0))

    @property
    def score(self) -> Decimal | None:
        return None if self.level == "unknown" else self.had

    @property
    def rules(self) -> tuple[Points, ...]:
        """The three rules, each with the sum of its parts."""
        return tuple(self.rule(rule) for rule in RULES)

    def rule(self, rule: Rule) -> Points:
        own = [part for part in self.parts if part.rule == rule]
        sums = (sum((getattr(part, name) for part in own), Decimal(0)) for name in ("most", "had", "lost", "unknown"))
        return Points(rule, "", *sums)


def gauge(facts: Facts, weights: Sequence[int] = USUAL, before: Level = "unknown") -> Gauge:
    """The gauge of these facts. `before` is the level of the last reading: near a border it is kept."""
    parts, losses, greys = [], [], []
    for (rule, name, _share, judge), most in zip(PARTS, dealt_to_parts(weights), strict=True):
        shares = [share for share in capped(judge(facts)) if share.size > 0]
        had, dealt = dealt_to_shares(shares, most)
        gone = sum(units for share, units in zip(shares, dealt, strict=True) if not share.is_grey)
        parts.append(Points(rule, name, *(tenths(units) for units in (most, had, gone, most - had - gone))))
        for share, units in zip(shares, dealt, strict=True):
            found = Loss(rule, name, share.code, tenths(units), share.side, share.subject, share.facts)
            (greys if share.is_grey else losses).append(found)
    score, unknown = (sum((getattr(part, name) for part in parts), Decimal(0)) for name in ("had", "unknown"))
    return Gauge(tuple(parts), by_points(losses), by_points(greys), level_of(score, unknown, before), tuple(weights))


def by_points(found: Iterable[Loss]) -> tuple[Loss, ...]:
    """The heaviest first; of equals in the order of the rules."""
    return tuple(sorted((loss for loss in found if loss.points), key=lambda loss: -loss.points))


def level_of(score: Decimal, unknown: Decimal, before: Level = "unknown") -> Level:
    if unknown > MOST_UNKNOWN:
        return "unknown"
    if score >= (AFLOAT_UNTIL if before == "afloat" else AFLOAT):
        return "afloat"
    return "sinking" if score < (SINKING_UNTIL if before == "sinking" else SINKING) else "listing"


def tenths(units: int) -> Decimal:
    return Decimal(units) / 10


def dealt_to_parts(weights: Sequence[int]) -> list[int]:
    """For each part the tenths that it is worth."""
    dealt: list[int] = []
    for rule, weight in zip(RULES, weights, strict=True):
        sizes = [Fraction(share) for own, _name, share, _judge in PARTS if own == rule]
        dealt += deal(weight * 10, sizes)
    return dealt


def dealt_to_shares(shares: Sequence[Share], most: int) -> tuple[int, list[int]]:
    """What is there, rounded down, and the tenths of each share."""
    had = int((1 - sum((share.size for share in shares), Fraction(0))) * most)
    return had, deal(most - had, [share.size for share in shares])


def deal(units: int, sizes: Sequence[Fraction]) -> list[int]:
    """Whole units in proportion to the sizes, what is left over to the largest remainders."""
    if not sizes:
        return []
    whole = sum(sizes)
    exact = [units * size / whole for size in sizes]
    dealt = [int(each) for each in exact]
    by_remainder = sorted(range(len(sizes)), key=lambda index: (dealt[index] - exact[index], index))
    for index in by_remainder[: units - sum(dealt)]:
        dealt[index] += 1
    return dealt


def capped(shares: Iterable[Share]) -> list[Share]:
    """No part loses more than there is of it: together too large, all shrink alike. What is lost comes before grey."""
    shares = list(shares)
    gone = sum((share.size for share in shares if not share.is_grey), Fraction(0))
    unknown = sum((share.size for share in shares if share.is_grey), Fraction(0))
    fits_gone = min(Fraction(1), 1 / gone) if gone else Fraction(1)
    fits_grey = min(Fraction(1), (1 - min(gone, Fraction(1))) / unknown) if unknown else Fraction(1)
    return [resized(share, share.size * (fits_grey if share.is_grey else fits_gone)) for share in shares]


def resized(share: Share, size: Fraction) -> Share:
    return Share(share.code, size, share.subject, share.side, share.facts, share.is_grey)


def lost(code: str, side: Side, subject: str, size: Fraction | int = 1, **facts: object) -> Share:
    return Share(code, Fraction(size), subject, side, facts)


def grey(code: str, side: Side, subject: str, size: Fraction | int = 1, **facts: object) -> Share:
    return Share(code, Fraction(size), subject, side, facts, is_grey=True)


def ramp(days: int, first: int, last: int) -> Fraction:
    """0 up to the first day, 1 from the last one, a straight line between them."""
    return min(max(Fraction(days - first, last - first), Fraction(0)), Fraction(1))


# --- Clarity --------------------------------------------------------------------------------------------------------


def judge_brief(facts: Facts) -> list[Share]:
    brief = facts.brief
    if not brief.questions:
        return [grey("brief_none", "agency", "brief")]
    if not brief.open and brief.answered:
        return []
    missing = 1 - Fraction(min(brief.answered, brief.questions), brief.questions)
    return [lost("brief_open", "client", "brief", missing, left=brief.questions - brief.answered, all=brief.questions)]


#: What is lost at each stage, by what, and whose move it is.
UNDERSTOOD: dict[str, tuple[str, Side, Fraction]] = {
    "filling": ("brief_unsubmitted", "client", Fraction(1)),
    "submitted": ("debrief_unshared", "agency", Fraction(2, 3)),
    "remarked": ("remarks_open", "agency", Fraction(2, 3)),
    "shared": ("debrief_unconfirmed", "client", Fraction(1, 3)),
}


def judge_understood(facts: Facts) -> list[Share]:
    if facts.brief.stage == "confirmed":
        return []
    code, side, size = UNDERSTOOD[facts.brief.stage]
    return [lost(code, side, "brief" if side == "client" and size == 1 else "debrief", size)]


def judge_fresh(facts: Facts) -> list[Share]:
    submitted_on = facts.brief.submitted_on
    if submitted_on is None:
        return [grey("brief_age", "client", "brief")]
    days = (facts.today - submitted_on).days
    return [lost("brief_old", "client", "brief", ramp(days, FRESH, STALE), days=days)]


def judge_goals(facts: Facts) -> list[Share]:
    if not facts.goals:
        return [missing(facts, "goals_none", "goals")]
    each = Fraction(1, len(facts.goals))
    return [
        lost(
            "goal_vague",
            goal.side,
            f"goal:{goal.id}",
            each * len(goal.missing) / 5,
            name=goal.name,
            missing=goal.missing,
        )
        for goal in facts.goals
    ]


def missing(facts: Facts, code: str, subject: str) -> Share:
    """What a project has to have: unknown while it is new, lost when its grace is over."""
    return (lost if facts.is_past_grace else grey)(code, "agency", subject)


def judge_decider(facts: Facts) -> list[Share]:
    decider = facts.decider
    if decider.people == 1 or (decider.people > 1 and decider.named == 1):
        return []
    if decider.people:
        return [lost("deciders_many", "client", "decider", Fraction(1, 2), count=decider.people)]
    return [lost("decider_none", "agency", "decider", Fraction(1, 2) if decider.named else 1)]


# --- KPIs -----------------------------------------------------------------------------------------------------------


def judge_signed(facts: Facts) -> list[Share]:
    bare = [goal for goal in facts.goals if goal.is_running and not goal.has_kpi]
    if not facts.kpis and not bare:
        return [missing(facts, "kpis_none", "kpis")]
    each = Fraction(1, len(facts.kpis) + len(bare))
    unsigned = [kpi for kpi in facts.kpis if kpi.has_target and not kpi.is_signed]
    return [
        *(lost("goal_unmeasured", "agency", f"goal:{goal.id}", each, name=goal.name) for goal in bare),
        *(
            lost("kpi_targetless", "agency", f"kpi:{kpi.id}", each, name=kpi.name)
            for kpi in facts.kpis
            if not kpi.has_target
        ),
        *(unsigned_shares(facts, each * len(unsigned), len(unsigned)) if unsigned else []),
    ]


def unsigned_shares(facts: Facts, size: Fraction, count: int) -> list[Share]:
    agreement = facts.agreement
    if agreement is None:
        return [lost("kpis_unsigned", "agency", "agreements", size, count=count)]
    subject, number = f"agreement:{agreement.id}", agreement.number
    return [lost("signature_missing", side, subject, size / 2, number=number) for side in agreement.missing]


def of_each_kpi(
    facts: Facts, judge: Callable[[Kpi, Fraction], Share | None], *, lost_without: bool = False
) -> list[Share]:
    """The shares of a part that looks at every KPI; of one that is not signed nobody can tell."""
    if not facts.kpis:
        return [(missing(facts, "kpis_none", "kpis")) if lost_without else grey("kpis_none", "agency", "kpis")]
    each = Fraction(1, len(facts.kpis))
    return [
        share
        for kpi in facts.kpis
        if (share := judge(kpi, each) if kpi.is_signed else unsigned_share(facts, kpi, each))
    ]


def unsigned_share(facts: Facts, kpi: Kpi, each: Fraction) -> Share:
    """The move is of whoever has not signed; where nothing waits for signatures, of the agency that prepares it."""
    missing_sides = facts.agreement.missing if facts.agreement else ("agency",)
    side: Side = missing_sides[0] if len(missing_sides) == 1 else "both"
    return grey("kpi_unsigned", side, f"kpi:{kpi.id}", each, name=kpi.name)


def about(kind: Callable[..., Share], code: str, kpi: Kpi, size: Fraction, **told: object) -> Share:
    return kind(code, "agency", f"kpi:{kpi.id}", size, name=kpi.name, **told)


def judge_chance(facts: Facts) -> list[Share]:
    return of_each_kpi(facts, chance_of, lost_without=True)


def chance_of(kpi: Kpi, each: Fraction) -> Share | None:
    if kpi.status in ("source_lost", "no_data", "no_target"):
        return about(grey, "chance_unknown", kpi, each)
    if kpi.is_over:
        told = {"of": kpi.goal} if kpi.goal else {}
        return None if kpi.status in ("on_track", "ahead") else about(lost, "kpi_missed", kpi, each, **told)
    if kpi.chance is None:
        kind, code = (lost, "kpi_off_course") if kpi.status == "off_track" else (grey, "chance_unknown")
        return about(kind, code, kpi, each)
    size = min(max((LIKELY - kpi.chance) / (LIKELY - UNLIKELY), Fraction(0)), Fraction(1))
    return about(lost, "chance_low", kpi, each * size, percent=round(kpi.chance * 100)) if size else None


def judge_sources(facts: Facts) -> list[Share]:
    if not facts.sources:
        return [grey("sources_none", "agency", "sources")]
    each = Fraction(1, len(facts.sources))
    return [
        (grey if source.state in ("new", "paused") else lost)(
            f"source_{source.state}", source.side, f"source:{source.id}", each, name=source.name
        )
        for source in facts.sources
        if source.state != "alive"
    ]


def judge_reviews(facts: Facts) -> list[Share]:
    return of_each_kpi(facts, review_of, lost_without=True)


def review_of(kpi: Kpi, each: Fraction) -> Share | None:
    if kpi.review_late is None:
        told = {"day": kpi.first_review_on.isoformat()} if kpi.first_review_on else {}
        return about(grey, "review_to_come", kpi, each, **told)
    if kpi.review_late <= 0:
        return None
    size = Fraction(1, 3) + Fraction(2, 3) * ramp(kpi.review_late, 1, RIPE)
    return about(lost, "review_overdue", kpi, each * size, days=kpi.review_late)


def judge_guardrails(facts: Facts) -> list[Share]:
    return of_each_kpi(facts, guardrail_of)


def guardrail_of(kpi: Kpi, each: Fraction) -> Share | None:
    if kpi.guardrail == "worse":
        return about(lost, "guardrail_worse", kpi, each)
    return about(grey, "guardrail_unknown", kpi, each) if kpi.guardrail == "unknown" else None


def judge_dips(facts: Facts) -> list[Share]:
    if not any(kpi.is_signed and kpi.status not in ("source_lost", "no_data") for kpi in facts.kpis):
        dips = [grey("dips_unseen", "agency", "kpis")]
    else:
        dips = []
    return [*(late_share("dip_unexplained", dip, Fraction(1, 3), Fraction(2, 3)) for dip in facts.dips), *dips]


# --- Rhythm ---------------------------------------------------------------------------------------------------------


def judge_meetings(facts: Facts) -> list[Share]:
    meetings = facts.meetings
    if meetings.cadence is None:
        return [missing(facts, "rhythm_none", "rhythm")]
    rhythm = CADENCES[meetings.cadence]
    since = meetings.last_on or max((day for day in (facts.begun_on, meetings.agreed_on) if day), default=facts.today)
    days = (facts.today - since).days
    size = ramp(days, rhythm + SLACK, 3 * rhythm)
    booked = meetings.next_on is not None and (meetings.next_on - facts.today).days <= rhythm
    if size:
        code = "meeting_overdue" if meetings.last_on else "meeting_first"
        return [lost(code, "agency", "meetings", size / 2 if booked else size, days=days, rhythm=rhythm)]
    return [] if meetings.last_on or booked else [grey("meeting_to_come", "agency", "meetings")]


def judge_actions(facts: Facts) -> list[Share]:
    shares = [late_share("task_overdue", task, Fraction(1, 5), Fraction(1, 2)) for task in facts.overdue]
    return [*shares, *rest_before_begun(facts)]


def judge_approvals(facts: Facts) -> list[Share]:
    shares = [late_share(f"{each.kind}_waiting", each, Fraction(1, 5), Fraction(1, 2)) for each in facts.waiting]
    return [*shares, *rest_before_begun(facts)]


def rest_before_begun(facts: Facts) -> list[Share]:
    """Before a project has begun, that nothing is late says nothing."""
    return [grey("not_begun", "both", "project")] if facts.begun_on is None else []


def late_share(code: str, late: Late, first: Fraction, last: Fraction) -> Share:
    size = first + (last - first) * ramp(late.days, 1, RIPE)
    told = {"name": late.name, "days": late.days} | ({"of": late.of} if late.of else {})
    return lost(code, late.side, f"{late.kind}:{late.id}", size, **told)


def judge_questions(facts: Facts) -> list[Share]:
    if facts.brief.submitted_on is None:
        return [grey("questions_unknown", "client", "brief")]
    return [lost("question_open", "client", f"question:{key}", Fraction(1, 4), key=key) for key in facts.brief.unknown]


def judge_confidence(facts: Facts) -> list[Share]:
    goals = [goal for goal in facts.goals if goal.is_running]
    if not goals:
        return [grey("confidence_none", "both", "goals")]
    each = Fraction(1, len(goals))
    return [share for goal in goals for share in confidence_of(goal, each)]


def confidence_of(goal: Goal, each: Fraction) -> list[Share]:
    agency, client = goal.confidence
    if agency is None or client is None:
        side: Side = "both" if agency is None and client is None else "agency" if agency is None else "client"
        return [grey("confidence_unsaid", side, f"goal:{goal.id}", each, name=goal.name)]
    apart = abs(agency - client)
    if apart < WIDE:
        return []
    size = min(Fraction(1, 2) + Fraction(apart - WIDE, 8), Fraction(1))
    return [
        lost("confidence_apart", "both", f"goal:{goal.id}", each * size, name=goal.name, agency=agency, client=client)
    ]


#: Rule, part, its share of the rule's weight (points, where the weight is the usual one), and who judges it.
PARTS: tuple[tuple[Rule, str, int, Callable[[Facts], list[Share]]], ...] = (
    ("clarity", "brief", 8, judge_brief),
    ("clarity", "understood", 7, judge_understood),
    ("clarity", "fresh", 3, judge_fresh),
    ("clarity", "goals", 8, judge_goals),
    ("clarity", "decider", 4, judge_decider),
    ("kpis", "signed", 10, judge_signed),
    ("kpis", "chance", 12, judge_chance),
    ("kpis", "sources", 6, judge_sources),
    ("kpis", "reviews", 6, judge_reviews),
    ("kpis", "guardrails", 3, judge_guardrails),
    ("kpis", "dips", 3, judge_dips),
    ("rhythm", "meetings", 9, judge_meetings),
    ("rhythm", "actions", 6, judge_actions),
    ("rhythm", "approvals", 7, judge_approvals),
    ("rhythm", "questions", 4, judge_questions),
    ("rhythm", "confidence", 4, judge_confidence),
)


# --- What became of it ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Change:
    """A loss that came, went, grew or shrank: `points` below zero are points that were lost since."""

    code: str
    subject: str
    points: Decimal
    facts: Mapping[str, object]


def changes(before: Iterable[Loss], now: Iterable[Loss]) -> list[Change]:
    """What was lost and regained between two days, the largest first."""
    was, became = totals(before), totals(now)
    found = [
        Change(*key, was[key][0] - became[key][0], (became[key] if key in became else was[key])[1])
        for key in {**was, **became}
        if was[key][0] != became[key][0]
    ]
    return sorted(found, key=lambda change: (-abs(change.points), change.code, change.subject))


class Totals(dict):
    """Points by the losses' keys; nothing for one that is not there."""

    def __missing__(self, key: tuple[str, str]) -> tuple[Decimal, Mapping[str, object]]:
        return Decimal(0), {}


def totals(losses: Iterable[Loss]) -> Totals:
    """One row for each key: the same cause in several parts is one cause."""
    found = Totals()
    for loss in losses:
        found[loss.key] = (found[loss.key][0] + loss.points, loss.facts)
    return found

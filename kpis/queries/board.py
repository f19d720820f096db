"""The project dashboard and a KPI's own page: what they show, in a constant number of queries."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from kpis import pictures, rules, wording
from kpis.forecast import Outlook
from kpis.kept import Kept
from kpis.models import Agreement, Kpi, Revision
from kpis.queries.agreements import Step, next_step
from kpis.queries.board_views import Arrangement, arrangement_of, say_hidden
from kpis.queries.comparisons import Comparison, comparison_of
from kpis.queries.lines import SHOWN_DAYS, lines_of, say_reason
from kpis.queries.marks import NOTHING, Mark, marks_of
from kpis.queries.notes import Notes, notes_of
from kpis.queries.outlooks import Prospect
from kpis.queries.periods import ENOUGH, WEEK, Over, values_over, weeks_between
from kpis.queries.revisions import revisions_of, say_revisions
from kpis.queries.rituals import say_mark
from kpis.queries.stamps import stamp_of
from kpis.queries.standings import Standing, for_standing, prospect_of, standings, state_of, today_of
from kpis.series import Day, change_over
from kpis.sureness import weakest
from kpis.terms import say_value
from projects.models import Project
from smmportal.formatting import format_day
from smmportal.people.models import User

#: About 2 KB a card: at most some 4 MB in each worker.
DRAWN: Kept[SafeString] = Kept(at_most=1000)
BOARDS: Kept["Board"] = Kept(at_most=100)


@dataclass(frozen=True)
class Card:
    """One KPI on a page: its standing, its line and everything that is said of them."""

    standing: Standing
    line: Sequence[Day]
    last: date | None = None
    revisions: Mapping[date, Sequence[Revision]] = field(default_factory=dict)
    prospect: Prospect | None = None
    mark: Mark = NOTHING
    notes: Notes = field(default_factory=Notes)
    comparison: Comparison | None = None

    @property
    def kpi(self) -> Kpi:
        return self.standing.kpi

    @property
    def status(self) -> str:
        return self.standing.status

    @property
    def key(self) -> str:
        return f"kpi-{self.kpi.pk}"

    @property
    def headline(self) -> str:
        return wording.headline(self.standing)

    @property
    def promise(self) -> str:
        return wording.promise(self.kpi)

    @property
    def baseline(self) -> str:
        return wording.baseline_words(self.kpi)

    @property
    def freshness(self) -> str:
        return wording.freshness(self.standing)

    @property
    def provenance(self) -> str:
        """Where the number comes from; one of several days is as sure as the least sure of them."""
        days = [day for day in self.line if day.value is not None]
        now = self.days_of_now or days[-1:]
        return self.say_provenance(weakest(day.provenance for day in now)) if now else str(self.kpi.source)

    @property
    def days_of_now(self) -> list[Day]:
        return self.days_before(self.standing.current_on) if self.standing.current_over > 1 else []

    def days_before(self, last: date) -> list[Day]:
        """The known final ones of the week that ends on that day."""
        first = last - timedelta(days=WEEK - 1)
        return [day for day in self.line if first <= day.day <= last and day.value is not None and day.final]

    def say_provenance(self, code: str) -> str:
        return wording.provenance(str(self.kpi.source), code, is_counted=self.standing.is_counted)

    @property
    def figure(self) -> str:
        """The number as every other door writes it."""
        return say_value(self.standing.current, self.standing.unit)

    @property
    def unit(self) -> str:
        return wording.unit_words(self.standing.unit)

    @property
    def week(self):
        """The change in the seven days before the number that is shown; None when either day is missing. Of a mean day:
        against that of the week before; a ratio of sums does not follow from the line."""
        shown_on = self.standing.current_on
        if self.standing.current_over > 1:
            return self.change_of_means if self.standing.is_mean else None
        return change_over([day for day in self.line if shown_on and day.day <= shown_on], 7)

    @property
    def change_of_means(self) -> Decimal | None:
        before = self.days_before(self.standing.current_on - timedelta(days=WEEK))
        if len(before) < ENOUGH:
            return None
        return self.standing.current - sum(day.value for day in before) / len(before)

    @property
    def span(self) -> str:
        return wording.say_span(self.standing)

    @property
    def chance(self) -> str:
        return wording.say_chance(self.standing.chance)

    @property
    def weeks(self) -> list[Over]:
        """The whole weeks of the days that are shown, newest first."""
        if self.standing.series is None:
            return []
        spans = weeks_between(self.line[0].day, min(self.line[-1].day, self.standing.today))
        return values_over(self.standing.series, spans)[::-1]

    @property
    def retired(self) -> str:
        return wording.retirement(self.standing)

    @property
    def marks(self) -> list[str]:
        """What hangs over it besides its course, in a few words each."""
        return say_mark(self.mark)

    @property
    def guardrail(self) -> dict | None:
        """The number that must not get worse, as a mark, a word and a sentence."""
        guardrail = self.standing.guardrail
        if guardrail is None:
            return None
        mark, word = wording.guardrail_mark(guardrail.status)
        return {"mark": mark, "word": word, "sentence": wording.guardrail_sentence(guardrail)}

    @property
    def series_url(self) -> str:
        address = reverse("api:kpi_series", args=[self.kpi.pk])
        return f"{address}?from={self.line[0].day}&to={self.line[-1].day}"

    @property
    def strip(self) -> SafeString:
        return pictures.strip(self.standing, self.line)

    @property
    def target(self) -> str:
        return say_value(self.kpi.target, self.standing.unit) if self.kpi.target is not None else ""

    @property
    def began(self) -> str:
        return say_value(self.kpi.baseline, self.standing.unit) if self.kpi.baseline is not None else ""

    @property
    def due(self) -> str:
        near = self.kpi.due_on.year == self.standing.today.year
        return format_day(self.kpi.due_on, "short") + ("" if near else f" {self.kpi.due_on.year}")

    @property
    def pace(self) -> str:
        return wording.say_pace(self.standing) if self.standing.needed_per_day else ""

    @cached_property
    def wide(self) -> SafeString:
        return self.draw(pictures.WIDE)

    @cached_property
    def narrow(self) -> SafeString:
        return self.draw(pictures.NARROW)

    def draw(self, size: tuple[int, int]) -> SafeString:
        return pictures.draw(
            self.standing,
            self.line,
            size=size,
            last=self.last,
            ahead=self.ahead,
            notes=self.notes.marks,
            before=self.comparison.line if self.comparison else (),
        )

    @cached_property
    def ahead(self) -> list[Outlook]:
        """The band, where the picture reaches into the days to come."""
        if self.prospect is None or self.prospect.lookout is None or self.last is None:
            return []
        return self.prospect.lookout.band(min(self.last, self.prospect.on))

    @property
    def rows(self) -> list[dict]:
        """The line as a table, newest first."""
        return [
            {
                "day": day.day,
                "value": day.value,
                "final": day.final,
                "reason": say_reason(day.reason) if day.value is None else "",
                "provenance": self.say_provenance(day.provenance),
                "revised": say_revisions(self.revisions.get(day.day, ())),
                "notes": self.notes.on(day.day),
            }
            for day in reversed(self.line)
        ]


@dataclass(frozen=True)
class Drawn:
    """A card as it stands on the dashboard, drawn already."""

    standing: Standing
    html: SafeString

    @property
    def kpi(self) -> Kpi:
        return self.standing.kpi

    @property
    def status(self) -> str:
        return self.standing.status


@dataclass(frozen=True)
class Board:
    """A dashboard as one person sees it. `state` counts every KPI, also those that they hid."""

    project: Project
    cards: list[Drawn]
    hidden: list[Standing]
    found: list[Standing]
    step: Step | None
    in_force: Agreement | None
    has_sources: bool
    may_draft: bool
    arrangement: Arrangement = field(default_factory=Arrangement)

    @cached_property
    def html(self) -> SafeString:
        """All the cards."""
        return mark_safe("".join(card.html for card in self.cards))  # noqa: S308  rendered by a template

    @cached_property
    def state(self) -> dict:
        return state_of(self.found)

    @cached_property
    def hidden_words(self) -> str:
        return say_hidden(self.hidden)

    @cached_property
    def series_url(self) -> str:
        """Where a card's numbers are; the KPI's id takes the place of the 0."""
        days = f"from={self.first}&to={today_of(self.project)}"
        return f"{reverse('api:kpi_series', args=[0])}?{days}"

    @property
    def first(self) -> date:
        return first_day(self.arrangement, today_of(self.project), self.found)


def board_for(reader: User, pk: int, *, with_hidden: bool = False) -> Board | None:
    """The dashboard that the reader sees, put together anew only when something it rests on has changed; None when
    there is no such project for them."""
    stamp = stamp_of(reader, pk)
    if stamp is None:
        return None
    arrangement = arrangement_of(reader, pk)
    key = stamp, reader.pk, get_language(), arrangement, with_hidden
    board = BOARDS.get(key)
    if board is None:
        project = Project.objects.select_related("agency", "client").get(pk=pk)
        board = board_of(project, reader, arrangement, with_hidden=with_hidden)
        BOARDS.put(key, board)
    return board


def board_of(
    project: Project, reader: User, arrangement: Arrangement | None = None, *, with_hidden: bool = False
) -> Board:
    """The project's KPIs in the reader's own order, or those that need a hand first, each with its last days."""
    arrangement = arrangement or arrangement_of(reader, project.pk)
    found = arrangement.sorted(standings(for_standing(project.kpis.standing())))
    hidden = arrangement.left_out(found)
    shown = arrangement.shown(found) + (hidden if with_hidden else [])
    agreements = list(project.agreements.filter(withdrawn_at=None).prefetch_related("signatures")[:2])
    return Board(
        project=project,
        cards=draw_cards(shown, today_of(project), arrangement),
        hidden=hidden,
        found=found,
        step=next_step(project, reader, [standing.kpi for standing in found], agreements),
        in_force=next((agreement for agreement in agreements if agreement.in_force_at), None),
        has_sources=bool(found) or project.sources.exists(),
        may_draft=rules.can_draft_kpis(reader, project),
        arrangement=arrangement,
    )


def draw_cards(found: Sequence[Standing], today: date, arrangement: Arrangement | None = None) -> list[Drawn]:
    """The cards with their lines; only what has changed since it was last drawn is read and drawn again."""
    first = first_day(arrangement or Arrangement(), today, found)
    marks = marks_of([standing.kpi for standing in found])
    keys = {one.kpi.pk: (one.fingerprint, first, marks[one.kpi.pk].fingerprint) for one in found}
    drawn = {pk: DRAWN.get(key) for pk, key in keys.items()}
    new = [standing for standing in found if drawn[standing.kpi.pk] is None]
    lines = lines_of(new, first=first, last=today)
    for standing in new:
        pk = standing.kpi.pk
        card = Card(standing, lines[pk], mark=marks[pk])
        drawn[pk] = without_indents(render_to_string("kpis/_card.html", {"card": card}))
        DRAWN.put(keys[pk], drawn[pk])
    return [Drawn(standing, drawn[standing.kpi.pk]) for standing in found]


def rows_of(board: Board) -> list[Card]:
    """The same KPIs for a table: every number of the cards, and no line."""
    return [Card(drawn.standing, ()) for drawn in board.cards]


def first_day(arrangement: Arrangement, today: date, found: Sequence[Standing]) -> date:
    """The first of the days that the cards show; the whole term begins with the earliest KPI."""
    if arrangement.range.isdecimal():
        return today - timedelta(days=int(arrangement.range) - 1)
    return min((standing.kpi.starts_on for standing in found), default=today - timedelta(days=SHOWN_DAYS - 1))


def without_indents(html: SafeString) -> SafeString:
    """The same markup without the templates' indentation: a page holds many cards, a cache more."""
    return mark_safe(re.sub(r">\s*\n\s*<", "><", html.strip()))  # noqa: S308  rendered by a template


def card_of(kpi: Kpi, *, first: date, last: date, ahead_to: date | None = None) -> Card:
    [standing] = standings([kpi])
    revisions = revisions_of(standing.series.pk, first, last) if standing.series else {}
    line = lines_of([standing], first=first, last=last)[kpi.pk]
    return Card(standing, line, ahead_to, revisions, prospect_of(standing))


def page_card_of(kpi: Kpi, *, first: date, last: date, ahead_to: date | None = None, is_compared: bool = False) -> Card:
    """As `card_of`, with what else happened on its days, and, when it is asked for, the days before them."""
    card = card_of(kpi, first=first, last=last, ahead_to=ahead_to)
    compared = comparison_of(card.standing, first, last) if is_compared else None
    if ahead_to and ahead_to < kpi.due_on and not card.ahead:
        card = replace(card, last=None)  # nothing is foreseen: days to come would be empty
    return replace(card, notes=notes_of(kpi, first, max(last, first)), comparison=compared)

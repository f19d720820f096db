"""The project dashboard and a KPI's own page: what they show, in a constant number of queries."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from kpis import course, pictures, rules, wording
from kpis.kept import Kept
from kpis.models import Agreement, Kpi, Revision
from kpis.queries.agreements import Step, next_step
from kpis.queries.lines import SHOWN_DAYS, lines_of, say_reason
from kpis.queries.revisions import revisions_of, say_revisions
from kpis.queries.standings import Standing, for_standing, standings, state_of, today_of
from kpis.series import Day, change_over, latest
from projects.models import Project
from smmportal.people.models import User

#: About 3 KB a card: at most some 3 MB in each worker.
DRAWN: Kept[SafeString] = Kept(at_most=1000)


@dataclass(frozen=True)
class Card:
    """One KPI on a page: its standing, its line and everything that is said of them."""

    standing: Standing
    line: Sequence[Day]
    last: date | None = None
    revisions: Mapping[date, Sequence[Revision]] = field(default_factory=dict)

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
        now = latest(self.line)
        return wording.provenance(self.kpi.source.title, now.provenance) if now else self.kpi.source.title

    @property
    def unit(self) -> str:
        return wording.unit_words(self.standing.unit)

    @property
    def week(self):
        """The change in the seven days before the number that is shown; None when either day is missing."""
        shown_on = self.standing.current_on
        return change_over([day for day in self.line if shown_on and day.day <= shown_on], 7)

    @property
    def series_url(self) -> str:
        address = reverse("api:kpi_series", args=[self.kpi.pk])
        return f"{address}?from={self.line[0].day}&to={self.line[-1].day}"

    @cached_property
    def wide(self) -> SafeString:
        return pictures.draw(self.standing, self.line, size=pictures.WIDE, last=self.last)

    @cached_property
    def narrow(self) -> SafeString:
        return pictures.draw(self.standing, self.line, size=pictures.NARROW, last=self.last)

    @property
    def rows(self) -> list[dict]:
        """The line as a table, newest first."""
        return [
            {
                "day": day.day,
                "value": day.value,
                "final": day.final,
                "reason": say_reason(day.reason) if day.value is None else "",
                "provenance": wording.provenance(self.kpi.source.title, day.provenance),
                "revised": say_revisions(self.revisions.get(day.day, ())),
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
    cards: list[Drawn]
    step: Step | None
    in_force: Agreement | None
    has_sources: bool
    may_draft: bool

    @property
    def state(self) -> dict:
        return state_of(Counter(card.status for card in self.cards))


def board_of(project: Project, reader: User) -> Board:
    """The project's KPIs, those that need a hand first, each with its last 90 days."""
    found = standings(for_standing(project.kpis.standing()))
    found.sort(key=lambda standing: (course.STATUSES.index(standing.status), standing.kpi.pk))
    agreements = list(project.agreements.filter(withdrawn_at=None).prefetch_related("signatures")[:2])
    return Board(
        cards=draw_cards(found, today_of(project)),
        step=next_step(project, reader, [standing.kpi for standing in found], agreements),
        in_force=next((agreement for agreement in agreements if agreement.in_force_at), None),
        has_sources=bool(found) or project.sources.exists(),
        may_draft=rules.can_draft_kpis(reader, project),
    )


def draw_cards(found: Sequence[Standing], today: date) -> list[Drawn]:
    """The cards with their charts; only what has changed since it was last drawn is read and drawn again."""
    drawn = {standing.kpi.pk: DRAWN.get(standing.fingerprint) for standing in found}
    new = [standing for standing in found if drawn[standing.kpi.pk] is None]
    lines = lines_of(new, first=today - timedelta(days=SHOWN_DAYS - 1), last=today)
    for standing in new:
        html = without_indents(render_to_string("kpis/_card.html", {"card": Card(standing, lines[standing.kpi.pk])}))
        drawn[standing.kpi.pk] = html
        DRAWN.put(standing.fingerprint, html)
    return [Drawn(standing, drawn[standing.kpi.pk]) for standing in found]


def without_indents(html: SafeString) -> SafeString:
    """The same markup without the templates' indentation: a page holds many cards, a cache more."""
    return mark_safe(re.sub(r"\s*\n\s*", "\n", html))  # noqa: S308  rendered by a template


def card_of(kpi: Kpi, *, first: date, last: date, ahead_to: date | None = None) -> Card:
    [standing] = standings([kpi])
    revisions = revisions_of(standing.series.pk, first, last) if standing.series else {}
    return Card(standing, lines_of([standing], first=first, last=last)[kpi.pk], ahead_to, revisions)

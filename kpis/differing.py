"""What one agreement says otherwise than the one before it, KPI by KPI, in the reader's language."""

from dataclasses import dataclass

from kpis.terms import Term, text_of


@dataclass(frozen=True)
class Change:
    """`before` and `after` are the lines that only the older or only the newer text has; both sides of a new or a
    dropped KPI are its whole terms and nothing."""

    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def is_added(self) -> bool:
        return not self.before

    @property
    def is_dropped(self) -> bool:
        return not self.after


def changes_between(older: dict, newer: dict, replaced: dict[int, int]) -> list[Change]:
    """From one content to the next; `replaced` says which older KPI a newer one took over."""
    before = {term.kpi_id: term for term in text_of(older).terms}
    changes = []
    for term in text_of(newer).terms:
        old_id = term.kpi_id if term.kpi_id in before else replaced.get(term.kpi_id)
        was, now = lines_of(before.pop(old_id, None)), lines_of(term)
        if was != now:
            changes.append(Change(term.name, only(was, now), only(now, was)))
    return changes + [Change(term.name, lines_of(term), ()) for term in before.values()]


def lines_of(term: Term | None) -> tuple[str, ...]:
    return () if term is None else tuple(filter(None, (term.promise, term.goal, *term.lines)))


def only(lines: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for line in lines if line not in others)

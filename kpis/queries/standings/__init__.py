"""How KPIs stand today: each with its latest number and its status. Page, API, home page and reports read this."""

from kpis.queries.standings.gathering import for_page, for_standing, prospect_of, standings, today_of
from kpis.queries.standings.guardrails import Guardrail, guardrail_of
from kpis.queries.standings.losses import LOST, is_lost, is_retired, lost_formulas
from kpis.queries.standings.standing import GREEN, Standing
from kpis.queries.standings.states import board_states, state_of, word_of

__all__ = [
    "GREEN",
    "LOST",
    "Guardrail",
    "Standing",
    "board_states",
    "for_page",
    "for_standing",
    "guardrail_of",
    "is_lost",
    "is_retired",
    "lost_formulas",
    "prospect_of",
    "standings",
    "state_of",
    "today_of",
    "word_of",
]

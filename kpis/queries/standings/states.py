"""What a project's KPIs say together, in a word."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext as _

from kpis import course
from kpis.models import Kpi
from kpis.queries.standings.gathering import for_standing, standings
from kpis.queries.standings.standing import GREEN, Standing
from projects.models import Project


def board_states(projects: Sequence[Project]) -> dict[int, dict[str, dict]]:
    """For each project what its worst KPI says, in a word: `{"board": {"status", "word", "counts"}}`."""
    of_project: dict[int, list[Standing]] = defaultdict(list)
    kpis = Kpi.objects.filter(project__in=projects).standing()
    for standing in standings(for_standing(kpis)):
        of_project[standing.kpi.project_id].append(standing)
    return {project.pk: {"board": state_of(of_project[project.pk])} for project in projects}


def state_of(found: Sequence[Standing]) -> dict:
    """The worst status that any KPI has; unknown never hides behind green, and neither does a guardrail that fell."""
    counts = Counter(standing.status for standing in found)
    worst = next((status for status in course.STATUSES if counts[status]), "no_data")
    fell = sum(1 for standing in found if standing.guardrail_fell)
    if fell and worst in GREEN:
        word = _("guardrail worse: %(some)s of %(total)s") % {"some": fell, "total": len(found)}
        return {"status": "at_risk", "word": word, "counts": dict(counts)}
    return {"status": worst, "word": word_of(worst, counts), "counts": dict(counts)}


def word_of(worst: str, counts: Counter) -> str:
    total, some = sum(counts.values()), counts[worst]
    if not total:
        return _("no KPIs yet")
    words = {
        "off_track": _("off course: %(some)s of %(total)s"),
        "at_risk": _("at risk: %(some)s of %(total)s"),
        "source_lost": _("source lost: %(some)s of %(total)s"),
        "no_data": _("no numbers: %(some)s of %(total)s"),
        "no_target": _("no target: %(some)s of %(total)s"),
    }
    return words.get(worst, _("all on course")) % {"some": some, "total": total}

"""The brief templates on offer: the portal's own and the agency's."""

from django.utils.translation import gettext as _

from projects.models import BriefTemplate
from projects.queries.briefs import Progress
from projects.questionnaire import SHIPPED, minutes_of, questions_of


def shipped_name(tier: str) -> str:
    return {"quick": _("Quick brief"), "full": _("Full brief")}[tier]


def size_of(form: dict) -> Progress:
    """How many questions a form has at most, and how long they take."""
    questions = list(questions_of(form))
    return Progress(done=0, total=len(questions), minutes=sum(minutes_of(question) for question in questions))


def shipped_templates() -> list[dict]:
    return [{"tier": tier, "name": shipped_name(tier), "size": size_of(form)} for tier, form in SHIPPED.items()]


def templates_offered(agencies) -> list[tuple[str, str]]:
    """What a new project of these agencies may begin with, as (value, words): the quick brief first."""
    shipped = [(entry["tier"], spoken_size(entry["name"], entry["size"])) for entry in shipped_templates()]
    own = BriefTemplate.objects.in_use().filter(agency__in=agencies)
    return [*shipped, *((str(template.pk), spoken_size(template.name, size_of(template.form))) for template in own)]


def spoken_size(name: str, size: Progress) -> str:
    said = _("%(name)s: %(total)s questions, about %(minutes)s minutes")
    return said % {"name": name, "total": size.total, "minutes": size.rough_minutes}

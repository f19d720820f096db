"""Which objects of the project can come from which answers of the brief."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from projects.models import Competitor, Contact, ForbiddenTopic, Goal, MaterialRequest, Task
from projects.models.knowledge import Known
from projects.origins import Kind, Place, register
from projects.rules import acts_in


def known(code: str, slug: str, model: type[Known], **words: object) -> Kind:
    """A line of «What we know»: the answer says all of it."""
    return Kind(
        code,
        rows=lambda project: model.objects.filter(project=project),
        begin=lambda place: reverse("projects:known_from_brief", args=[project_of(place), slug]),
        may=acts_in,
        at_once=True,
        **words,
    )


def project_of(place: Place) -> int:
    return place.version.brief.project_id


register(
    Kind(
        "goal",
        keys=("D1", "D2"),
        button=_("Make it a goal"),
        became=_("Became the goal"),
        rows=lambda project: Goal.objects.filter(project=project),
        begin=lambda place: reverse("projects:new_goal", args=[project_of(place)]),
        may=acts_in,
    ),
    known(
        "competitor",
        "competitors",
        Competitor,
        keys=("F1", "F2"),
        button=_("Add to competitors"),
        became=_("Among the competitors"),
    ),
    known(
        "contact",
        "contacts",
        Contact,
        keys=("A4", "A5", "J4"),
        button=_("Add to contacts"),
        became=_("Among the contacts"),
    ),
    known(
        "forbidden_topic",
        "forbidden-topics",
        ForbiddenTopic,
        keys=("G3",),
        button=_("Add to forbidden topics"),
        became=_("Among the forbidden topics"),
    ),
    Kind(
        "material",
        keys=("C5", "G2", "H1"),
        button=_("Ask for the material"),
        became=_("Asked for"),
        rows=lambda project: MaterialRequest.objects.filter(project=project),
        begin=lambda place: reverse("projects:new_material", args=[project_of(place)]),
        may=acts_in,
    ),
    Kind(
        "task",
        keys=(),
        button=_("Give the client a task"),
        became=_("Became the task"),
        rows=lambda project: Task.objects.filter(project=project),
        begin=lambda place: reverse("projects:task_from_brief", args=[project_of(place)]),
        may=acts_in,
        at_once=True,
        from_unknown=True,
    ),
)

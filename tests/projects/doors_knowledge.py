"""Who gets what at what we know, at the materials, and at what is made of an answer."""

from projects import actions
from projects.models import Competitor, Contact, ForbiddenTopic, MaterialRequest
from tests.builders import Cast, make_competitor, make_contact, make_forbidden_topic, make_material
from tests.doors import Door, of_nothing
from tests.projects.conftest import answered_in_full
from tests.projects.roles import ACTS, RUNS, only


def with_full_version(cast: Cast) -> None:
    """The full tier, submitted; what the budget is the client does not know."""
    actions.submit_brief(answered_in_full(cast, {}), by=cast.contact)


def of_full_version(cast: Cast) -> list:
    with_full_version(cast)
    return [cast.project.pk]


def in_full_version(kind: str):
    return lambda cast: [*of_full_version(cast), kind]


def of_material(cast: Cast) -> list:
    return [cast.get(MaterialRequest).pk]


def of_delivered(cast: Cast) -> list:
    return [actions.deliver_material(make_material(cast), by=cast.contact).pk]


KINDS = {
    "competitors": (Competitor, make_competitor, {"name": "Brew"}, "F1.0"),
    "contacts": (Contact, make_contact, {"name": "Boris", "duty": "daily", "side": "client"}, "A4"),
    "forbidden-topics": (ForbiddenTopic, make_forbidden_topic, {"text": "Sleep"}, "G3.0"),
}


def doors_of(kind: str) -> list[Door]:
    model, make, words, place = KINDS[kind]
    name = model._meta.verbose_name.replace(" ", "_")

    def of_row(cast: Cast) -> list:
        return [make(cast).pk]

    def in_kind(cast: Cast) -> list:
        return [kind, make(cast).pk]

    return [
        Door("projects:new_known", args=lambda cast: [cast.project.pk, kind], expects=only(*ACTS, status=200)),
        Door(
            "projects:new_known",
            "post",
            args=lambda cast: [cast.project.pk, kind],
            data=lambda cast: words,
            expects=only(*ACTS, status=302),
        ),
        Door(
            "projects:known_from_brief",
            "post",
            args=in_full_version(kind),
            query=f"?from={place}",
            expects=only(*ACTS, status=302),
        ),
        Door("projects:edit_known", args=in_kind, expects=only(*ACTS, status=200)),
        Door("projects:edit_known", "post", args=in_kind, data=lambda cast: words, expects=only(*ACTS, status=302)),
        Door("projects:known_removal", "post", args=in_kind, expects=only(*ACTS, status=302)),
        Door(f"api:{name}s", args=of_nothing, outside=200),
        Door(
            f"api:{name}s",
            "post",
            args=of_nothing,
            data=lambda cast: {"project": cast.project.pk, **words},
            expects=only(*ACTS, status=201),
        ),
        Door(f"api:{name}", args=of_row),
        Door(f"api:{name}", "patch", args=of_row, data=lambda cast: words, expects=only(*ACTS, status=200)),
        Door(f"api:{name}", "delete", args=of_row, expects=only(*ACTS, status=204)),
    ]


ASKED = {"what": "The logo", "side": "client"}
MATERIALS = [
    Door("projects:materials"),
    Door("projects:new_material", args=of_full_version, query="?from=H1.0", expects=only(*ACTS, status=200)),
    Door("projects:new_material", "post", data=lambda cast: ASKED, expects=only(*ACTS, status=302)),
    Door("projects:edit_material", args=of_material, expects=only(*ACTS, status=200)),
    Door("projects:edit_material", "post", args=of_material, data=lambda cast: ASKED, expects=only(*ACTS, status=302)),
    Door("projects:material_delivery", "post", args=of_material, expects=only(*ACTS, status=302)),
    Door("projects:material_undelivery", "post", args=of_delivered, expects=only(*ACTS, status=302)),
    Door("projects:material_removal", "post", args=of_material, expects=only(*ACTS, status=302)),
    Door("api:materials", args=of_nothing, outside=200),
    Door(
        "api:materials",
        "post",
        args=of_nothing,
        data=lambda cast: {"project": cast.project.pk, **ASKED},
        expects=only(*ACTS, status=201),
    ),
    Door("api:material", args=of_material),
    Door("api:material", "patch", args=of_material, data=lambda cast: ASKED, expects=only(*ACTS, status=200)),
    Door("api:material", "delete", args=of_material, expects=only(*ACTS, status=204)),
    Door("api:material_delivery", "post", args=of_material, expects=only(*ACTS, status=201)),
    Door("api:material_delivery", "delete", args=of_delivered, expects=only(*ACTS, status=204)),
]
BEGINNING = [
    Door("projects:knowledge"),
    Door("projects:task_from_brief", "post", args=of_full_version, query="?from=K1", expects=only(*ACTS, status=302)),
    Door(
        "projects:activation",
        "post",
        data=lambda cast: {"reason": "The season begins."},
        expects=only(*RUNS, status=302),
    ),
    Door(
        "api:project_activation",
        "post",
        data=lambda cast: {"reason": "The season begins."},
        expects=only(*RUNS, status=201),
    ),
]
KNOWLEDGE_DOORS = [*BEGINNING, *MATERIALS, *(door for kind in KINDS for door in doors_of(kind))]

"""Who gets what at every page and every operation of the project, its brief and goals."""

from projects import actions
from projects.models import Brief, Goal
from projects.questionnaire import new_form, questions_of
from tests.builders import Cast, make_goal
from tests.doors import Door, everyone_inside, of_nothing
from tests.needs import has_pango
from tests.projects import doors_tasks
from tests.projects.conftest import sample, understandings
from tests.projects.doors_goal_life import GOAL_LIFE_DOORS
from tests.projects.doors_knowledge import KNOWLEDGE_DOORS
from tests.projects.roles import ACTS, AGENCY, CLIENT, DECIDES, FILLS, RUNS, SUBMITS, only


def brief_of(cast: Cast) -> Brief:
    return Brief.objects.get_or_create(project=cast.project, defaults={"form": new_form()})[0]


def with_brief(cast: Cast) -> list:
    return [brief_of(cast).project_id]


def filled(cast: Cast) -> Brief:
    brief = brief_of(cast)
    for question in questions_of(brief.form):
        actions.save_answer(brief, question["key"], value=sample(question), revision=0, by=cast.contact)
    return brief


def with_filled_brief(cast: Cast) -> list:
    return [filled(cast).project_id]


def submitted(cast: Cast):
    return actions.submit_brief(filled(cast), by=cast.contact)


def with_version(cast: Cast) -> list:
    submitted(cast)
    return [cast.project.pk]


def with_version_number(cast: Cast) -> list:
    return [cast.project.pk, submitted(cast).number]


def with_two_versions(cast: Cast) -> list:
    first = submitted(cast)
    actions.save_answer(first.brief, "A1", value="Tea too.", revision=1, by=cast.contact)
    return [cast.project.pk, actions.submit_brief(first.brief, by=cast.contact).number]


def with_draft_debrief(cast: Cast) -> list:
    version = submitted(cast)
    actions.write_understanding(version, texts=understandings(version), by=cast.manager)
    return [cast.project.pk]


def with_shared_debrief(cast: Cast) -> list:
    version = submitted(cast)
    debrief = actions.write_understanding(version, texts=understandings(version), by=cast.manager)
    actions.share_debrief(debrief, by=cast.manager)
    return [cast.project.pk]


def of_goal(cast: Cast) -> list:
    return [cast.get(Goal).pk]


def of_proposed_goal(cast: Cast) -> list:
    return [actions.propose_goal(make_goal(cast), by=cast.manager).pk]


def goal_words(cast: Cast) -> dict:
    return {"statement": "Twelve thousand followers", "revision": 1}


PROJECTS = [
    Door("projects:list", args=of_nothing, outside=200),
    Door(
        "projects:new",
        args=of_nothing,
        expects={**everyone_inside(403), "owner": 200, "manager": 200, "stranger": 200},
    ),
    Door(
        "projects:new",
        "post",
        args=of_nothing,
        data=lambda cast: {"name": "Tea", "client_name": "Dairy", "timezone": "Europe/Moscow"},
        expects={**everyone_inside(403), "owner": 302, "manager": 302, "stranger": 302},
    ),
    Door("projects:edit", expects=only(*RUNS, status=200)),
    Door(
        "projects:edit",
        "post",
        data=lambda cast: {"name": "Tea", "timezone": "Europe/Moscow", "minutes_days": 3},
        expects=only(*RUNS, status=302),
    ),
    Door("projects:closure", "post", expects=only(*RUNS, status=302)),
    Door("projects:reopening", "post", expects=only(*RUNS, status=302)),
]

BRIEF = [
    Door("projects:brief", args=with_brief),
    Door("projects:brief", args=with_version),
    Door("projects:brief_section", args=lambda cast: [*with_brief(cast), "D"], expects=only(*FILLS, status=200)),
    Door(
        "projects:brief_section",
        "post",
        args=lambda cast: [*with_brief(cast), "A"],
        data=lambda cast: {"A1": "We roast coffee.", "revision-A1": "0"},
        inside=302,
        expects=only(*FILLS, status=302),
    ),
    Door(
        "projects:brief_answer",
        "post",
        args=lambda cast: [*with_brief(cast), "A1"],
        data=lambda cast: {"unknown": "yes"},
        expects=only(*FILLS, status=302),
    ),
    Door("projects:brief_extension", "post", args=with_brief, expects=only(*FILLS, status=302)),
    Door("projects:brief_submission", "post", args=with_filled_brief, expects=only(*SUBMITS, status=302)),
    Door("projects:brief_version", args=with_version_number),
    Door("projects:brief_blank", args=with_brief),
    Door("projects:brief_json", args=with_version_number),
    Door("projects:brief_docx", args=with_version_number),
    Door("api:brief_docx", args=with_version_number),
    Door("api:brief_pdf", args=with_version_number, inside=200 if has_pango() else 409),
    Door("projects:brief_pdf", args=with_version_number, inside=200 if has_pango() else 302),
    Door("projects:brief_difference", args=with_two_versions, query="?from=1"),
]

DEBRIEF = [
    Door("projects:debrief"),
    Door("projects:debrief", args=with_draft_debrief),
    Door("projects:debrief", args=with_shared_debrief),
    Door(
        "projects:debrief",
        "post",
        args=with_version,
        data=lambda cast: {"A": "You roast coffee.", "revision-A": "1"},
        expects=only(*AGENCY, status=302),
    ),
    Door(
        "projects:debrief_sharing",
        "post",
        args=with_draft_debrief,
        expects={**only(*RUNS, status=302), **dict.fromkeys(CLIENT, 404)},
    ),
    Door(
        "projects:debrief_remark",
        "post",
        args=lambda cast: [*with_shared_debrief(cast), "A"],
        data=lambda cast: {"text": "Not only that."},
        expects=only(*SUBMITS, status=302),
    ),
    Door(
        "projects:debrief_confirmation",
        "post",
        args=with_shared_debrief,
        data=lambda cast: {"seen": "1"},
        expects=only("decider", status=302),
    ),
]

GOALS = [
    Door("projects:goals"),
    Door("projects:new_goal", expects=only(*ACTS, status=200)),
    Door("projects:new_goal", "post", data=goal_words, expects=only(*ACTS, status=302)),
    Door("projects:goal_check", "post", data=goal_words, expects=only(*ACTS, status=200)),
    Door("projects:goal", args=of_goal),
    Door("projects:goal", args=of_proposed_goal),
    Door("projects:edit_goal", args=of_goal, expects=only(*ACTS, status=200)),
    Door("projects:edit_goal", "post", args=of_goal, data=goal_words, expects=only(*ACTS, status=302)),
    Door("projects:goal_proposal", "post", args=of_goal, expects=only(*DECIDES, status=302)),
    Door(
        "projects:goal_agreement",
        "post",
        args=of_proposed_goal,
        data=lambda cast: {"revision": "1"},
        expects=only("decider", status=302),
    ),
    Door("projects:goal_removal", "post", args=of_goal, expects=only(*ACTS, status=302)),
]

API_PROJECTS = [
    Door("api:projects", args=of_nothing, outside=200),
    Door(
        "api:projects",
        "post",
        args=of_nothing,
        data=lambda cast: {"name": "Tea", "client": cast.client.pk, "agency": cast.agency.pk},
        outside=400,
        inside=400,
        expects={"owner": 201, "manager": 201},
    ),
    Door("api:project"),
    Door("api:project", "patch", data=lambda cast: {"name": "Tea"}, expects=only(*RUNS, status=200)),
    Door("api:project_closure", "post", expects=only(*RUNS, status=200)),
    Door("api:project_closure", "delete", expects=only(*RUNS, status=204)),
]

API_BRIEF = [
    Door("api:brief", args=with_brief),
    Door("api:brief_answer", args=lambda cast: [*with_filled_brief(cast), "A1"]),
    Door(
        "api:brief_answer",
        "put",
        args=lambda cast: [*with_brief(cast), "A1"],
        data=lambda cast: {"value": "We roast coffee.", "revision": 0},
        expects=only(*FILLS, status=200),
    ),
    Door("api:brief_extension", "post", args=with_brief, expects=only(*FILLS, status=201)),
    Door("api:brief_submission", "post", args=with_filled_brief, expects=only(*SUBMITS, status=201)),
    Door("api:brief_versions", args=with_version),
    Door("api:brief_version", args=with_version_number),
    Door("api:brief_difference", args=with_two_versions, query="?from=1"),
    Door("api:debrief", args=with_draft_debrief, expects=only(*AGENCY, status=200, others=404)),
    Door("api:debrief", args=with_shared_debrief),
    Door(
        "api:debrief",
        "patch",
        args=with_version,
        data=lambda cast: {"texts": {"A": "You roast coffee."}},
        expects=only(*AGENCY, status=200),
    ),
    Door(
        "api:debrief_sharing",
        "post",
        args=with_draft_debrief,
        expects={**only(*RUNS, status=201), **dict.fromkeys(CLIENT, 404)},
    ),
    Door("api:debrief_remarks", args=with_shared_debrief),
    Door(
        "api:debrief_remarks",
        "post",
        args=with_shared_debrief,
        data=lambda cast: {"section": "A", "text": "Not only that."},
        expects=only(*SUBMITS, status=201),
    ),
    Door(
        "api:debrief_confirmation",
        "post",
        args=with_shared_debrief,
        data=lambda cast: {"shared_count": 1},
        expects=only("decider", status=201),
    ),
]

API_GOALS = [
    Door("api:goals", args=of_nothing, outside=200),
    Door(
        "api:goals",
        "post",
        args=of_nothing,
        data=lambda cast: {"project": cast.project.pk, "statement": "Twelve thousand followers"},
        expects=only(*ACTS, status=201),
    ),
    Door(
        "api:goal_check",
        "post",
        args=of_nothing,
        data=lambda cast: {"text": "+20 %", "language": "en", "project": cast.project.pk},
    ),
    Door("api:goal", args=of_goal),
    Door("api:goal", "patch", args=of_goal, data=goal_words, expects=only(*ACTS, status=200)),
    Door("api:goal", "delete", args=of_goal, expects=only(*ACTS, status=204)),
    Door("api:goal_proposal", "post", args=of_goal, expects=only(*DECIDES, status=201)),
    Door(
        "api:goal_agreement",
        "post",
        args=of_proposed_goal,
        data=lambda cast: {"revision": 1},
        expects=only("decider", status=201),
    ),
]

from tests.projects import doors_templates  # noqa: E402  it borrows the rows above

DOORS = [
    *doors_templates.DOORS,
    *GOAL_LIFE_DOORS,
    *PROJECTS,
    *BRIEF,
    *DEBRIEF,
    *GOALS,
    *API_PROJECTS,
    *API_BRIEF,
    *API_GOALS,
    *doors_tasks.DOORS,
    *KNOWLEDGE_DOORS,
]

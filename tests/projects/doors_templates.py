"""Who gets what at the brief's templates, its files and the links by which colleagues answer."""

from django.core.files.uploadedfile import SimpleUploadedFile

from projects import actions
from projects.models import AnswerFile, Brief, BriefTemplate, Delegation
from projects.questionnaire import FULL, new_form
from tests.builders import Cast, make_delegation, make_template
from tests.doors import ROLES, Door, everyone, of_nothing
from tests.projects.doors import FILLS, RUNS, only

#: An agency's own people, whether or not they are on the project's team.
AGENCY = ("owner", "manager", "specialist", "colleague")


def of_agency(status: int, *, editing: int | None = None) -> dict[str, int]:
    """The agency's people get `status` (its owners and managers `editing`), everybody else 404."""
    answers = {**dict.fromkeys(ROLES[1:], 404), **dict.fromkeys(AGENCY, status)}
    return {**answers, **dict.fromkeys(RUNS, editing or status)}


def of_template(cast: Cast) -> list:
    return [cast.get(BriefTemplate).pk]


def of_archived(cast: Cast) -> list:
    return [actions.archive_template(make_template(cast), by=cast.manager).pk]


def of_section(cast: Cast) -> list:
    return [*of_template(cast), "A"]


def of_question(cast: Cast) -> list:
    return [*of_template(cast), "A4"]


def of_free_section(cast: Cast) -> list:
    """A section whose removal leaves questions behind."""
    template = cast.get(BriefTemplate)
    first = template.form["sections"][0]
    second = {**first, "key": "B", "questions": [{**first["questions"][0], "key": "B1"}]}
    template.form["sections"].append(second)
    template.save()
    return [template.pk, "B"]


def question_words(_cast: Cast) -> dict:
    return {"type": "text", "label_en": "What do you drink?", "minutes": "1", "revision": "1"}


TEMPLATES = [
    Door("projects:templates", args=of_nothing, expects={**of_agency(200), "stranger": 200}),
    Door(
        "projects:templates",
        "post",
        args=of_nothing,
        data=lambda cast: {"source": "quick", "name": "Coffee shops"},
        expects={**of_agency(403, editing=302), "stranger": 302},
    ),
    Door("projects:template", args=of_template, expects=of_agency(200)),
    Door("projects:template", args=of_archived, expects=of_agency(200)),
    Door(
        "projects:template",
        "post",
        args=of_template,
        data=lambda cast: {"name": "Tea shops", "revision": "1"},
        expects=of_agency(403, editing=302),
    ),
    Door("projects:template_archiving", "post", args=of_template, expects=of_agency(403, editing=302)),
    Door("projects:template_restoration", "post", args=of_archived, expects=of_agency(403, editing=302)),
    Door("projects:template_preview", args=of_template, expects=of_agency(200)),
    Door("projects:shipped_preview", args=lambda cast: ["full"], expects={**of_agency(200), "stranger": 200}),
    Door("projects:template_sections", args=of_template, expects=of_agency(403, editing=200)),
    Door(
        "projects:template_sections",
        "post",
        args=of_template,
        data=lambda cast: {"title_en": "Drinks", "revision": "1"},
        expects=of_agency(403, editing=302),
    ),
    Door("projects:template_section", args=of_section, expects=of_agency(403, editing=200)),
    Door(
        "projects:template_section",
        "post",
        args=of_section,
        data=lambda cast: {"title_en": "Drinks", "revision": "1"},
        expects=of_agency(403, editing=302),
    ),
    Door(
        "projects:section_place",
        "post",
        args=of_section,
        data=lambda cast: {"step": "up", "revision": "1"},
        expects=of_agency(403, editing=302),
    ),
    Door(
        "projects:section_removal",
        "post",
        args=of_free_section,
        data=lambda cast: {"revision": "1"},
        expects=of_agency(403, editing=302),
    ),
    Door("projects:template_new_question", args=of_section, query="?type=table", expects=of_agency(403, editing=200)),
    Door(
        "projects:template_new_question",
        "post",
        args=of_section,
        data=question_words,
        expects=of_agency(403, editing=302),
    ),
    Door("projects:template_question", args=of_question, expects=of_agency(403, editing=200)),
    Door(
        "projects:template_question", "post", args=of_question, data=question_words, expects=of_agency(403, editing=302)
    ),
    Door(
        "projects:question_place",
        "post",
        args=of_question,
        data=lambda cast: {"step": "up", "revision": "1"},
        expects=of_agency(403, editing=302),
    ),
    Door(
        "projects:question_removal",
        "post",
        args=of_question,
        data=lambda cast: {"revision": "1"},
        expects=of_agency(403, editing=302),
    ),
    Door("api:templates", args=of_nothing, outside=200),
    Door(
        "api:templates",
        "post",
        args=of_nothing,
        data=lambda cast: {"agency": cast.agency.pk, "name": "Coffee shops"},
        inside=400,
        outside=400,
        expects=dict.fromkeys(RUNS, 201),
    ),
    Door("api:shipped_templates", args=of_nothing, outside=200),
    Door("api:template", args=of_template, expects=of_agency(200)),
    Door(
        "api:template",
        "patch",
        args=of_template,
        data=lambda cast: {"name": "Tea shops", "revision": 1},
        expects=of_agency(403, editing=200),
    ),
    Door("api:template", "delete", args=of_template, expects=of_agency(403, editing=204)),
    Door("api:template_restoration", "post", args=of_archived, expects=of_agency(403, editing=201)),
]


def with_full_brief(cast: Cast) -> list:
    brief = Brief.objects.get_or_create(project=cast.project, defaults={"form": new_form(FULL)})[0]
    cast.made[Brief] = brief
    return [brief.project_id]


def paper(_cast: Cast | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("logo.svg", b"<svg onload='alert(1)'/>", "image/svg+xml")


def with_file(cast: Cast) -> list:
    with_full_brief(cast)
    if AnswerFile not in cast.made:
        brief = cast.get(Brief)
        cast.made[AnswerFile] = actions.add_file(brief, "G2", file=paper(), by=cast.contact)
    return [cast.project.pk, cast.get(AnswerFile).pk]


FILES = [
    Door("projects:answer_file", args=with_file),
    Door(
        "projects:answer_files",
        "post",
        args=lambda cast: [*with_full_brief(cast), "G2"],
        data=lambda cast: {"revision-G2": "0", "G2": "", "file-G2": paper()},
        expects=only(*FILLS, status=302),
    ),
    Door("projects:answer_file_removal", "post", args=with_file, expects=only(*FILLS, status=302)),
    Door("api:answer_file", args=with_file),
    Door("api:answer_file", "delete", args=with_file, expects=only(*FILLS, status=204)),
    Door(
        "api:answer_files",
        "post",
        args=lambda cast: [*with_full_brief(cast), "G2"],
        data=lambda cast: {"file": paper()},
        form="multipart",
        expects=only(*FILLS, status=201),
    ),
]


def with_delegation(cast: Cast) -> list:
    with_full_brief(cast)
    return [cast.project.pk, cast.get(Delegation).pk]


def by_link(cast: Cast, **fields) -> list:
    with_full_brief(cast)
    return [make_delegation(cast, section="G", **fields).secret]


def with_linked_file(cast: Cast) -> list:
    number = with_file(cast)[1]
    return [*by_link(cast), number]


def colleague(_cast: Cast) -> dict:
    return {"section": "A", "name": "Pyotr", "email": "pyotr@client.example", "language": "ru"}


#: A link knows nobody: whoever has it is the colleague, whoever they are logged in as.
DELEGATIONS = [
    Door("projects:delegations", args=with_full_brief),
    Door("projects:delegations", "post", args=with_full_brief, data=colleague, expects=only(*FILLS, status=200)),
    Door("projects:delegation_revocation", "post", args=with_delegation, expects=only(*FILLS, status=302)),
    Door("api:delegations", args=with_full_brief),
    Door("api:delegations", "post", args=with_full_brief, data=colleague, expects=only(*FILLS, status=201)),
    Door("api:delegation", "delete", args=with_delegation, expects=only(*FILLS, status=204)),
    Door("projects:delegated", args=by_link, expects=everyone(200)),
    Door("projects:delegated", args=lambda cast: ["never-issued"], expects=everyone(404)),
    Door(
        "projects:delegated",
        "post",
        args=by_link,
        data=lambda cast: {"G1": "Kindly.", "revision-G1": "0"},
        expects=everyone(302),
        is_public=True,
    ),
    Door("projects:delegated_beginning", "post", args=by_link, expects=everyone(302), is_public=True),
    Door("projects:delegated_handing_in", "post", args=by_link, expects=everyone(200)),
    Door(
        "projects:delegated_answer",
        "post",
        args=lambda cast: [*by_link(cast), "G1"],
        data=lambda cast: {"unknown": "yes"},
        expects=everyone(302),
        is_public=True,
    ),
    Door(
        "projects:delegated_answer",
        "post",
        args=lambda cast: [*by_link(cast), "A1"],
        data=lambda cast: {"unknown": "yes"},
        expects=everyone(404),
    ),
    Door(
        "projects:delegated_files",
        "post",
        args=lambda cast: [*by_link(cast), "G2"],
        data=lambda cast: {"revision-G2": "0", "G2": "", "file-G2": paper()},
        expects=everyone(302),
        is_public=True,
    ),
    Door("projects:delegated_file", args=with_linked_file, expects=everyone(200)),
    Door("projects:delegated_file_removal", "post", args=with_linked_file, expects=everyone(302), is_public=True),
]

DOORS = [*TEMPLATES, *FILES, *DELEGATIONS]

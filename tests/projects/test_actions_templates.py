"""An agency's own forms, and that what runs is never touched by them."""

import copy
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied

from projects import actions, blueprint
from projects.models import Brief, BriefTemplate, Project
from projects.questionnaire import FULL, QUICK, find_question, questions_of
from smmportal.audit import AuditEntry
from smmportal.facts import canonical
from smmportal.people.models import Organisation
from smmportal.refusals import Refused
from tests.builders import make_template


@pytest.fixture
def template(cast) -> BriefTemplate:
    return actions.copy_template(cast.agency, source="full", name="Coffee shops", by=cast.manager)


def rename(label: str):
    """A change of the words of A1."""

    def change(form: dict) -> dict:
        question = {**find_question(form, "A1"), "label": {"ru": label, "en": label}}
        return blueprint.replace_question(form, key="A1", question=question)

    return change


def edit(template, change, *, by, revision=None):
    return actions.edit_template(template, revision=revision or template.revision, change=change, by=by)


def open_project(cast, template="quick", **fields) -> Brief:
    project = actions.create_project(
        cast.agency, client=cast.client, name="Tea", by=cast.manager, template=template, **fields
    )
    return Brief.objects.get(project=project)


def test_a_copy_of_the_portals_form_is_the_agencys_own(cast, template):
    assert (template.name, template.agency, template.revision) == ("Coffee shops", cast.agency, 1)
    assert template.form == {"tier": "own", "sections": FULL["sections"]}
    entry = AuditEntry.objects.get(verb="template.copied")
    assert (entry.by, entry.facts) == (cast.manager, {"name": "Coffee shops", "source": "full"})


def test_a_copy_of_a_template_lives_its_own_life(cast, template):
    other = actions.copy_template(cast.agency, source=template, name="Tea shops", by=cast.owner)
    edit(other, rename("Otherwise"), by=cast.owner)
    template.refresh_from_db()
    assert find_question(template.form, "A1") == find_question(FULL, "A1")


def test_another_agencys_template_is_not_copied(cast, template, stranger):
    theirs = stranger.memberships.get().organisation
    with pytest.raises(Refused) as refusal:
        actions.copy_template(theirs, source=template, name="Stolen", by=stranger)
    assert refusal.value.code == "foreign-template"


@pytest.mark.parametrize("role", ["specialist", "colleague", "decider", "contact", "viewer", "stranger", "neighbour"])
def test_only_those_who_run_the_agency_change_its_templates(cast, template, role):
    person = getattr(cast, role)
    for verb in (
        partial(actions.copy_template, cast.agency, source="quick", name="Mine"),
        partial(actions.edit_template, template, revision=1, name="Mine"),
        partial(actions.archive_template, template),
        partial(actions.restore_template, template),
    ):
        with pytest.raises(PermissionDenied):
            verb(by=person)
    assert list(BriefTemplate.objects.values_list("name", "revision", "archived_at")) == [("Coffee shops", 1, None)]


def test_who_sees_an_agencys_templates(cast, template):
    seen = {
        role
        for role in (*cast.INSIDE, *cast.OUTSIDE)
        if BriefTemplate.objects.visible_to(getattr(cast, role)).filter(pk=template.pk).exists()
    }
    assert seen == {"owner", "manager", "specialist", "colleague"}


def test_of_two_editors_the_second_is_told_and_loses_nothing(cast, template):
    edit(template, rename("The owner's"), by=cast.owner, revision=1)
    with pytest.raises(Refused) as refusal:
        edit(template, rename("The manager's"), by=cast.manager, revision=1)
    assert (refusal.value.code, refusal.value.extra) == ("changed-meanwhile", {"revision": 2})
    template.refresh_from_db()
    assert find_question(template.form, "A1")["label"]["en"] == "The owner's"
    again = edit(template, rename("The manager's"), by=cast.manager, revision=2)
    assert (again.revision, again.edited_by) == (3, cast.manager)


def test_an_edit_that_changes_nothing_is_none(cast, template):
    assert edit(template, lambda form: form, by=cast.manager).revision == 1
    assert AuditEntry.objects.filter(verb="template.edited").count() == 0


def test_nonsense_is_refused_in_a_sentence(cast, template):
    with pytest.raises(Refused, match="Question A1 has a type that nobody knows") as refusal:
        edit(
            template,
            partial(blueprint.replace_question, key="A1", question={"type": "x", "label": {"en": "y"}}),
            by=cast.owner,
        )
    assert refusal.value.code == "unclear-form"


def test_what_others_wait_for_is_not_removed_and_they_are_named(cast, template):
    with pytest.raises(Refused) as refusal:
        edit(template, partial(blueprint.remove_question, key="I2"), by=cast.manager)
    label = find_question(FULL, "I3")["label"]["en"]
    assert (refusal.value.code, refusal.value.extra) == ("still-needed", {"keys": ["I3"]})
    assert refusal.value.sentence == (f"It can't go yet: these questions are asked only after its answers. “{label}”")


def test_a_template_that_is_put_away_comes_back_as_it_was(cast, template):
    actions.archive_template(template, by=cast.manager)
    actions.archive_template(template, by=cast.manager)
    assert not BriefTemplate.objects.in_use().exists()
    with pytest.raises(Refused, match="in the archive"):
        edit(template, rename("Too late"), by=cast.manager)
    actions.restore_template(template, by=cast.owner)
    assert BriefTemplate.objects.in_use().get() == template
    verbs = AuditEntry.objects.order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["template.copied", "template.archived", "template.restored"]


# --- Projects -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("template", "form"), [("quick", QUICK), ("full", FULL)])
def test_a_project_takes_one_of_the_portals_forms(cast, template, form):
    assert open_project(cast, template).form == form


def test_without_a_choice_it_is_the_quick_one(cast):
    project = actions.create_project(cast.agency, client=cast.client, name="Tea", by=cast.manager)
    assert project.brief.form == QUICK


def test_a_running_brief_stays_byte_for_byte_whatever_becomes_of_its_template(cast, template):
    brief = open_project(cast, template)
    actions.save_answer(brief, "A1", value="We roast coffee.", revision=0, by=cast.contact)
    before = canonical(Brief.objects.values("form").get(pk=brief.pk))
    edit(template, rename("Otherwise"), by=cast.manager)
    edit(BriefTemplate.objects.get(), partial(blueprint.remove_section, key="F"), by=cast.manager)
    actions.archive_template(template, by=cast.manager)
    assert canonical(Brief.objects.values("form").get(pk=brief.pk)) == before
    BriefTemplate.objects.all().delete()
    assert canonical(Brief.objects.values("form").get(pk=brief.pk)) == before
    actions.save_answer(brief, "A1", value="And tea.", revision=1, by=cast.contact)
    assert len(list(questions_of(Brief.objects.get(pk=brief.pk).form))) == 59


def test_a_project_that_opens_after_an_edit_gets_the_new_words(cast, template):
    edit(template, rename("Otherwise"), by=cast.manager)
    brief = open_project(cast, BriefTemplate.objects.get())
    assert find_question(brief.form, "A1")["label"]["en"] == "Otherwise"


def test_a_section_without_questions_does_not_reach_the_client(cast, template):
    title = {"ru": "Пусто", "en": "Empty"}
    edited = edit(template, partial(blueprint.add_section, title=title), by=cast.manager)
    assert [part["key"] for part in edited.form["sections"]][-1] == "L"
    assert [part["key"] for part in open_project(cast, edited).form["sections"]] == list("ABCDEFGHIJK")


@pytest.mark.parametrize("which", ["archived", "foreign"])
def test_a_template_that_is_not_on_offer_opens_no_project(cast, template, stranger, which):
    if which == "archived":
        chosen = actions.archive_template(template, by=cast.manager)
    else:
        chosen = make_template(cast, agency=Organisation.objects.get(name="Other Agency"))
    with pytest.raises(Refused) as refusal:
        open_project(cast, chosen)
    assert refusal.value.code == "foreign-template"
    assert Project.objects.count() == 1


def test_only_the_portals_own_forms_grow_to_the_full_tier(cast, template):
    own, quick = open_project(cast, template), open_project(cast)
    form = copy.deepcopy(own.form)
    with pytest.raises(Refused) as refusal:
        actions.extend_brief(own, by=cast.contact)
    assert refusal.value.code == "own-questions"
    assert Brief.objects.get(pk=own.pk).form == form
    assert len(list(questions_of(actions.extend_brief(quick, by=cast.contact).form))) == 59

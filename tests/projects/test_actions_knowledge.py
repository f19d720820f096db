"""What we know and what is asked for: who writes it down, who is told, what is refused."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from projects import actions, queries
from projects.models import Competitor, Contact, ForbiddenTopic, MaterialRequest
from smmportal.audit import AuditEntry
from smmportal.notifications.models import Notification
from smmportal.refusals import Refused
from tests.builders import make_competitor, make_contact, make_forbidden_topic, make_material

WORDS = {
    Competitor: ({"name": "Brew", "better": "Videos", "worse": ""}, {"worse": "Slow"}),
    Contact: ({"name": "Boris", "side": "client", "contact": "", "duty": "daily"}, {"contact": "+7 900"}),
    ForbiddenTopic: ({"text": "Politics"}, {"text": "Politics and sleep"}),
}
MAKERS = {Competitor: make_competitor, Contact: make_contact, ForbiddenTopic: make_forbidden_topic}


def told(event: str) -> set[str]:
    return {notification.to.name for notification in Notification.objects.filter(event=event)}


def trail(prefix: str) -> list[tuple]:
    entries = AuditEntry.objects.filter(verb__startswith=prefix).order_by("pk")
    return [(entry.verb, entry.by.name) for entry in entries]


@pytest.mark.parametrize("model", WORDS)
def test_either_side_writes_a_line_mends_it_and_strikes_it(cast, model):
    words, change = WORDS[model]
    row = actions.add_known(model, cast.project, by=cast.contact, **words)
    actions.edit_known(row, by=cast.specialist, **change)
    row.refresh_from_db()
    assert {name: getattr(row, name) for name in words} == {**words, **change}
    actions.remove_known(row, by=cast.decider)
    name = model._meta.model_name
    assert (model.objects.count(), trail(f"{name}.")) == (
        0,
        [(f"{name}.added", "Katya"), (f"{name}.edited", "Sonya"), (f"{name}.removed", "Dmitry")],
    )


@pytest.mark.parametrize("name", ["viewer", "stranger", "neighbour", "colleague"])
@pytest.mark.parametrize("model", WORDS)
def test_who_looks_on_writes_nothing_down(cast, model, name):
    person = getattr(cast, name)
    row = MAKERS[model](cast)
    if name != "colleague":  # a colleague of the agency never gets as far as the verb: the row is not visible
        for verb in (actions.edit_known, actions.remove_known):
            with pytest.raises(PermissionDenied):
                verb(row, by=person)
        with pytest.raises(PermissionDenied):
            actions.add_known(model, cast.project, by=person, **WORDS[model][0])
    assert list(model.objects.visible_to(person)) == ([row] if name == "viewer" else [])


@pytest.mark.parametrize("model", WORDS)
def test_a_closed_project_keeps_what_it_knows(cast, model):
    row = MAKERS[model](cast)
    actions.close_project(cast.project, by=cast.manager)
    for act in (
        lambda: actions.add_known(model, cast.project, by=cast.manager, **WORDS[model][0]),
        lambda: actions.edit_known(row, by=cast.manager, **WORDS[model][1]),
        lambda: actions.remove_known(row, by=cast.manager),
    ):
        row.project.refresh_from_db()
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "project-closed"


@pytest.mark.parametrize(
    ("contact", "email"),
    [
        ("boris@client.example", "boris@client.example"),
        ("+7 900, boris@client.example", "boris@client.example"),
        ("(boris@client.example)", "boris@client.example"),
        ("@boris", ""),
        ("+7 900", ""),
        ("", ""),
    ],
)
def test_the_address_to_invite_at_is_read_out_of_a_contact(contact, email):
    assert Contact(contact=contact).email == email


# --- Materials --------------------------------------------------------------------------------------------------------


def ask(cast, **fields) -> MaterialRequest:
    defaults = {"what": "The logo", "side": "client", "by": cast.specialist}
    return actions.ask_for_material(cast.project, **{**defaults, **fields})


def lines(project) -> list[tuple]:
    found = [line for line in queries.waiting([project]) if "material" in line.sentence]
    return [(line.side, line.sentence, line.due_on, line.person_id) for line in found]


def test_a_material_waits_for_the_side_that_gives_it(cast):
    ask(cast, due_on=date(2026, 12, 1))
    assert told("material.asked") == {"Dmitry", "Katya"}
    assert lines(cast.project) == [("client", "A material is awaited: The logo", date(2026, 12, 1), None)]


def test_a_material_asked_of_one_person_is_theirs(cast):
    ask(cast, person=cast.contact)
    assert (told("material.asked"), lines(cast.project)[0][3]) == ({"Katya"}, cast.contact.pk)


def test_the_client_asks_the_agency_too(cast):
    ask(cast, side="agency", by=cast.contact)
    assert told("material.asked") == {"Maxim", "Sonya"}


def test_a_giver_works_on_the_side_that_gives(cast):
    for person in (cast.specialist, cast.viewer, cast.stranger):
        with pytest.raises(Refused) as refused:
            ask(cast, person=person)
        assert refused.value.code == "not-of-this-side"


def test_what_has_come_waits_no_more_and_who_asked_is_told(cast):
    material = actions.deliver_material(ask(cast), by=cast.contact)
    assert (material.delivered_by, lines(cast.project), told("material.delivered")) == (
        cast.contact,
        [],
        {"Maxim", "Sonya"},
    )


def test_delivering_twice_is_delivering_once(cast):
    material = actions.deliver_material(ask(cast), by=cast.contact)
    again = actions.deliver_material(material, by=cast.decider)
    assert (again.delivered_by, trail("material.delivered")) == (cast.contact, [("material.delivered", "Katya")])


def test_what_has_not_come_after_all_is_awaited_again(cast):
    material = actions.await_material(actions.deliver_material(ask(cast), by=cast.contact), by=cast.specialist)
    assert (material.delivered_at, len(lines(cast.project))) == (None, 1)


def test_a_request_moved_to_another_person_tells_them(cast):
    material = ask(cast, person=cast.contact)
    actions.edit_material(material, by=cast.manager, person=cast.decider)
    assert told("material.asked") == {"Katya", "Dmitry"}


def test_other_words_tell_nobody_again(cast):
    actions.edit_material(ask(cast), by=cast.manager, what="The logo in vector")
    assert Notification.objects.filter(event="material.asked").count() == 2


@pytest.mark.parametrize("name", ["viewer", "stranger"])
def test_who_looks_on_asks_for_nothing(cast, name):
    person, material = getattr(cast, name), make_material(cast)
    for act in (
        lambda: ask(cast, by=person),
        lambda: actions.edit_material(material, by=person, what="Mine"),
        lambda: actions.deliver_material(material, by=person),
        lambda: actions.await_material(material, by=person),
        lambda: actions.remove_material(material, by=person),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_request_that_is_removed_leaves_its_words_in_the_trail(cast):
    actions.remove_material(make_material(cast), by=cast.manager)
    assert AuditEntry.objects.get(verb="material.removed").facts == {"what": "Photographs of the roaster"}


@pytest.mark.parametrize("model", WORDS)
def test_the_same_once_more_is_no_change(cast, manager, model):
    row = MAKERS[model](cast)
    actions.edit_known(row, by=manager, **{name: getattr(row, name) for name in model.EDITABLE})
    assert not AuditEntry.objects.exists()


def test_a_material_that_stays_as_it_was_tells_nobody(cast, contact):
    material = make_material(cast)
    actions.edit_material(material, by=contact, what=material.what, side=material.side, person=material.person)
    assert (AuditEntry.objects.count(), Notification.objects.count()) == (0, 0)

import pytest
from django import forms
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied

from smmportal.refusals import Refused, carried_out, demand, page_before


class NameForm(forms.Form):
    name = forms.CharField()


def test_what_is_allowed_goes_on_and_what_is_not_is_told_why():
    demand(True, "No.")
    with pytest.raises(PermissionDenied) as refusal:
        demand(False, "Only an owner does this.")
    assert str(refusal.value) == "Only an owner does this."


def test_a_verb_that_is_carried_out_gives_its_result():
    assert carried_out(NameForm({"name": "x"}), lambda name: name.upper(), name="x") == "X"


def test_a_refusal_becomes_the_forms_own_error_and_keeps_what_was_typed():
    def refuse(**_kwargs):
        raise Refused("Not now.")

    form = NameForm({"name": "Tea"})
    assert form.is_valid()
    assert carried_out(form, refuse, name="Tea") is None
    assert (form.non_field_errors(), form["name"].value()) == (["Not now."], "Tea")


@pytest.mark.parametrize(
    ("referer", "expected"),
    [
        ("http://testserver/organisations/1/?page=2", "/organisations/1/?page=2"),
        ("https://evil.example/phish/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_the_way_back_is_always_a_page_of_ours(rf, settings, referer, expected):
    settings.ALLOWED_HOSTS = ["testserver"]
    assert page_before(rf.post("/", headers={"Referer": referer})) == expected


def test_a_refusal_that_no_form_took_is_a_message_on_the_page_before(cast, browse):
    membership = cast.decider.memberships.get()
    page = f"http://testserver/organisations/{cast.client.pk}/"
    answer = browse(cast.decider).post(f"/memberships/{membership.pk}/departure/", headers={"Referer": page})
    assert (answer.status_code, answer["Location"]) == (302, f"/organisations/{cast.client.pk}/")
    assert [str(message) for message in get_messages(answer.wsgi_request)] == [
        "This is the client's only decision-maker. Make someone else the decision-maker first."
    ]


def test_htmx_is_sent_back_too(cast, browse):
    membership = cast.decider.memberships.get()
    headers = {"HX-Request": "true", "Referer": "http://testserver/settings/"}
    answer = browse(cast.decider).post(f"/memberships/{membership.pk}/departure/", headers=headers)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/settings/")


def test_the_wrong_role_gets_a_page_with_the_sentence(cast, browse):
    answer = browse(cast.viewer).post(f"/organisations/{cast.client.pk}/invitations/")
    assert answer.status_code == 403
    assert "Your role does not allow inviting people." in answer.content.decode()

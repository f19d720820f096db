"""The pages about people, with a browser that has no JavaScript."""

import re

import pytest
from django.contrib.messages import get_messages

from smmportal.audit import AuditEntry
from smmportal.people.actions import issue_token
from smmportal.people.models import ApiToken, Invitation, Membership, Organisation, Role, User
from tests.builders import join, make_invitation, make_user

JOINING = {"name": "Anna", "password": "a-long-way-home-9", "language": "en", "timezone": "Asia/Omsk"}


def words(answer) -> str:
    """What a person reads on the page."""
    return " ".join(re.sub(r"<[^>]*>", " ", answer.content.decode()).split())


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def sent(answer) -> tuple[int, str]:
    return answer.status_code, answer["Location"]


# --- An organisation ------------------------------------------------------------------------------------------------


def test_a_manager_sees_the_agencys_people_invitations_and_clients(cast, browse):
    make_invitation(cast, organisation=cast.agency, email="new@agency.example", role=Role.SPECIALIST)
    page = words(browse(cast.manager).get(f"/organisations/{cast.agency.pk}/"))
    for expected in ("Fairway", "Olga", "owner@agency.example", "new@agency.example", "Roast No. 7", "Bakery"):
        assert expected in page


def test_the_other_side_sees_the_name_and_no_people(cast, browse):
    page = words(browse(cast.decider).get(f"/organisations/{cast.agency.pk}/"))
    assert ("Fairway" in page, "You meet its people in your projects." in page) == (True, True)
    for hidden in ("owner@agency.example", "Bakery", "Invite a person", "Olga"):
        assert hidden not in page


def test_a_specialist_sees_no_clients_people(cast, browse):
    page = words(browse(cast.colleague).get(f"/organisations/{cast.client.pk}/"))
    assert "decider@client.example" not in page


def test_a_viewer_sees_people_and_no_forms_but_their_own_way_out(cast, browse):
    content = browse(cast.viewer).get(f"/organisations/{cast.client.pk}/").content.decode()
    mine = cast.viewer.memberships.get().pk
    assert re.findall(r'action="(/(?:memberships|organisations|invitations)[^"]*)"', content) == [
        f"/memberships/{mine}/departure/"
    ]


def test_a_person_in_one_organisation_goes_straight_there(cast, browse):
    assert sent(browse(cast.manager).get("/organisations/")) == (302, f"/organisations/{cast.agency.pk}/")


def test_a_person_in_several_sees_the_list_and_one_in_none_is_told_what_to_do(cast, browse):
    join(cast.decider, cast.other_client, Role.VIEWER)
    page = words(browse(cast.decider).get("/organisations/"))
    assert ("Bakery" in page, "Roast No. 7" in page) == (True, True)
    nobody = browse(make_user("Nobody", "nobody@x.example")).get("/organisations/")
    assert "Ask the person you work with to invite you." in words(nobody)


def test_a_name_is_text(cast, browse):
    cast.viewer.name = "<script>alert(1)</script>"
    cast.viewer.save()
    content = browse(cast.manager).get(f"/organisations/{cast.client.pk}/").content.decode()
    assert ("<script>alert" in content, "&lt;script&gt;alert(1)" in content) == (False, True)


@pytest.mark.parametrize("many", [1, 30])
def test_the_page_costs_the_same_with_1_and_30_people(cast, browse, django_assert_num_queries, many):
    for number in range(many):
        join(make_user(f"Person {number}", f"{number}@x.example"), cast.agency, Role.SPECIALIST)
        make_invitation(cast, organisation=cast.agency, email=f"{number}@y.example", role=Role.SPECIALIST)
        Organisation.objects.create(name=f"Client {number}", kind="client", agency=cast.agency)
    browser = browse(cast.manager)
    browser.get("/settings/")
    with django_assert_num_queries(13):
        browser.get(f"/organisations/{cast.agency.pk}/")


# --- Inviting, roles, letting go ------------------------------------------------------------------------------------


def test_inviting_says_that_the_letter_is_on_its_way(cast, browse):
    answer = browse(cast.manager).post(
        f"/organisations/{cast.client.pk}/invitations/",
        {"email": "new@client.example", "role": "contact", "language": "ru"},
    )
    assert sent(answer) == (302, f"/organisations/{cast.client.pk}/")
    assert said(answer) == ["The invitation is on its way to new@client.example."]


def test_what_is_wrong_is_named_and_what_was_typed_is_kept(cast, browse):
    answer = browse(cast.manager).post(
        f"/organisations/{cast.client.pk}/invitations/", {"email": "new@", "role": "contact", "language": "ru"}
    )
    assert (answer.status_code, 'value="new@"' in answer.content.decode()) == (422, True)
    assert "Enter a valid email address." in words(answer)


def test_a_refusal_keeps_the_form_too(cast, browse):
    answer = browse(cast.manager).post(
        f"/organisations/{cast.client.pk}/invitations/",
        {"email": "viewer@client.example", "role": "contact", "language": "ru"},
    )
    assert (answer.status_code, "viewer@client.example is already here." in words(answer)) == (422, True)


def test_a_role_that_one_may_not_give_is_not_offered_and_not_taken(cast, browse):
    browser, address = browse(cast.manager), f"/organisations/{cast.agency.pk}/"
    assert 'value="owner"' not in browser.get(address).content.decode()
    form = {"email": "new@agency.example", "role": "owner", "language": "ru"}
    assert browser.post(address + "invitations/", form).status_code == 422
    owners = cast.owner.memberships.get().pk
    assert browser.post(f"/memberships/{owners}/role/", {"role": "manager"}).status_code == 403
    assert Invitation.objects.count() == 0


def test_a_client_is_added_and_the_next_step_is_said(cast, browse):
    answer = browse(cast.manager).post(f"/organisations/{cast.agency.pk}/clients/", {"client-name": "Tea"})
    tea = Organisation.objects.get(name="Tea")
    assert (sent(answer), said(answer), tea.agency) == (
        (302, f"/organisations/{tea.pk}/"),
        ["Tea is on the list. Now invite its people."],
        cast.agency,
    )


@pytest.mark.parametrize("name", ["", " ", "x" * 161, "Win http://spam.example", "two\nlines", "nul\x00"])
def test_a_name_that_would_lure_or_break_is_refused(cast, browse, name):
    answer = browse(cast.manager).post(f"/organisations/{cast.agency.pk}/clients/", {"client-name": name})
    assert (answer.status_code, Organisation.objects.filter(agency=cast.agency).count()) == (422, 2)


@pytest.mark.parametrize("name", ["Кофейня «Семь» ☕", "👩‍🚀 Agency", "مقهى", "O'Neil & Sons <b>"])
def test_any_other_name_is_taken_as_it_is(cast, browse, name):
    browse(cast.manager).post(f"/organisations/{cast.agency.pk}/clients/", {"client-name": name})
    assert Organisation.objects.filter(name=name).count() == 1


def test_a_role_is_changed(cast, browse):
    membership = cast.viewer.memberships.get()
    answer = browse(cast.manager).post(f"/memberships/{membership.pk}/role/", {"role": "contact"})
    membership.refresh_from_db()
    assert (sent(answer), membership.role) == ((302, f"/organisations/{cast.client.pk}/"), "contact")


def test_letting_go_and_leaving(cast, browse):
    viewer, contact = cast.viewer.memberships.get(), cast.contact.memberships.get()
    assert said(browse(cast.manager).post(f"/memberships/{viewer.pk}/departure/")) == [
        "Done. What they wrote here stays."
    ]
    left = browse(cast.contact).post(f"/memberships/{contact.pk}/departure/")
    assert (sent(left), said(left)) == ((302, "/organisations/"), ["You have left Roast No. 7."])
    assert set(Membership.objects.filter(organisation=cast.client)) == {cast.decider.memberships.get()}


# --- An invitation --------------------------------------------------------------------------------------------------


def test_looking_at_an_invitation_changes_nothing(cast, client):
    invitation = make_invitation(cast)
    for _time in range(3):
        answer = client.get(f"/invitation/{invitation.secret}/", headers={"Accept-Language": "en"})
    assert (answer.status_code, Invitation.objects.get().is_open) == (200, True)
    assert "Maxim invites you to Roast No. 7. Your role: daily contact." in words(answer)
    assert User.objects.filter(email="anna@client.example").count() == 0


def test_a_new_person_joins_and_is_logged_in(cast, client):
    invitation = make_invitation(cast)
    assert sent(client.post(f"/invitation/{invitation.secret}/", JOINING)) == (302, "/")
    assert "anna@client.example" in words(client.get("/settings/"))
    assert AuditEntry.objects.get(verb="person.joined").by.name == "Anna"


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "This password is too short."),
        ("password", "This password is too common."),
        ("83749283749", "This password is entirely numeric."),
        ("anna@client.example", "The password is too similar to the e-mail"),
    ],
)
def test_a_weak_password_is_refused_and_the_rest_is_kept(cast, client, password, reason):
    invitation = make_invitation(cast)
    answer = client.post(
        f"/invitation/{invitation.secret}/", {**JOINING, "password": password}, headers={"Accept-Language": "en"}
    )
    assert (answer.status_code, reason in words(answer), 'value="Anna"' in answer.content.decode()) == (422, True, True)
    assert not User.objects.filter(email="anna@client.example").exists()


def test_the_zone_is_guessed_only_until_it_was_chosen(cast, client):
    address = f"/invitation/{make_invitation(cast).secret}/"
    assert "data-guess-time-zone" in client.get(address).content.decode()
    again = client.post(address, {**JOINING, "name": ""}).content.decode()
    assert ("data-guess-time-zone" in again, '<option value="Asia/Omsk" selected>' in again) == (False, True)


def test_who_has_an_account_is_sent_to_the_login_and_back(cast, client):
    make_user("Anna", "anna@client.example")
    address = f"/invitation/{make_invitation(cast).secret}/"
    page = client.get(address, headers={"Accept-Language": "en"})
    assert "Log in as anna@client.example to accept." in words(page)
    (login,) = re.findall(r'href="(/accounts/login/[^"]*)"', page.content.decode())
    back = client.post(login, {"login": "anna@client.example", "password": "a-quiet-harbour-7"})
    assert sent(back) == (302, address)
    assert Invitation.objects.get().is_open
    assert sent(client.post(address)) == (302, "/")
    assert Membership.objects.filter(user__email="anna@client.example", organisation=cast.client).count() == 1


def test_an_existing_account_can_not_be_taken_over_by_the_joining_form(cast, client):
    make_user("Anna", "anna@client.example")
    client.post(f"/invitation/{make_invitation(cast).secret}/", JOINING)
    anna = User.objects.get(email="anna@client.example")
    assert (anna.check_password("a-quiet-harbour-7"), anna.memberships.count()) == (True, 0)
    assert "_auth_user_id" not in client.session


def test_somebody_else_is_told_whose_it_is(cast, browse):
    address = f"/invitation/{make_invitation(cast).secret}/"
    page = browse(cast.stranger).get(address)
    assert "It was written to anna@client.example, and you are logged in as stranger@other.example." in words(page)
    assert said(browse(cast.stranger).post(address)) == [
        "This invitation is for anna@client.example. Please log in with that address."
    ]
    assert cast.stranger.memberships.count() == 1


@pytest.mark.parametrize(
    ("field", "heading"),
    [
        ("accepted_at", "This invitation has been used"),
        ("revoked_at", "This invitation was withdrawn"),
        ("expires_at", "This invitation is out of date"),
    ],
)
def test_a_closed_invitation_says_why(cast, client, field, heading):
    from datetime import timedelta

    from django.utils import timezone

    invitation = make_invitation(cast, **{field: timezone.now() - timedelta(minutes=1)})
    answer = client.get(f"/invitation/{invitation.secret}/", headers={"Accept-Language": "en"})
    assert (answer.status_code, heading in words(answer)) == (410, True)
    assert client.post(f"/invitation/{invitation.secret}/", JOINING).status_code == 410


# --- Oneself --------------------------------------------------------------------------------------------------------


def test_settings_are_kept_and_speak_the_new_language_at_once(cast, browse):
    browser = browse(cast.manager)
    form = {"name": "Максим", "language": "ru", "timezone": "Asia/Omsk", "email": "evil@x.example", "is_staff": "1"}
    answer = browser.post("/settings/", form, follow=True)
    cast.manager.refresh_from_db()
    assert (cast.manager.name, cast.manager.language, cast.manager.timezone) == ("Максим", "ru", "Asia/Omsk")
    assert (cast.manager.email, cast.manager.is_staff) == ("manager@agency.example", False)
    assert "Часовой пояс" in words(answer)


@pytest.mark.parametrize("change", [{"timezone": "Mars/Base"}, {"language": "xx"}, {"name": ""}, {"name": "a\x00b"}])
def test_settings_that_make_no_sense_are_refused(cast, browse, change):
    form = {"name": "Maxim", "language": "en", "timezone": "Asia/Omsk", **change}
    assert browse(cast.manager).post("/settings/", form).status_code == 422
    cast.manager.refresh_from_db()
    assert (cast.manager.name, cast.manager.language, cast.manager.timezone) == ("Maxim", "en", "Europe/Moscow")


def test_a_token_is_shown_once(cast, browse, client):
    browser = browse(cast.manager)
    shown = re.search(
        r'<code class="secret">([^<]+)<', browser.post("/settings/tokens/", {"name": "x"}).content.decode()
    )
    assert client.get("/api/v1/me/", headers={"Authorization": f"Bearer {shown[1]}"}).json()["name"] == "Maxim"
    assert shown[1] not in browser.get("/settings/tokens/").content.decode()


def test_the_form_sent_twice_makes_one_token(cast, browse):
    browser = browse(cast.manager)
    statuses = [browser.post("/settings/tokens/", {"name": "a report"}).status_code for _time in range(2)]
    assert (statuses, ApiToken.objects.count()) == ([200, 422], 1)


def test_a_token_of_somebody_else_is_not_there(cast, browse):
    token, _secret = issue_token(cast.owner, name="x")
    assert browse(cast.manager).post(f"/settings/tokens/{token.pk}/revocation/").status_code == 404
    assert ApiToken.objects.alive().count() == 1

import re

import pytest
from django.core.management import CommandError, call_command

from smmportal.notifications.models import Notification
from smmportal.people.actions import find_invitation
from smmportal.people.models import Organisation


def test_a_token_from_the_command_line_opens_the_api(cast, client, capsys):
    call_command("create_token", "Manager@agency.example")
    secret = capsys.readouterr().out.strip()
    answer = client.get("/api/v1/me/", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json()["email"] == "manager@agency.example"


def test_nobody_gets_no_token(cast):
    with pytest.raises(CommandError) as error:
        call_command("create_token", "nobody@x.example")
    assert str(error.value) == "Nobody here has the address nobody@x.example."


def test_an_agency_is_founded_and_its_owner_invited(db, client, capsys):
    call_command("create_agency", "Breeze", "olga@breeze.example", "--language", "en")
    link = capsys.readouterr().out.strip()
    (secret,) = re.fullmatch(r"http://portal\.example/invitation/([\w-]+)/", link).groups()
    invitation = find_invitation(secret)
    assert (invitation.organisation.name, invitation.role, invitation.invited_by) == ("Breeze", "owner", None)
    assert Notification.objects.get().address == "olga@breeze.example"
    form = {"name": "Olga", "password": "a-long-way-home-9", "language": "en", "timezone": "Europe/Moscow"}
    assert client.post(f"/invitation/{secret}/", form).status_code == 302
    assert invitation.organisation.memberships.get().role == "owner"


@pytest.mark.parametrize(("name", "address"), [("Breeze", "not-an-address"), ("see http://x", "olga@x.example")])
def test_nonsense_founds_nothing(db, name, address):
    with pytest.raises(CommandError):
        call_command("create_agency", name, address)
    assert Organisation.objects.count() == 0

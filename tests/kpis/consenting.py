"""For tests of granted access: the portal's applications at the stand-ins, and a person who says yes or no there."""

from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from kpis.connectors.consent import Turn, new_secret
from kpis.sandbox.consent import APPS
from smmportal.environment import APP_VARIABLES, PLATFORM_APPS

BACK = "http://portal.example/oauth/any/callback/"


class Staying(HTTPRedirectHandler):
    """A person's browser that stops before it goes on."""

    def redirect_request(self, *_told):
        return None

    def http_error_302(self, _request, answer, *_told):
        return answer


def registered(settings) -> None:
    """What the environment of `manage.py sandbox` makes of the settings."""
    settings.PLATFORM_APPS = {
        name: {part: APPS[f"{name}_{APP_VARIABLES[part]}"] for part in ("id", *needs)}
        for name, needs in PLATFORM_APPS.items()
    }


def turn_of() -> Turn:
    return Turn(BACK, new_secret(), new_secret())


def decide(address: str, decision: str) -> str:
    """Where the platform's page sends the person who presses this button."""
    sent = urlencode({"decision": decision}).encode()
    answer = build_opener(Staying).open(Request(address, data=sent, method="POST"))
    return answer.headers["Location"]


def approve(address: str) -> dict[str, str]:
    """What the platform brings back of a person who says yes."""
    return dict(parse_qsl(urlsplit(decide(address, "allow")).query))

"""The doors of access by consent, and of giving it up. The portal of the tests has no application at any platform."""

from kpis.models import ConsentAttempt, PlatformLogin, Source
from tests.builders import Cast, make_connection_link
from tests.doors import Door, everyone, of_nothing
from tests.kpis.doors_sources import LOOKS_ON

#: Only whoever began may come back.
ONLY_THE_MANAGER = {**everyone(403), "manager": 200}
#: The agency's access was granted by its specialist: they and those who decide may give it up.
NOT_THE_CLIENTS = {**dict.fromkeys(("decider", "contact", "viewer"), 404), "colleague": 403}


def of_source(cast: Cast) -> list:
    return [cast.get(Source).pk]


def of_platform(cast: Cast) -> list:
    return [cast.project.pk, "vk"]


def of_login(cast: Cast) -> list:
    return [cast.get(PlatformLogin).pk]


def coming_back(cast: Cast) -> list:
    cast.get(ConsentAttempt)
    return ["vk"]


def holding(cast: Cast) -> list:
    return [make_connection_link(cast).secret, "vk"]


#: Neither a code nor an error: the state is not used up by it, so that many may knock.
SAID_NOTHING = "?state=a-state-of-the-tests"

CONSENT_DOORS = [
    Door("kpis:consent_new", "post", args=of_platform, inside=302, expects=LOOKS_ON),
    Door("kpis:source_consent", "post", args=of_source, inside=302, expects=LOOKS_ON),
    Door("kpis:connection_consent", "post", args=holding, expects=everyone(422)),
    Door("kpis:consent_callback", args=lambda cast: ["vk"], expects=everyone(404)),
    Door("kpis:consent_callback", args=coming_back, query=SAID_NOTHING, expects=ONLY_THE_MANAGER),
    Door("kpis:login_revocation", args=of_login, expects=NOT_THE_CLIENTS),
    Door("kpis:login_revocation", "post", args=of_login, inside=302, expects=NOT_THE_CLIENTS),
    Door("api:consents", "post", data=lambda cast: {"platform": "vk"}, inside=409, expects=LOOKS_ON),
    Door("api:source_consents", "post", args=of_source, inside=409, expects=LOOKS_ON),
    Door("api:logins", args=of_nothing, outside=200),
    Door("api:login_revocation", "post", args=of_login, expects=NOT_THE_CLIENTS),
]

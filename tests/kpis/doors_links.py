"""The doors of connecting by a link: of those who make links, and of whoever holds one."""

from kpis.models import ConnectionLink, PlatformLogin
from tests.builders import Cast, make_connection_link
from tests.doors import Door, everyone
from tests.kpis.doors_sources import LOOKS_ON


def of_link(cast: Cast) -> list:
    return [cast.project.pk, cast.get(ConnectionLink).pk]


def holding(cast: Cast) -> list:
    return [make_connection_link(cast).secret]


def holding_platform(cast: Cast) -> list:
    return [*holding(cast), "vk"]


def holding_login(cast: Cast) -> list:
    """Access without a token in it, so that nobody is asked."""
    link = make_connection_link(cast)
    login = PlatformLogin.objects.create(
        organisation=cast.client, platform="vk", credentials={"token": ""}, granted_by=cast.manager
    )
    link.logins.add(login)
    return [link.secret, login.pk]


def nothing_pasted(_cast: Cast) -> dict:
    return {"token": ""}


def asked(_cast: Cast) -> dict:
    return {"name": "Pyotr", "language": "ru", "platforms": ["vk"], "side": "client"}


#: A link knows nobody: whoever has it is the visitor, whoever they are logged in as.
LINK_DOORS = [
    Door("kpis:connection_links", expects=LOOKS_ON),
    Door("kpis:connection_links", "post", data=asked, expects=LOOKS_ON),
    Door("kpis:connection_revocation", "post", args=of_link, inside=302, expects=LOOKS_ON),
    Door("api:connection_links", expects=LOOKS_ON),
    Door("api:connection_links", "post", data=asked, inside=201, expects=LOOKS_ON),
    Door("api:connection_link", "delete", args=of_link, inside=204, expects=LOOKS_ON),
    Door("kpis:connection", args=holding, expects=everyone(200)),
    Door("kpis:connection", args=lambda cast: ["never-issued"], expects=everyone(404)),
    Door("kpis:connection_beginning", "post", args=holding, expects=everyone(302), is_public=True),
    Door("kpis:connection_access", args=holding_platform, expects=everyone(200)),
    Door("kpis:connection_access", "post", args=holding_platform, data=nothing_pasted, expects=everyone(422)),
    Door("kpis:connection_accounts", args=holding_login, expects=everyone(200)),
    Door("kpis:connection_accounts", "post", args=holding_login, data=lambda cast: {"hint": ""}, expects=everyone(422)),
    Door("kpis:connection_end", "post", args=holding, expects=everyone(200)),
]

"""How a question is put: with which token, and for which metrics together."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from kpis.connectors.contract.errors import BelowThreshold, ConnectorError, MetricRetired, Reauthorise, Transient
from kpis.connectors.contract.exchanged import Credentials, Renewed, Steps
from kpis.connectors.contract.telling import as_number
from smmportal.http import Request

SHORTEST_LIFE = 60
TOKEN = re.compile(r"[\x21-\x7e]{1,2000}")


def pasted_token(credentials: Credentials) -> str:
    """The token without the spaces that come along when it is copied. Raises Reauthorise for what is none."""
    token = credentials.get("token", "").strip()
    if not TOKEN.fullmatch(token):
        raise Reauthorise("not a token", sentence=_("This is not an access token. Copy it whole."))
    return token


def renewed(credentials: Credentials, told: Mapping[str, Any]) -> Renewed:
    """The saved access with what an OAuth server told in place of it (RFC 6749, 5.1). Raises Transient for less."""
    token, seconds = told.get("access_token"), as_number(told.get("expires_in"))
    if not isinstance(token, str) or not token or seconds is None:
        raise Transient("a renewal without a token")
    refresh_token = str(told.get("refresh_token") or credentials.get("refresh_token", ""))
    fresh = {**credentials, "token": token, "refresh_token": refresh_token}
    return Renewed(fresh, datetime.now(UTC) + timedelta(seconds=max(int(seconds), SHORTEST_LIFE)))


def bearing(token: str, method: str, url: str, *, scheme: str = "Bearer", **parts: Any) -> Request:
    """A request that shows the token in its `Authorization` header, and nowhere else."""
    shown = f"{scheme} {token}".strip()
    return Request(method, url, headers={"Authorization": shown}, secrets=(token,), **parts)


def ask_apart(ask: Callable[[Sequence[str]], Steps[Any]], names: Sequence[str]) -> Steps[list[ConnectorError]]:
    """Ask for the metrics together; when the platform stumbles over one of them, for each half of them, and so on.

    Returns what was refused of metrics asked alone.
    """
    try:
        yield from ask(names)
    except (MetricRetired, BelowThreshold) as refusal:
        if len(names) == 1:
            return [refusal]
    else:
        return []
    refusals: list[ConnectorError] = []
    for half in (names[: len(names) // 2], names[len(names) // 2 :]):
        refusals += yield from ask_apart(ask, half)
    return refusals

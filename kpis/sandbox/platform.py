"""What the stand-ins have in common: a request, a reply, and the ways to misbehave."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from json import loads
from typing import Any

from kpis.sandbox.numbers import Seed

#: Ways to misbehave that every platform knows, and what they do. The first five are done by the server itself.
MISBEHAVIOURS = {
    "slow": "answers after a long while",
    "cut": "breaks the connection in the middle of the answer",
    "html": "answers 502 with a page of HTML, like a proxy",
    "huge": "answers more than anyone should read",
    "revised": "has counted today and the two days before it anew",
    "429": "says that there were too many requests, and for how long to wait",
    "429-bare": "says that there were too many requests, and no more",
    "expired": "says that the token has expired",
    "forbidden": "says that the token may not do this",
    "error200": "puts an error into an answer with status 200",
    "busy": "says that something broke inside",
    "retired": "no longer knows one of the metrics",
    "empty": "answers properly, with nothing inside",
    "partial": "leaves days or numbers out",
    "hidden": "keeps numbers to itself",
    "zero": "answers that everything is zero",
    "strings": "writes numbers as strings",
    "sampled": "estimates from a part of its records, and says so",
    "duplicate": "gives a day twice, the later row being right",
}

Today = Callable[[str], date]


@dataclass(frozen=True)
class Asked:
    """One request to a stand-in; `path` is below the platform's base address, `today` takes a time zone's name.

    `now` is the moment itself, for what grows by the hour.
    """

    method: str
    path: str
    params: Mapping[str, str]
    token: str
    seed: Seed
    today: Today
    misbehave: str = ""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def known(self) -> bool:
        """Whether the token is one of ours: any that begins with «sandbox-»."""
        return self.token.startswith("sandbox-")

    @property
    def sent(self) -> dict[str, Any]:
        """The JSON object in the request's body; empty when there is none."""
        try:
            sent = loads(self.params.get("json", ""))
        except ValueError:
            return {}
        return sent if isinstance(sent, dict) else {}

    def number(self, name: str, otherwise: int) -> int:
        try:
            return int(self.params.get(name, otherwise))
        except ValueError:
            return otherwise


@dataclass(frozen=True)
class Reply:
    """What the stand-in answers."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Platform:
    """One stand-in. `token_of` finds the token in headers and path; where it finds none, it is the parameter
    `access_token`. `allowed` is (requests, seconds) by token.

    `also` names the settings of further base addresses that the same stand-in serves.
    """

    code: str
    setting: str
    respond: Callable[[Asked], Reply]
    token_of: Callable[[Mapping[str, str], str], str]
    allowed: Callable[[str], tuple[int, float]]
    also: tuple[str, ...] = ()


def bearer(headers: Mapping[str, str], path: str) -> str:
    """The token of an `Authorization: Bearer …` or `OAuth …` header."""
    return headers.get("Authorization", "").partition(" ")[2].strip()

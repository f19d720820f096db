"""Every URL is a door, and every door says who gets what when they knock (tests/test_every_door.py knocks)."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse

from tests.builders import Cast

ROLES = ("anonymous", *Cast.OUTSIDE, *Cast.INSIDE)


def of_project(cast: Cast) -> list:
    return [cast.project.pk]


def of_nothing(_cast: Cast) -> list:
    return []


def everyone(status: int) -> dict[str, int]:
    """The same answer for all: `expects=everyone(200)`."""
    return dict.fromkeys(ROLES, status)


def everyone_inside(status: int) -> dict[str, int]:
    """The same answer for whoever is logged in, wherever they belong."""
    return dict.fromkeys(ROLES[1:], status)


@dataclass(frozen=True)
class Door:
    """`expects` maps a role to its status; roles it leaves out get `inside` or `outside` by where they belong.

    A page that needs a login sends a stranger without one to it (302); the API says 401. `data` is what is sent;
    API doors send it as JSON. `args` and `data` may make rows: each knock has a cast of its own.
    """

    name: str
    method: str = "get"
    args: Callable[[Cast], list] = of_project
    data: Callable[[Cast], dict] = lambda cast: {}
    query: str = ""
    inside: int = 200
    outside: int = 404
    expects: dict[str, int] = field(default_factory=dict)
    #: How an API door's data is sent: json, or multipart where there is a file among it.
    form: str = "json"
    #: Here a redirect of who has no login is an answer, not a way to the login.
    is_public: bool = False

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api:")

    def address(self, cast: Cast) -> str:
        return reverse(self.name, args=self.args(cast)) + self.query

    def expected(self, role: str) -> int:
        if role in self.expects:
            return self.expects[role]
        if role == "anonymous":
            return 401 if self.is_api else 302
        return self.outside if role in Cast.OUTSIDE else self.inside

    def __str__(self) -> str:
        return f"{self.method} {self.name}{self.query}"

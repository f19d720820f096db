"""Every URL is a door, and every door says who gets what when they knock."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.builders import Cast

ROLES = ("anonymous", *Cast.OUTSIDE, *Cast.INSIDE)


def of_project(cast: Cast) -> list:
    return [cast.project.pk]


@dataclass(frozen=True)
class Door:
    """`expects` maps a role to its status; roles it leaves out get `inside` or `outside` by where they belong.

    A page that needs a login sends a stranger without one to it (302); the API says 401. `data` is what is sent;
    API doors send it as JSON.
    """

    name: str
    method: str = "get"
    args: Callable[[Cast], list] = of_project
    data: Callable[[Cast], dict] = lambda cast: {}
    query: str = ""
    inside: int = 200
    outside: int = 404
    expects: dict[str, int] = field(default_factory=dict)

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api:")

    def expected(self, role: str) -> int:
        if role in self.expects:
            return self.expects[role]
        if role == "anonymous":
            return 401 if self.is_api else 302
        return self.outside if role in Cast.OUTSIDE else self.inside

    def __str__(self) -> str:
        return f"{self.method} {self.name}{self.query}"

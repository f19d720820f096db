from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """One event in words, for one reader."""

    id: str
    address: str
    subject: str
    body: str
    url: str
    language: str


@dataclass(frozen=True)
class Channel:
    code: str
    name: object
    #: None: there is nothing to send, the row itself is the delivery.
    send: Callable[[Message], None] | None

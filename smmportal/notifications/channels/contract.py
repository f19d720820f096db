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
    #: Whether the reader may say in their settings that they don't want such letters.
    is_choice: bool = True


@dataclass(frozen=True)
class Channel:
    code: str
    name: object
    #: None: there is nothing to send, the row itself is the delivery.
    send: Callable[[Message], None] | None

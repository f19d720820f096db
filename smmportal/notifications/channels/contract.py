from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Attachment:
    """Something a letter brings along. With a `method` it is an invitation: mail programs offer it to the calendar."""

    name: str
    mime: str
    content: str
    method: str = ""


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
    attachments: tuple[Attachment, ...] = ()
    #: The colour of the agency whose project it is about, like «#0f5c74»; empty: none.
    accent: str = ""
    #: What a digest gathers: each line in words and its page.
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Channel:
    code: str
    name: object
    #: None: there is nothing to send, the row itself is the delivery.
    send: Callable[[Message], None] | None
    #: It rings at a person: quiet hours keep it back, and what is small goes into a digest.
    rings: bool = False

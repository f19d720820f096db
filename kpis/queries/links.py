"""The links by which accounts are connected, as the one who made them sees them."""

from dataclasses import dataclass

from kpis.connectors import CONNECTORS
from kpis.models import ConnectionLink, Source
from projects.models import Project


@dataclass(frozen=True)
class LinkLine:
    link: ConnectionLink
    asked: str
    sources: list[Source]


def links_of(project: Project) -> list[LinkLine]:
    """Each link with what was asked for and what was connected by it."""
    found = project.connection_links.select_related("created_by", "organisation").prefetch_related("sources")
    return [LinkLine(link, asked_words(link), list(link.sources.all())) for link in found]


def asked_words(link: ConnectionLink) -> str:
    return ", ".join(str(CONNECTORS[code].name) for code in link.platforms if code in CONNECTORS)

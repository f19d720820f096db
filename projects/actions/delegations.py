"""A section of the brief answered by a colleague who has no login: a link is made, opened, handed in, revoked."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import rules
from projects.actions.briefs import demand_filling
from projects.actions.projects import demand_open, facts_of
from projects.models import Brief, Delegation
from smmportal.audit import record
from smmportal.notifications.actions import announce, write_to_address
from smmportal.people import links
from smmportal.people.models import User
from smmportal.refusals import Refused, TooOften, demand

#: How many links may wait at once in one brief, and how many letters one address may get in a day, from anyone.
MOST_OPEN = 30
LETTERS_A_DAY = 3


@transaction.atomic
def delegate_section(
    brief: Brief, section: str, *, name: str, by: User, email: str = "", language: str = "ru"
) -> tuple[Delegation, str]:
    """Make a link by which a colleague answers one section. Returns it with its address, which is stored nowhere."""
    demand(rules.fills_brief(by, brief.project), _("Only the client and the agency's manager fill in the brief."))
    demand_open(brief.project)
    if section not in {part["key"] for part in brief.form["sections"]}:
        raise Refused(_("There is no such section in this brief."), code="no-such-section")
    email = email.strip().lower()
    refuse_a_flood(brief, email)
    secret = links.new_secret()
    delegation = brief.delegations.create(
        section=section,
        name=name.strip(),
        email=email,
        language=language,
        token_hash=links.hash_of(secret),
        created_by=by,
        expires_at=timezone.now() + Delegation.LASTS,
    )
    record("brief.delegated", about=delegation, by=by, project=brief.project, section=section, name=delegation.name)
    address = settings.PUBLIC_URL + reverse("projects:delegated", args=[secret])
    if email:
        write_to_colleague(delegation, address)
    return delegation, address


def refuse_a_flood(brief: Brief, email: str) -> None:
    if brief.delegations.open().count() >= MOST_OPEN:
        raise TooOften(_("Very many links of this brief are open. Revoke those that nobody needs."), code="too-many")
    written = Delegation.objects.filter(email=email, created_at__gt=timezone.now() - timedelta(days=1))
    if email and written.count() >= LETTERS_A_DAY:
        sentence = _("%(email)s has already got several letters today. Send the link yourself, or try again tomorrow.")
        raise TooOften(sentence % {"email": email}, code="too-many")


def write_to_colleague(delegation: Delegation, address: str) -> None:
    project = delegation.brief.project
    write_to_address(
        "section.delegated",
        delegation.email,
        language=delegation.language,
        facts=facts_of(
            project,
            name=delegation.name,
            person=str(delegation.created_by),
            section=delegation.section_form["title"],
            expires_at=delegation.expires_at.isoformat(),
        ),
        secret_url=address,
    )


@transaction.atomic
def revoke_delegation(delegation: Delegation, *, by: User) -> None:
    """The link stops working with the next request; what was answered by it stays."""
    project = delegation.brief.project
    demand(rules.fills_brief(by, project), _("Only the client and the agency's manager fill in the brief."))
    if Delegation.objects.filter(pk=delegation.pk, revoked_at=None, finished_at=None).update(revoked_at=timezone.now()):
        record("brief.delegation_revoked", about=delegation, by=by, project=project, name=delegation.name)


def find_delegation(secret: str) -> Delegation | None:
    found = Delegation.objects.filter(token_hash=links.hash_of(secret))
    return found.select_related("created_by", "brief__project__agency", "brief__project__client").first()


@transaction.atomic
def begin_delegation(delegation: Delegation) -> None:
    """The colleague has pressed «Begin»: only looking at the link's page says nothing of whether a person did."""
    demand_filling(delegation.brief, by=delegation.created_by, delegation=delegation)
    opened = Delegation.objects.filter(pk=delegation.pk, first_opened_at=None).update(first_opened_at=timezone.now())
    if opened:
        record("brief.delegation_opened", about=delegation, project=delegation.brief.project, name=delegation.name)


@transaction.atomic
def finish_delegation(delegation: Delegation) -> None:
    """Hand the section in; whoever asked for it is told. Twice is once."""
    brief = delegation.brief
    demand_filling(brief, by=delegation.created_by, delegation=delegation)
    finished = Delegation.objects.open().filter(pk=delegation.pk).update(finished_at=timezone.now())
    if not finished:
        return
    record("brief.delegation_finished", about=delegation, project=brief.project, name=delegation.name)
    facts = facts_of(brief.project, name=delegation.name, section=delegation.section_form["title"])
    url = reverse("projects:brief", args=[brief.project_id])
    announce("delegation.finished", to=[delegation.created_by], about=delegation, url=url, facts=facts)

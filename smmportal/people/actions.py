"""Verbs about people."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from smmportal.audit import record
from smmportal.notifications.actions import announce, write_to_address
from smmportal.people import links, rules
from smmportal.people.models import HEAD_OF, ApiToken, Invitation, Membership, Organisation, Role, Side, User
from smmportal.refusals import Refused, TooOften, demand

#: How many invitations one person may send in an hour, and how many letters one address may get in a day, from anyone.
INVITATIONS_AN_HOUR = 30
LETTERS_A_DAY = 3
#: More than anyone needs; enough to notice a program that makes a new token at every start.
LIVING_TOKENS = 50


@transaction.atomic
def found_agency(name: str) -> Organisation:
    """A new agency on this instance. Its first owner comes by invitation like everybody else."""
    agency = Organisation.objects.create(name=name, kind=Side.AGENCY)
    record("agency.founded", about=agency, name=name)
    return agency


@transaction.atomic
def add_client(agency: Organisation, *, name: str, by: User) -> Organisation:
    """Put a client on the agency's list."""
    demand_adding_clients(agency, by=by)
    client = Organisation.objects.create(name=name, kind=Side.CLIENT, agency=agency)
    record("client.added", about=client, by=by, name=name)
    return client


def demand_adding_clients(agency: Organisation, *, by: User) -> None:
    is_ours = agency.side is Side.AGENCY and rules.can_run(by, agency)
    demand(is_ours, _("Only an owner or a manager of the agency adds clients."))


def demand_inviting(organisation: Organisation, *, by: User) -> None:
    demand(rules.can_run(by, organisation), _("Your role does not allow inviting people."))


@transaction.atomic
def invite(
    organisation: Organisation, *, email: str, role: Role, by: User | None, language: str = "ru"
) -> tuple[Invitation, str]:
    """Invite a person by e-mail. Returns the invitation and its secret, which is stored nowhere.

    An earlier invitation of the same person that was not accepted stops working. `by` is None for the first owner
    of an agency, whom the operator of this instance invites from the command line.
    """
    email, role = email.strip().lower(), Role(role)
    if by is not None:
        demand(rules.can_grant(by, organisation, role), _("Your role does not allow inviting people in this role."))
    if role not in organisation.roles:
        raise Refused(_("This role does not exist in this organisation."))
    organisation = lock(organisation)
    if organisation.memberships.filter(user__email__iexact=email).exists():
        raise Refused(_("%(email)s is already here.") % {"email": email}, code="already-member")
    refuse_a_flood(email, by)
    waiting = organisation.invitations.filter(email__iexact=email, accepted_at=None, revoked_at=None)
    waiting.update(revoked_at=timezone.now())
    secret = links.new_secret()
    invitation = organisation.invitations.create(
        email=email,
        role=role,
        language=language,
        token_hash=links.hash_of(secret),
        invited_by=by,
        expires_at=timezone.now() + Invitation.LASTS,
    )
    record("person.invited", about=invitation, by=by, email=email, role=role)
    write_to_address(
        "person.invited",
        email,
        language=language,
        facts={
            "organisation": organisation.name,
            "inviter": str(by) if by else "",
            "role": str(role),
            "expires_at": invitation.expires_at.isoformat(),
        },
        secret_url=invitation_url(secret),
    )
    return invitation, secret


def refuse_a_flood(email: str, by: User | None) -> None:
    """Invitations are letters to strangers: nobody sends them by the hundred, and nobody gets them every hour."""
    now = timezone.now()
    sent = Invitation.objects.filter(invited_by=by, created_at__gt=now - timedelta(hours=1))
    if by is not None and sent.count() >= INVITATIONS_AN_HOUR:
        raise TooOften(_("You have sent many invitations within an hour. Please go on later."), code="too-many")
    if Invitation.objects.filter(email=email, created_at__gt=now - timedelta(days=1)).count() >= LETTERS_A_DAY:
        raise TooOften(
            _("%(email)s has already got several invitations today. Please try again tomorrow.") % {"email": email},
            code="too-many",
        )


def invitation_url(secret: str) -> str:
    return settings.PUBLIC_URL + reverse("people:invitation", args=[secret])


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User) -> None:
    demand(rules.can_grant(by, invitation.organisation, Role(invitation.role)), _("Your role does not allow this."))
    gone = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if gone.update(revoked_at=timezone.now()):
        record("invitation.revoked", about=invitation, by=by)


def find_invitation(secret: str) -> Invitation | None:
    return Invitation.objects.filter(token_hash=links.hash_of(secret)).select_related("organisation__agency").first()


@transaction.atomic
def join_as_new_person(
    invitation: Invitation, *, name: str, password: str, language: str, time_zone: str
) -> Membership:
    """Accept an invitation by a person who has no account yet. An existing account is never touched from here."""
    organisation = lock(invitation.organisation)
    refuse_unless_open(Invitation.objects.get(pk=invitation.pk))
    has_account = _("There is an account with this address already. Please log in to accept the invitation.")
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise Refused(has_account, code="has-account")
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                invitation.email, password, name=name, language=language, timezone=time_zone
            )
            user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    except IntegrityError:  # two invitations to one address, accepted at the same moment
        raise Refused(has_account, code="has-account") from None
    record("account.opened", about=user, by=user, organisation=organisation.name)
    return accept_invitation(invitation, by=user)


@transaction.atomic
def accept_invitation(invitation: Invitation, *, by: User) -> Membership:
    """Works once, only while it is open, and only for the person it was written to."""
    organisation = lock(invitation.organisation)
    if by.email.lower() != invitation.email.lower():
        raise Refused(
            _("This invitation is for %(email)s. Please log in with that address.") % {"email": invitation.email},
            code="somebody-else",
        )
    if rules.would_sit_on_both_sides(by, organisation):
        raise Refused(_("You are on the other side of this client's projects, so you can't join this one."))
    taken = Invitation.objects.filter(pk=invitation.pk).open().update(accepted_at=timezone.now(), accepted_by=by)
    if not taken:
        refuse_unless_open(Invitation.objects.get(pk=invitation.pk))
    membership, _is_new = Membership.objects.get_or_create(
        user=by, organisation=organisation, defaults={"role": invitation.role}
    )
    record("person.joined", about=membership, by=by, role=membership.role)
    tell_heads("person.joined", membership, by=by, also=[invitation.invited_by] if invitation.invited_by else [])
    return membership


def refuse_unless_open(invitation: Invitation) -> None:
    """Say why an invitation does not work, and what to do next."""
    if invitation.accepted_at:
        raise Refused(_("This invitation has been used already. Please log in."), code="used")
    if invitation.revoked_at:
        raise Refused(_("This invitation was withdrawn. Please ask for a new one."), code="withdrawn")
    if not invitation.is_open:
        raise Refused(_("This invitation is out of date. Please ask for a new one."), code="expired")


def tell_heads(event: str, membership: Membership, *, by: User, also: list[User], **facts: str) -> None:
    """Tell those without whom nobody should come or rise here: the organisation's owners or decision-makers."""
    organisation = membership.organisation
    heads = User.objects.filter(
        memberships__organisation=organisation, memberships__role=HEAD_OF[organisation.side], is_active=True
    )
    announce(
        event,
        to=[*also, *heads],
        about=membership,
        by=by,
        url=reverse("people:organisation", args=[organisation.pk]),
        facts={"organisation": organisation.name, **facts},
    )


@transaction.atomic
def change_role(membership: Membership, *, role: Role, by: User) -> Membership:
    role = Role(role)
    organisation = lock(membership.organisation)
    membership = find_again(membership)
    if membership is None:
        raise Refused(_("This person is no longer here."), code="gone")
    demand(rules.can_grant(by, organisation, role), _("Your role does not allow this change."))
    demand(
        membership.role != Role.OWNER or rules.role_in(by, organisation) is Role.OWNER,
        _("Only an owner changes another owner's role."),
    )
    if role == membership.role:
        return membership
    if rules.is_last_head(membership):
        raise Refused(last_head_sentence(membership), code="last-head")
    record("role.changed", about=membership, by=by, was=membership.role, became=role)
    membership.role = role
    membership.save(update_fields=["role"])
    tell_heads("role.changed", membership, by=by, also=[membership.user], person=str(membership.user), role=str(role))
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, by: User) -> None:
    """Let a person go, or leave. Everything they did stays under their name. Done twice, it is done once."""
    lock(membership.organisation)
    membership = find_again(membership)
    if membership is None:
        return
    demand(rules.can_let_go(by, membership), _("Your role does not allow removing this person."))
    if rules.is_last_head(membership):
        raise Refused(last_head_sentence(membership), code="last-head")
    record("person.left", about=membership, by=by, person=str(membership.user), role=membership.role)
    membership.delete()


def lock(organisation: Organisation) -> Organisation:
    """The agency's row locked, then its client's: who comes, rises and leaves is decided one after another.

    Two last owners can't leave at the same moment, and nobody joins both sides of a client at once.
    """
    root = organisation.agency_id or organisation.pk
    Organisation.objects.select_for_update().get(pk=root)
    return Organisation.objects.select_related("agency").get(pk=organisation.pk)


def find_again(membership: Membership) -> Membership | None:
    """The row as it is now, behind the lock."""
    return Membership.objects.select_related("organisation", "user").filter(pk=membership.pk).first()


def last_head_sentence(membership: Membership) -> str:
    if membership.organisation.side is Side.AGENCY:
        return _("This is the agency's only owner. Make someone else an owner first.")
    return _("This is the client's only decision-maker. Make someone else the decision-maker first.")


@transaction.atomic
def issue_token(user: User, *, name: str) -> tuple[ApiToken, str]:
    """A new personal API token and its secret, which is shown once and stored nowhere."""
    if user.api_tokens.alive().count() >= LIVING_TOKENS:
        raise Refused(_("You have very many tokens. Please revoke those that are not used any more."), code="too-many")
    secret = links.new_secret()
    token = ApiToken.objects.create(user=user, name=name, token_hash=links.hash_of(secret))
    record("token.issued", about=token, by=user, name=name)
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User) -> None:
    if ApiToken.objects.alive().filter(pk=token.pk).update(revoked_at=timezone.now()):
        record("token.revoked", about=token, by=by)


@transaction.atomic
def change_settings(user: User, *, name: str, language: str, time_zone: str) -> User:
    """Change what a person says of themselves."""
    user.name, user.language, user.timezone = name, language, time_zone
    user.save(update_fields=["name", "language", "timezone"])
    return user


def change_language(user: User, language: str) -> None:
    user.language = language
    user.save(update_fields=["language"])

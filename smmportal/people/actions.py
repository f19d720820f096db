"""Verbs about people."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from smmportal.audit import record
from smmportal.notifications.actions import announce, write_to_address
from smmportal.people import links, rules
from smmportal.people.models import ApiToken, Invitation, Membership, Organisation, Role, Side, User
from smmportal.refusals import Refused, demand


@transaction.atomic
def found_agency(name: str) -> Organisation:
    """A new agency on this instance. Its first owner comes by invitation like everybody else."""
    return Organisation.objects.create(name=name, kind=Side.AGENCY)


@transaction.atomic
def add_client(agency: Organisation, *, name: str, by: User) -> Organisation:
    """Put a client on the agency's list."""
    demand(rules.can_run(by, agency), _("Only an owner or a manager of the agency adds clients."))
    client = Organisation.objects.create(name=name, kind=Side.CLIENT, agency=agency)
    record("client.added", about=client, by=by, name=name)
    return client


@transaction.atomic
def invite(
    organisation: Organisation, *, email: str, role: Role, by: User | None, language: str = "ru"
) -> tuple[Invitation, str]:
    """Invite a person by e-mail. Returns the invitation and its secret, which is stored nowhere.

    An earlier invitation of the same person that was not accepted stops working. `by` is None for the first owner
    of an agency, whom the operator of this instance invites from the command line.
    """
    email = email.strip().lower()
    if by is not None:
        demand(rules.can_grant(by, organisation, role), _("Your role does not allow inviting people in this role."))
    if role not in organisation.roles:
        raise Refused(_("This role does not exist in this organisation."))
    if organisation.memberships.filter(user__email__iexact=email).exists():
        raise Refused(_("%(email)s is already here.") % {"email": email}, code="already-member")
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


def invitation_url(secret: str) -> str:
    return settings.PUBLIC_URL + reverse("people:invitation", args=[secret])


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: User) -> None:
    demand(rules.can_run(by, invitation.organisation), _("Your role does not allow this."))
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
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise Refused(_("There is an account with this address already. Please log in to accept the invitation."))
    user = User.objects.create_user(invitation.email, password, name=name, language=language, timezone=time_zone)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return accept_invitation(invitation, by=user)


@transaction.atomic
def accept_invitation(invitation: Invitation, *, by: User) -> Membership:
    """Works once, only while it is open, and only for the person it was written to."""
    if by.email.lower() != invitation.email.lower():
        raise Refused(
            _("This invitation is for %(email)s. Please log in with that address.") % {"email": invitation.email}
        )
    if rules.would_sit_on_both_sides(by, invitation.organisation):
        raise Refused(_("You are on the other side of this client's projects, so you can't join this one."))
    taken = Invitation.objects.filter(pk=invitation.pk).open().update(accepted_at=timezone.now(), accepted_by=by)
    if not taken:
        raise Refused(_("This invitation has been used or is out of date. Please ask for a new one."))
    membership, _is_new = Membership.objects.get_or_create(
        user=by, organisation=invitation.organisation, defaults={"role": invitation.role}
    )
    record("person.joined", about=membership, by=by, role=membership.role)
    if invitation.invited_by:
        announce(
            "person.joined",
            to=[invitation.invited_by],
            about=membership,
            by=by,
            url=reverse("people:organisation", args=[membership.organisation_id]),
            facts={"organisation": membership.organisation.name},
        )
    return membership


@transaction.atomic
def change_role(membership: Membership, *, role: Role, by: User) -> Membership:
    membership = lock(membership)
    demand(rules.can_grant(by, membership.organisation, role), _("Your role does not allow this change."))
    demand(
        membership.role != Role.OWNER or rules.role_in(by, membership.organisation) == Role.OWNER,
        _("Only an owner changes another owner's role."),
    )
    if role != membership.role and rules.is_last_head(membership):
        raise Refused(last_head_sentence(membership), code="last-head")
    record("role.changed", about=membership, by=by, was=membership.role, became=role)
    membership.role = role
    membership.save(update_fields=["role"])
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, by: User) -> None:
    """Let a person go, or leave. Everything they did stays under their name."""
    membership = lock(membership)
    if membership.user_id != by.pk:
        demand(
            rules.can_grant(by, membership.organisation, Role(membership.role)),
            _("Your role does not allow removing this person."),
        )
    if rules.is_last_head(membership):
        raise Refused(last_head_sentence(membership), code="last-head")
    record("person.left", about=membership, by=by, person=str(membership.user), role=membership.role)
    membership.delete()


def lock(membership: Membership) -> Membership:
    """The row again, with its organisation locked, so that two last owners can't leave at the same moment."""
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    return Membership.objects.select_related("organisation", "user").get(pk=membership.pk)


def last_head_sentence(membership: Membership) -> str:
    if membership.organisation.side is Side.AGENCY:
        return _("This is the agency's only owner. Make someone else an owner first.")
    return _("This is the client's only decision-maker. Make someone else the decision-maker first.")


@transaction.atomic
def issue_token(user: User, *, name: str) -> tuple[ApiToken, str]:
    """A new personal API token and its secret, which is shown once and stored nowhere."""
    secret = links.new_secret()
    token = ApiToken.objects.create(user=user, name=name, token_hash=links.hash_of(secret))
    record("token.issued", about=token, by=user, name=name)
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User) -> None:
    if ApiToken.objects.alive().filter(pk=token.pk).update(revoked_at=timezone.now()):
        record("token.revoked", about=token, by=by)

"""Who may do what to people; one question a function."""

from smmportal.people.models import HEAD_OF, Membership, Organisation, Role, User


def role_in(user: User, organisation: Organisation) -> Role | None:
    found = Membership.objects.filter(user=user, organisation=organisation).values_list("role", flat=True).first()
    return Role(found) if found else None


def can_run(user: User, organisation: Organisation) -> bool:
    """Owners and managers run their agency and its clients; a decision-maker runs the client's own people."""
    return Organisation.objects.run_by(user).filter(pk=organisation.pk).exists()


def roles_to_give(user: User, organisation: Organisation) -> tuple[Role, ...]:
    """Nobody gives more than they have: only an owner makes another owner."""
    if not can_run(user, organisation):
        return ()
    is_owner = role_in(user, organisation) is Role.OWNER
    return tuple(role for role in organisation.roles if role != Role.OWNER or is_owner)


def can_grant(user: User, organisation: Organisation, role: Role) -> bool:
    return role in roles_to_give(user, organisation)


def can_let_go(user: User, membership: Membership) -> bool:
    """One may always leave; of others, only those whose role one could give."""
    return membership.user_id == user.pk or can_grant(user, membership.organisation, Role(membership.role))


def is_last_head(membership: Membership) -> bool:
    """Is this the organisation's only owner (agency) or only decision-maker (client)? The locked out don't count."""
    head = HEAD_OF[membership.organisation.side]
    others = membership.organisation.memberships.filter(role=head, user__is_active=True).exclude(pk=membership.pk)
    return membership.role == head and not others.exists()


def would_sit_on_both_sides(user: User, organisation: Organisation) -> bool:
    """One person can't be the agency and its client at once: every signature would be with oneself."""
    opposite = organisation.clients.all() if organisation.agency_id is None else [organisation.agency]
    return Membership.objects.filter(user=user, organisation__in=opposite).exists()


def are_colleagues(user: User, other: User) -> bool:
    """Do they share an organisation?"""
    mine = Membership.objects.filter(user=user).values("organisation")
    return Membership.objects.filter(user=other, user__is_active=True, organisation__in=mine).exists()

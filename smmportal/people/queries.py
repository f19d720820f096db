"""Reads about people that more than one door uses."""

from smmportal.people import rules
from smmportal.people.models import ApiToken, Invitation, Membership, Organisation, Role, User


def people_of(organisation: Organisation, user: User) -> list[Membership]:
    """The people of an organisation as far as this person sees them, each with what may be done about them."""
    rows = list(
        Membership.objects.visible_to(user)
        .filter(organisation=organisation)
        .select_related("user")
        .order_by("user__name", "id")
    )
    grantable = rules.roles_to_give(user, organisation)
    for row in rows:
        row.organisation = organisation
        row.can_change = bool(grantable) and (row.role != Role.OWNER or Role.OWNER in grantable)
        row.can_let_go = row.user_id == user.pk or row.role in grantable
    return rows


def waiting_invitations(organisation: Organisation, user: User) -> list[Invitation]:
    """Neither accepted nor withdrawn; those out of date stay in sight until they are sent again."""
    rows = Invitation.objects.visible_to(user).filter(organisation=organisation, accepted_at=None, revoked_at=None)
    return list(rows.select_related("invited_by"))


def clients_of(agency: Organisation, user: User) -> list[Organisation]:
    return list(Organisation.objects.visible_to(user).filter(agency=agency))


def organisations_of(user: User) -> list[Membership]:
    return list(Membership.objects.filter(user=user).select_related("organisation").order_by("organisation__name"))


def living_tokens(user: User) -> list[ApiToken]:
    return list(ApiToken.objects.visible_to(user).alive())

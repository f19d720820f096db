"""Who may; one question a function."""

from smmportal.people.models import Organisation, Role, User
from smmportal.people.rules import role_in


def can_set_weights(user: User, agency: Organisation) -> bool:
    """What the rules count is the owner's word; everybody else reads it."""
    return role_in(user, agency) is Role.OWNER

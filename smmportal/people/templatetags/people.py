from django import template

from smmportal.people.models import Role

register = template.Library()


@register.filter
def role_name(role: str) -> str:
    """The role in a word, in the reader's language."""
    return str(Role(role).label) if role in Role.values else role

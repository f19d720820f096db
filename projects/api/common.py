"""What the project's parts of the API share."""

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from projects.models import Project
from smmportal.people.models import Membership, Organisation, Role, User


class SeenField(serializers.PrimaryKeyRelatedField):
    """The id of a row that the sender may see; any other is refused as unknown."""

    def __init__(self, seen_by=None, **kwargs):
        self.seen_by = seen_by
        super().__init__(**({} if kwargs.get("read_only") else {"queryset": Project.objects.none()}), **kwargs)

    def get_queryset(self):
        return None if self.read_only else self.seen_by(self.context["request"].user)


def people_seen_by(user: User):
    members = Membership.objects.filter(organisation__in=Organisation.objects.visible_to(user))
    return User.objects.filter(is_active=True, pk__in=members.exclude(role=Role.VIEWER).values("user"))


def read(shape: type, request: Request, **kwargs) -> dict:
    """The body as this shape says, or 400 with the fields."""
    serializer = shape(data=request.data, context={"request": request}, **kwargs)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def projects_of(request: Request) -> QuerySet:
    return Project.objects.visible_to(request.user).select_related("agency", "client").prefetch_related("team")

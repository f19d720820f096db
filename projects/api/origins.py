"""Where an object began, in the API: read with every object that can come from an answer, sent where it is made."""

from rest_framework import serializers

from projects.models import Project
from projects.origins import Place, place_at

ORIGIN = ["from_version", "from_key", "from_row"]


class OriginSerializer(serializers.Serializer):
    """The version's number, the question's key, and the number of the line of that answer, from 0. Sent without a
    version, the latest is meant."""

    from_version = serializers.IntegerField(
        source="from_version.number", required=False, allow_null=True, min_value=1, max_value=2**31 - 1
    )
    from_key = serializers.CharField(required=False, allow_blank=True, max_length=40)
    from_row = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=32_767)


def take_origin(words: dict, project: Project) -> Place | None:
    """Take the origin out of what was sent; None when nothing was said of it."""
    version, key, row = words.pop("from_version", None), words.pop("from_key", ""), words.pop("from_row", None)
    number = version.get("number") if isinstance(version, dict) else version
    return place_at(project, key=key, row=row, version=number) if key else None

"""The posts of a source through the API: the same lines as on the page."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView

from kpis.api.kpis import FigureField
from kpis.connectors.posts import silence_of
from kpis.ladder import STEPS
from kpis.models import Post, Source
from kpis.permalinks import post_at
from kpis.queries import posts as queries
from kpis.queries.posts import LATEST, Sight
from smmportal.api import Cursor
from smmportal.refusals import Refused


class PostNumberSerializer(serializers.Serializer):
    """One metric of a post, told when the post was `age_seconds` old; without a value `reason` may say why.

    `more_than_percent`: than how many per cent of the source's posts at this age it is more (null: not asked for, or
    fewer than ten posts have it).
    """

    metric = serializers.CharField(source="metric.code")
    value = FigureField(allow_null=True)
    reason = serializers.CharField()
    taken_at = serializers.DateTimeField(allow_null=True)
    age_seconds = serializers.SerializerMethodField()
    more_than_percent = serializers.IntegerField(source="percent", allow_null=True)

    def get_age_seconds(self, number: queries.Number) -> int | None:
        return None if number.age is None else int(number.age.total_seconds())


class SourcePostSerializer(serializers.Serializer):
    """A post of the account; `gone_at` is when it was first seen to be deleted."""

    id = serializers.IntegerField(source="post.pk")
    external_id = serializers.CharField(source="post.external_id")
    permalink = serializers.CharField(source="post.permalink")
    published_at = serializers.DateTimeField(source="post.published_at")
    kind = serializers.ChoiceField(source="post.kind", choices=Post.Kind.choices)
    opening = serializers.CharField(source="post.opening")
    gone_at = serializers.DateTimeField(source="post.gone_at", allow_null=True)
    numbers = PostNumberSerializer(many=True)


class PostSightSerializer(serializers.Serializer):
    """What the query asks to see."""

    age = serializers.ChoiceField(choices=[LATEST, *STEPS], default=LATEST)
    sort = serializers.CharField(default="", max_length=40)
    permalink = serializers.CharField(default="", max_length=2_000)


SIGHT = [
    OpenApiParameter("age", enum=[LATEST, *STEPS], description="The numbers at this age; the latest when left out."),
    OpenApiParameter("sort", description="A metric: most of it at `age` first, posts without it left out."),
    OpenApiParameter("permalink", description="Only the post that this address leads to."),
]


class SourcePostsView(GenericAPIView):
    serializer_class = SourcePostSerializer
    queryset = Post.objects.none()
    pagination_class = Cursor

    @extend_schema(operation_id="sources_posts", parameters=SIGHT, responses=SourcePostSerializer(many=True))
    def get(self, request, pk: int):
        """The account's posts, the newest first, with their numbers at one age or the latest."""
        source = get_object_or_404(Source.objects.visible_to(request.user), pk=pk)
        if silence := silence_of(source.platform):
            raise Refused(str(silence), code="no-posts")
        asked = PostSightSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        sight = sight_asked(source, **asked.validated_data)
        posts = chosen(source, sight, asked.validated_data["permalink"])
        self.paginator.ordering = ("-at_age", "-id") if sight.metric else ("-published_at", "-id")
        page = self.paginate_queryset(posts)
        lines = queries.lines_of_posts(source, page, sight, queries.ranks_at(source, sight))
        return self.get_paginated_response(SourcePostSerializer(lines, many=True).data)


def sight_asked(source: Source, *, age: str, sort: str, permalink: str) -> Sight:
    """Refuses an order that says nothing: by an unknown metric, or by one at different ages."""
    if sort and sort not in queries.post_metrics(source):
        raise serializers.ValidationError({"sort": _("The posts of this source have no such number.")})
    if sort and age == LATEST:
        raise serializers.ValidationError({"sort": _("Posts are compared at an equal age only: name it too.")})
    return Sight(STEPS.get(age), sort)


def chosen(source: Source, sight: Sight, permalink: str):
    posts = queries.posts_in_order(source, sight)
    if sight.metric:
        posts = posts.filter(at_age__isnull=False)
    if not permalink:
        return posts
    address = post_at(permalink)
    if address is None or address.platform != source.platform:
        raise serializers.ValidationError({"permalink": _("This address leads to no post of this platform.")})
    return queries.posts_at_address(posts, address)

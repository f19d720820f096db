"""Sources through the API: what can be connected, connecting, tending, and numbers brought from outside."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.response import Response
from rest_framework.views import APIView

from kpis.actions import imports as import_actions
from kpis.actions import sources as actions
from kpis.actions.quiet_hours import demand_to_set, set_quiet_hours
from kpis.alerts import MOST_QUIET_HOURS, QUIET_HOURS
from kpis.api.kpis import FigureField
from kpis.connectors import CONNECTORS, offered
from kpis.connectors.contract import Connector
from kpis.connectors.filters import IS, LONGEST_VALUE, OPERATORS
from kpis.connectors.posts import reader_for, silence_of
from kpis.imports import Mapping
from kpis.metrics import CATALOGUE
from kpis.models import Kpi, PlatformLogin, Source
from kpis.queries.sources import state_of
from kpis.tables import LARGEST_FILE
from projects.api.common import read
from projects.api.origins import ORIGIN, OriginSerializer, take_origin
from projects.models import Project
from projects.queries import with_origin
from smmportal.api import EmptySerializer
from smmportal.people.models import User

MOST_POINTS = 10_000
LARGEST_VALUE = 10**18


class PlatformFieldSerializer(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()
    help = serializers.CharField()
    secret = serializers.BooleanField()
    required = serializers.BooleanField()


class PlatformSerializer(serializers.Serializer):
    """A platform that can be connected: what it wants pasted and what it tells.

    `by_consent`: access may also be granted on its own page.
    """

    code = serializers.CharField()
    name = serializers.CharField()
    by_consent = serializers.BooleanField(source="door")
    fields_wanted = PlatformFieldSerializer(many=True, source="fields")
    metrics = serializers.ListField(child=serializers.CharField(), source="capabilities.codes")
    history_days = serializers.IntegerField(allow_null=True, source="capabilities.history_days")
    post_metrics = serializers.SerializerMethodField(help_text="What it tells of single posts.")
    post_silence = serializers.SerializerMethodField(help_text="Why it tells nothing of them.")

    def get_post_metrics(self, connector: Connector) -> list[str]:
        reader = reader_for(connector.code)
        return list(reader.metrics) if reader else []

    def get_post_silence(self, connector: Connector) -> str:
        return str(silence_of(connector.code))


class ConditionSerializer(serializers.Serializer):
    """«utm_campaign is лето»: a filter of the platform, one of its operators, and the value."""

    name = serializers.CharField(max_length=60)
    operator = serializers.ChoiceField(choices=list(OPERATORS), default=IS)
    value = serializers.CharField(max_length=LONGEST_VALUE)


class SeriesSerializer(serializers.Serializer):
    """One metric of a source with its latest number."""

    metric = serializers.CharField()
    latest_value = FigureField(allow_null=True)
    latest_on = serializers.DateField(allow_null=True)
    final_through = serializers.DateField(allow_null=True)


class SourceSerializer(OriginSerializer, serializers.ModelSerializer):
    """A source as it stands. `state` and `error` are sentences; `error_kind` is for programs.

    `conditions` say which part of the account it is; none: the whole. `name` is the title with that part in words.
    """

    name = serializers.CharField(source="__str__", read_only=True)
    conditions = ConditionSerializer(many=True, read_only=True)

    state = serializers.SerializerMethodField()
    error = serializers.SerializerMethodField()
    metrics = SeriesSerializer(many=True, source="series", read_only=True)

    class Meta:
        model = Source
        fields = (
            "id", "project", "platform", "external_id", "title", "name", "conditions", "url", "timezone",
            "connected_at", "paused_at", "last_attempt_at", "last_success_at", "next_pull_at", "history_from",
            "error_kind", "error", "state", "metrics", "typed_metrics", "typed_every", "typed_by", *ORIGIN,
        )  # fmt: skip
        read_only_fields = fields

    def get_state(self, source: Source) -> str:
        return state_of(source, timezone.now()).word

    def get_error(self, source: Source) -> str:
        return _(source.error_words) if source.error_words else ""


class CredentialsSerializer(serializers.Serializer):
    platform = serializers.ChoiceField(choices=sorted(CONNECTORS))
    credentials = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=4000), write_only=True)


class AccessToUseSerializer(serializers.Serializer):
    """Either `login`, an access that your side keeps already, or `platform` and `credentials`."""

    login = serializers.PrimaryKeyRelatedField(queryset=PlatformLogin.objects.none(), required=False)
    platform = serializers.ChoiceField(choices=sorted(CONNECTORS), required=False)
    credentials = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=4000), write_only=True, required=False
    )

    def get_fields(self) -> dict:
        fields = super().get_fields()
        if request := self.context.get("request"):
            seen = PlatformLogin.objects.visible_to(request.user).distinct()
            fields["login"].queryset = seen.filter(revoked_at=None)
        return fields

    def validate(self, said: dict) -> dict:
        if "login" not in said and not {"platform", "credentials"} <= said.keys():
            raise serializers.ValidationError({"login": _("Name an access, or a platform with its credentials.")})
        return said


class ConnectSerializer(OriginSerializer, AccessToUseSerializer):
    project = serializers.PrimaryKeyRelatedField(queryset=Project.objects.none())
    external_id = serializers.CharField(max_length=200)
    hint = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")

    def get_fields(self) -> dict:
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["project"].queryset = Project.objects.visible_to(request.user)
        return fields


class DiscoverSerializer(AccessToUseSerializer):
    hint = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class AccessSerializer(serializers.Serializer):
    credentials = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=4000), write_only=True)


class AccountSerializer(serializers.Serializer):
    """An account that the access sees; `refused_because` says why it can't be connected."""

    external_id = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()
    timezone = serializers.CharField()
    refused_because = serializers.CharField()


class PlatformsView(APIView):
    @extend_schema(operation_id="platforms_list", responses=PlatformSerializer(many=True))
    def get(self, request):
        """The platforms that can be connected."""
        return Response(PlatformSerializer(offered(), many=True).data)


class SourceListView(GenericAPIView):
    serializer_class = SourceSerializer
    queryset = Source.objects.none()

    @extend_schema(operation_id="sources_list", parameters=[OpenApiParameter("project", int)])
    def get(self, request):
        """The sources of your projects."""
        sources = with_origin(seen_by(request.user))
        project = request.query_params.get("project", "")
        if project:
            sources = sources.filter(project=int(project)) if is_id(project) else sources.none()
        page = self.paginate_queryset(sources)
        return self.get_paginated_response(SourceSerializer(page, many=True).data)

    @extend_schema(operation_id="sources_connect", request=ConnectSerializer, responses={201: SourceSerializer})
    def post(self, request):
        """Connect an account. The credentials are checked with the platform and kept encrypted."""
        asked = ConnectSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        words = dict(asked.validated_data)
        project = words.pop("project")
        origin = take_origin(words, project)
        login = login_to_use(project, words, request.user)
        source = actions.connect_account(project, login, by=request.user, origin=origin, **words)
        return Response(SourceSerializer(source).data, status=status.HTTP_201_CREATED)


class AccountsView(APIView):
    @extend_schema(operation_id="accounts_discover", request=DiscoverSerializer, responses=AccountSerializer(many=True))
    def post(self, request, pk: int):
        """The accounts that these credentials open."""
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        actions.demand_to_connect(request.user, project)
        asked = DiscoverSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        words = dict(asked.validated_data)
        login = login_to_use(project, words, request.user)
        accounts = actions.discover_accounts(project, login, by=request.user, **words)
        return Response(AccountSerializer(accounts, many=True).data)


def login_to_use(project: Project, words: dict, by: User) -> PlatformLogin:
    """The access that was named, or what was pasted kept as one; taken out of `words`."""
    named = words.pop("login", None)
    pasted = {name: words.pop(name, "") for name in ("platform", "credentials")}
    return named or actions.grant_access(project, by=by, **pasted)


class SourceView(APIView):
    @extend_schema(operation_id="sources_read", responses=SourceSerializer)
    def get(self, request, pk: int):
        """One source."""
        return Response(SourceSerializer(find(request, pk)).data)


class SourcePullsView(APIView):
    @extend_schema(operation_id="sources_pull", request=EmptySerializer, responses={202: SourceSerializer})
    def post(self, request, pk: int):
        """Ask the platform now. Asking twice pulls once."""
        source = actions.ask_for_pull(find(request, pk), by=request.user)
        return Response(SourceSerializer(source).data, status=status.HTTP_202_ACCEPTED)


class QuietHoursSerializer(serializers.Serializer):
    """After so many hours without a number, beyond the platform's own lag, the agency is told. Null: the `usual`."""

    hours = serializers.IntegerField(
        source="quiet_hours", min_value=1, max_value=MOST_QUIET_HOURS, allow_null=True, required=True
    )
    usual = serializers.SerializerMethodField()

    def get_usual(self, _source) -> int:
        return QUIET_HOURS


class QuietHoursView(APIView):
    @extend_schema(operation_id="sources_quiet_hours", responses=QuietHoursSerializer)
    def get(self, request, pk: int):
        """When the agency is told of this source's silence; the agency's own."""
        source = find(request, pk)
        demand_to_set(source, by=request.user)
        return Response(QuietHoursSerializer(source).data)

    @extend_schema(operation_id="sources_set_quiet_hours", request=QuietHoursSerializer, responses=QuietHoursSerializer)
    def put(self, request, pk: int):
        """Tell us sooner or later of this source's silence, or as usual."""
        source = find(request, pk)
        hours = read(QuietHoursSerializer, request)["quiet_hours"]
        return Response(QuietHoursSerializer(set_quiet_hours(source, hours=hours, by=request.user)).data)


class SourcePauseView(APIView):
    @extend_schema(operation_id="sources_pause", request=EmptySerializer, responses=SourceSerializer)
    def post(self, request, pk: int):
        """Take no more numbers for now."""
        return Response(SourceSerializer(actions.pause_source(find(request, pk), by=request.user)).data)

    @extend_schema(operation_id="sources_resume", responses=SourceSerializer)
    def delete(self, request, pk: int):
        """Go on."""
        return Response(SourceSerializer(actions.resume_source(find(request, pk), by=request.user)).data)


class SourceAccessView(APIView):
    @extend_schema(operation_id="sources_replace_access", request=AccessSerializer, responses=SourceSerializer)
    def post(self, request, pk: int):
        """Replace the access to the platform."""
        source = find(request, pk)
        actions.demand_to_tend(request.user, source)
        asked = AccessSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return Response(
            SourceSerializer(actions.reconnect_source(source, by=request.user, **asked.validated_data)).data
        )


# --- Files ----------------------------------------------------------------------------------------------------------


class MappingSerializer(serializers.Serializer):
    """What the columns are; leave the whole thing out to have them understood by their names."""

    day = serializers.CharField()
    account = serializers.CharField(required=False, allow_blank=True, default="")
    title = serializers.CharField(required=False, allow_blank=True, default="")
    metrics = serializers.DictField(child=serializers.ChoiceField(choices=list(CATALOGUE)))
    day_format = serializers.ChoiceField(choices=["ymd", "dmy", "mdy"])
    decimal = serializers.ChoiceField(choices=[".", ","])


class FileSerializer(serializers.Serializer):
    """A table of daily numbers: `text` in JSON, or `file` (CSV or XLSX) in a multipart form.

    `sheet` names the sheet of a spreadsheet; without it the first one that is a table is taken.
    """

    file_name = serializers.CharField(max_length=200, required=False, default="table.csv")
    text = serializers.CharField(required=False, trim_whitespace=False, max_length=LARGEST_FILE)
    file = serializers.FileField(required=False, allow_empty_file=True)
    mapping = MappingSerializer(required=False)
    title = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    sheet = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")

    def validate(self, said: dict) -> dict:
        file = said.get("file")
        if file is None and "text" not in said:
            raise serializers.ValidationError({"file": _("Send the table as a file or as text.")})
        if file is not None and file.size > LARGEST_FILE:
            raise serializers.ValidationError({"file": _("The file is larger than 5 MB. Split it.")})
        return said


class FileProblemSerializer(serializers.Serializer):
    line = serializers.IntegerField()
    column = serializers.CharField()
    code = serializers.CharField()
    sentence = serializers.CharField()


class ImportedSerializer(serializers.Serializer):
    """What was taken, and every cell that could not be read."""

    sources = serializers.ListField(child=serializers.IntegerField())
    read = serializers.IntegerField()
    changed = serializers.IntegerField()
    problems = FileProblemSerializer(many=True)


class ImportsView(APIView):
    parser_classes = [JSONParser, MultiPartParser]

    @extend_schema(operation_id="imports_create", request=FileSerializer, responses={201: ImportedSerializer})
    def post(self, request, pk: int):
        """Import a table of daily numbers."""
        project = get_object_or_404(Project.objects.visible_to(request.user), pk=pk)
        import_actions.demand_to_import(request.user, project)
        asked = FileSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        imported = import_actions.import_file(project, by=request.user, **file_fields(asked.validated_data))
        answer = {**vars(imported), "sources": [source.pk for source in imported.sources]}
        return Response(ImportedSerializer(answer).data, status=status.HTTP_201_CREATED)


def file_fields(said: dict) -> dict:
    file, mapping = said.get("file"), said.get("mapping")
    return {
        "file_name": file.name if file else said["file_name"],
        "content": file.read() if file else said["text"].encode(),
        "mapping": Mapping(**mapping) if mapping else None,
        "title": said["title"],
        "sheet": said["sheet"],
    }


# --- Points ---------------------------------------------------------------------------------------------------------


class GivenPointSerializer(serializers.Serializer):
    """One day's number; null says that there is none."""

    day = serializers.DateField()
    value = FigureField(allow_null=True, min_value=-LARGEST_VALUE, max_value=LARGEST_VALUE)


class SentSerializer(serializers.Serializer):
    received = serializers.IntegerField()
    changed = serializers.IntegerField()


class KpiPointsView(APIView):
    @extend_schema(
        operation_id="kpis_send_points", request=GivenPointSerializer(many=True), responses={201: SentSerializer}
    )
    def post(self, request, pk: int):
        """Put numbers from outside on the KPI's metric. The same numbers again change nothing."""
        kpi = get_object_or_404(Kpi.objects.visible_to(request.user).select_related("project", "source"), pk=pk)
        import_actions.demand_to_import(request.user, kpi.project)
        asked = GivenPointSerializer(data=request.data, many=True, allow_empty=False, max_length=MOST_POINTS)
        asked.is_valid(raise_exception=True)
        values = values_by_day(asked.validated_data)
        recorded = import_actions.send_points(kpi, values=values, by=request.user)
        return Response({"received": len(values), "changed": recorded.changed}, status=status.HTTP_201_CREATED)


def values_by_day(points: list[dict]) -> dict:
    """The numbers by day. Refuses a day that is told twice with different numbers."""
    values: dict = {}
    for point in points:
        if values.setdefault(point["day"], point["value"]) != point["value"]:
            sentence = _("%(day)s is told twice, with different numbers.") % {"day": point["day"].isoformat()}
            raise serializers.ValidationError({"day": sentence})
    return values


def is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def find(request, pk: int) -> Source:
    return get_object_or_404(seen_by(request.user), pk=pk)


def seen_by(user):
    rows = Source.objects.visible_to(user).select_related("project", "login", "typed_by")
    return rows.prefetch_related("series")

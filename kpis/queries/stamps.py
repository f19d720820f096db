"""One look-up that tells whether anything on a project's dashboard has changed, and whether the reader may see it.

The stamp is a digest of the rows that a dashboard rests on, made by the database: no row is read out, no point is
touched. It may change when nothing that is shown did, never the other way round; what of a row never shows (when a pull
is due, how often it was tried) is left out of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.utils import timezone

from kpis.models import (
    Agreement,
    Computed,
    Dip,
    Forecast,
    Formula,
    Kpi,
    MetricSeries,
    Operand,
    Review,
    Signature,
    Source,
)
from projects.models import Project
from smmportal.middleware import LARGEST_ID
from smmportal.people.models import Membership, Organisation, User
from smmportal.prepared import Prepared

#: What a dashboard rests on, each with its road to the project.
RESTS_ON: tuple[tuple[type[models.Model], str], ...] = (
    (Project, "pk"),
    (Organisation, "agency_projects"),
    (Organisation, "client_projects"),
    (Membership, "organisation__agency_projects"),
    (Membership, "organisation__client_projects"),
    (Kpi, "project"),
    (Source, "project"),
    (MetricSeries, "source__project"),
    (Forecast, "kpi__project"),
    (Formula, "project"),
    (Computed, "series__source__project"),
    (Operand, "computed__series__source__project"),
    (Dip, "kpi__project"),
    (Review, "kpi__project"),
    (Agreement, "project"),
    (Signature, "agreement__project"),
)
UNSEEN = {
    Source: {"next_pull_at", "claimed_at", "attempts", "last_attempt_at", "last_success_at", "error_detail"},
    Forecast: {"made_at"},
    Agreement: {"content"},
}


@dataclass(frozen=True)
class Stamp:
    """Of one project for one reader."""

    project: int
    today: date
    digest: str


def stamp_of(reader: User, project: int) -> Stamp | None:
    """None when the reader sees no such project."""
    if not (reader.is_authenticated and reader.is_active) or project > LARGEST_ID:
        return None
    found = STAMP.first(reader.pk, project)
    return found and Stamp(project, timezone.localdate(timezone=ZoneInfo(found[0])), found[1])


def seen_with_digest(reader: int, project: int) -> models.QuerySet:
    digest, params = digest_sql(project)
    seen = Project.objects.visible_to(User(pk=reader)).filter(pk=project).order_by()
    return seen.annotate(digest=RawSQL(digest, params)).values_list("timezone", "digest")  # noqa: S611  our own tables


def digest_sql(project: int) -> tuple[str, list]:
    parts, params = [], []
    for model, road in RESTS_ON:
        columns = [field.attname for field in model._meta.concrete_fields if field.name not in UNSEEN.get(model, ())]
        rows = model._base_manager.filter(**{road: project}).order_by("pk").values_list(*columns)
        sql, given = rows.query.sql_with_params()
        parts.append(f"COALESCE(({all_of(sql, columns)}), '')")
        params += given
    return f"MD5({chr(10).join(f' || {part}' for part in parts).removeprefix(' || ')})", params


def all_of(rows: str, columns: Sequence[str]) -> str:
    """Every value of these rows as one text."""
    if connection.vendor == "postgresql":
        return f"SELECT string_agg(r::text, ',') FROM ({rows}) r"  # noqa: S608  our own tables
    values = " || ',' || ".join(f'quote(r."{column}")' for column in columns)
    return f"SELECT group_concat({values}, ';') FROM ({rows}) r"  # noqa: S608


STAMP = Prepared(seen_with_digest, int, int)

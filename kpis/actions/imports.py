"""Verbs about numbers that people bring: files, and points sent to the API."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis import imports, rules
from kpis.computing import computed_metrics
from kpis.models import Kpi, PendingImport, Point, Source
from kpis.recording import Recorded, record_file, record_given_points
from kpis.tables import NotATable, Table
from projects.models import Project
from smmportal.audit import record
from smmportal.people.models import User
from smmportal.refusals import Refused, demand

PENDING_KEPT = timedelta(days=3)


@dataclass(frozen=True)
class Imported:
    """What a file brought: its sources, how many points changed, and what could not be read."""

    sources: tuple[Source, ...]
    changed: int
    read: int
    problems: tuple[imports.Problem, ...]


@transaction.atomic
def bring_file(project: Project, *, file_name: str, content: bytes, by: User) -> PendingImport:
    """Keep a file for its preview. What is no table is refused before anything is kept."""
    demand_to_import(by, project)
    table_of(content)
    return PendingImport.objects.create(
        project=project, uploaded_by=by, file_name=clean_name(file_name), content=content
    )


@transaction.atomic
def confirm_import(
    pending: PendingImport, *, mapping: imports.Mapping, title: str, by: User, sheet: str = ""
) -> Imported | None:
    """Import the previewed file, once; None when it was imported already."""
    claimed = PendingImport.objects.filter(pk=pending.pk, imported_at=None).update(imported_at=timezone.now())
    if not claimed:
        return None
    imported = import_file(
        pending.project,
        file_name=pending.file_name,
        content=bytes(pending.content),
        mapping=mapping,
        title=title,
        sheet=sheet,
        by=by,
    )
    PendingImport.objects.filter(pk=pending.pk).update(content=b"")
    return imported


@transaction.atomic
def import_file(
    project: Project,
    *,
    file_name: str,
    content: bytes,
    by: User,
    mapping: imports.Mapping | None = None,
    title: str = "",
    sheet: str = "",
) -> Imported:
    """Import a table of daily numbers: one source for each account in it. The same file again changes nothing.

    Without a `mapping` the columns are understood by their names; what two readings fit is refused with a question.
    """
    demand_to_import(by, project)
    table = table_of(content, sheet)
    today = timezone.now().astimezone(ZoneInfo(project.timezone)).date()
    mapping = replace(mapping or imports.guess(table), today=today)
    refuse_open_questions(mapping)
    refuse_unknown_columns(table, mapping)
    parsed = imports.parse(table, mapping)
    refuse_nothing_to_import(parsed)
    title = title.strip() or clean_name(file_name).rpartition(".")[0] or clean_name(file_name)
    recorded = [
        (source, record_account(source, file_name, content, table, mapping, account, by))
        for account in parsed.accounts
        for source in [source_of_file(project, account, title, by)]
    ]
    changed = sum(one.changed for _source, one in recorded)
    record(
        "file.imported",
        about=project,
        by=by,
        project=project,
        file_name=clean_name(file_name),
        sources=len(recorded),
        numbers=parsed.count,
        changed=changed,
    )
    return Imported(tuple(source for source, _one in recorded), changed, parsed.count, parsed.problems)


def table_of(content: bytes, sheet: str = "") -> Table:
    try:
        return imports.read_table(content, sheet)
    except NotATable as problem:
        raise Refused(problem.sentence, code=f"file-{problem.code.replace('_', '-')}") from None


QUESTIONS = {
    "day": lambda: _("Which column is the day?"),
    "metrics": lambda: _("Which columns are numbers to take? Choose a metric for at least one."),
    "day_format": lambda: _("The dates can be read in two ways. Say whether the day or the month comes first."),
    "decimal": lambda: _("The numbers can be read in two ways. Say whether a point or a comma separates the fraction."),
}


def refuse_open_questions(mapping: imports.Mapping) -> None:
    if mapping.questions:
        sentence = " ".join(QUESTIONS[name]() for name in mapping.questions)
        raise Refused(sentence, code="file-unclear", questions=mapping.questions)


def refuse_unknown_columns(table: Table, mapping: imports.Mapping) -> None:
    named = [mapping.day, mapping.account, mapping.title, *mapping.metrics]
    if unknown := [name for name in named if name and name not in table.columns]:
        sentence = _("There is no column “%(column)s” in the file.") % {"column": unknown[0][:100]}
        raise Refused(sentence, code="file-no-column")


def refuse_nothing_to_import(parsed: imports.Parsed) -> None:
    if len(parsed.accounts) > imports.MOST_ACCOUNTS:
        raise Refused(_("There are more than 300 accounts in the file. Split it."), code="file-too-many-accounts")
    if not parsed.count:
        first = parsed.problems[0] if parsed.problems else None
        where = _("Line %(line)s: %(sentence)s") % {"line": first.line, "sentence": first.sentence} if first else ""
        raise Refused(" ".join(filter(None, [_("There is not one number to import."), where])), code="file-no-numbers")


def source_of_file(project: Project, account: imports.AccountEntries, title: str, by: User) -> Source:
    """The project's source for one account of a file; importing again adds to the same one."""
    name = account.title if account.key else title
    source, is_new = Source.objects.get_or_create(
        project=project,
        platform=Source.FILE,
        external_id=account.key or title.casefold()[:200],
        defaults={"title": name[:200], "timezone": project.timezone, "connected_by": by},
    )
    if is_new:
        record("source.connected", about=source, by=by, project=project, platform=Source.FILE, title=source.title)
    return source


def record_account(
    source: Source,
    file_name: str,
    content: bytes,
    table: Table,
    mapping: imports.Mapping,
    account: imports.AccountEntries,
    by: User,
) -> Recorded:
    kept = {
        "file_name": clean_name(file_name),
        "file_sha256": hashlib.sha256(content).hexdigest(),
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "sheet": table.sheet,
        "mapping": mapping.as_json(),
        "text": account.text,
    }
    taken_at = timezone.now()
    recorded = record_file(source, kept, taken_at=taken_at, by=by)
    note_success(source, taken_at, account)
    return recorded


def note_success(source: Source, taken_at: datetime, account: imports.AccountEntries) -> None:
    first = min(entry.day for entry in account.entries) if account.entries else None
    earliest = min(filter(None, [source.history_from, first]), default=None)
    Source.objects.filter(pk=source.pk).update(last_success_at=taken_at, history_from=earliest)


def clean_name(file_name: str) -> str:
    """The file's own name, without folders and control characters."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable()).strip()[:200] or "table.csv"


def demand_to_import(by: User, project: Project) -> None:
    demand(rules.can_connect(by, project), _("Your role in this project is to look on; ask a colleague to import it."))


def forget_abandoned_imports() -> int:
    return PendingImport.objects.filter(uploaded_at__lt=timezone.now() - PENDING_KEPT).delete()[0]


# --- Points sent to the API -----------------------------------------------------------------------------------------


@transaction.atomic
def send_points(kpi: Kpi, *, values: Mapping[date, Decimal | None], by: User) -> Recorded:
    """Put numbers from outside on the KPI's own metric. What the platform itself measured is never overwritten."""
    demand_to_import(by, kpi.project)
    refuse_counted(kpi)
    refuse_future_days(kpi, values)
    refuse_measured_days(kpi, values)
    recorded = record_given_points(kpi.source, kpi.metric, values, taken_at=timezone.now(), by=by)
    if recorded.snapshot_id:
        record("points.sent", about=kpi, by=by, project=kpi.project, points=len(values), changed=recorded.changed)
    return recorded


def refuse_counted(kpi: Kpi) -> None:
    if kpi.metric in computed_metrics(kpi.source):
        sentence = _("The portal counts this number from others. Send the numbers that it is counted from.")
        raise Refused(sentence, code="counted")


def refuse_future_days(kpi: Kpi, values: Mapping[date, Decimal | None]) -> None:
    today = timezone.now().astimezone(kpi.source.zone).date()
    if late := [day for day in values if day > today]:
        sentence = _("%(day)s has not come yet, so it can't have a number.") % {"day": min(late).isoformat()}
        raise Refused(sentence, code="future-day")


def refuse_measured_days(kpi: Kpi, values: Mapping[date, Decimal | None]) -> None:
    measured = Point.objects.filter(
        series__source=kpi.source,
        series__metric=kpi.metric,
        provenance=Point.Provenance.MEASURED,
        value__isnull=False,
        day__gte=min(values, default=date.max),
        day__lte=max(values, default=date.min),
    ).values_list("day", "value")
    differ = sorted(day for day, value in measured if day in values and values[day] not in {value, None})
    if differ:
        sentence = ngettext(
            "The platform itself has measured %(day)s, and its number stays. Leave that day out.",
            "The platform itself has measured %(count)s of these days, first %(day)s, and its numbers stay. "
            "Leave them out.",
            len(differ),
        )
        days = [day.isoformat() for day in differ]
        raise Refused(sentence % {"count": len(days), "day": days[0]}, code="measured-days", days=days[:100])

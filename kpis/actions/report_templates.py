"""An agency's own report templates."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis import blocks, rules
from kpis.models import ReportTemplate
from kpis.report_words import layout_sentence
from smmportal.audit import record
from smmportal.people.models import Organisation, User
from smmportal.refusals import Refused, demand

MOST_TEMPLATES = 50


def demand_editing(agency: Organisation, *, by: User) -> None:
    allowed = rules.can_edit_report_templates(by, agency)
    demand(allowed, _("Only an owner or a manager of the agency changes its report templates."))


@transaction.atomic
def make_template(
    agency: Organisation, *, name: str, by: User, layout: Sequence | None = None, jurisdiction: str = "ru"
) -> ReportTemplate:
    """A template of the agency's own; without a layout it begins as the portal's."""
    demand_editing(agency, by=by)
    if agency.report_templates.in_use().count() >= MOST_TEMPLATES:
        raise Refused(_("There are very many templates. Archive those that are not used."), code="too-many")
    template = agency.report_templates.create(
        name=name.strip(),
        layout=judged(layout or [dict(one) for one in blocks.SHIPPED]),
        jurisdiction=jurisdiction,
        created_by=by,
        edited_by=by,
        edited_at=timezone.now(),
    )
    record("report_template.made", about=template, by=by, name=template.name)
    return template


@transaction.atomic
def edit_template(
    template: ReportTemplate,
    *,
    revision: int,
    by: User,
    name: str | None = None,
    layout: Sequence | None = None,
    jurisdiction: str | None = None,
) -> ReportTemplate:
    """Change it for the reports that will begin; those that are begun keep their copy."""
    demand_editing(template.agency, by=by)
    template = ReportTemplate.objects.select_for_update(of=("self",)).select_related("agency").get(pk=template.pk)
    if template.archived_at:
        raise Refused(_("This template is in the archive. Take it back to change it."), code="archived")
    if template.revision != revision:
        sentence = _("Somebody else changed this template meanwhile. Look at it as it is now, then save again.")
        raise Refused(sentence, code="changed-meanwhile", revision=template.revision)
    template.name = template.name if name is None else name.strip()
    template.layout = template.layout if layout is None else judged(layout)
    template.jurisdiction = template.jurisdiction if jurisdiction is None else jurisdiction
    template.revision += 1
    template.edited_by, template.edited_at = by, timezone.now()
    template.save()
    record("report_template.edited", about=template, by=by, name=template.name, revision=template.revision)
    return template


@transaction.atomic
def archive_template(template: ReportTemplate, *, by: User) -> ReportTemplate:
    """Put it away: no new report gets it."""
    demand_editing(template.agency, by=by)
    if ReportTemplate.objects.in_use().filter(pk=template.pk).update(archived_at=timezone.now()):
        record("report_template.archived", about=template, by=by, name=template.name)
    template.refresh_from_db(fields=["archived_at"])
    return template


@transaction.atomic
def restore_template(template: ReportTemplate, *, by: User) -> ReportTemplate:
    demand_editing(template.agency, by=by)
    if ReportTemplate.objects.exclude(archived_at=None).filter(pk=template.pk).update(archived_at=None):
        record("report_template.restored", about=template, by=by, name=template.name)
    template.refresh_from_db(fields=["archived_at"])
    return template


def judged(layout: Sequence) -> list[dict]:
    try:
        return blocks.judged(layout)
    except blocks.BadLayout as error:
        raise Refused(layout_sentence(error), code="bad-layout") from error

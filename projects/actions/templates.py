"""An agency's own forms of a brief."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import blueprint, rules
from projects.answers import Unclear
from projects.models import BriefTemplate
from projects.questionnaire import SHIPPED
from projects.wording import names_of, sentence_of
from smmportal.audit import record
from smmportal.people.models import Organisation, User
from smmportal.refusals import Refused, demand

MOST_TEMPLATES = 100


@transaction.atomic
def copy_template(agency: Organisation, *, source: BriefTemplate | str, name: str, by: User) -> BriefTemplate:
    """A form of the agency's own, begun as a copy of one of the portal's («quick», «full») or of another of its own."""
    demand_editing(agency, by=by)
    if isinstance(source, BriefTemplate) and source.agency_id != agency.pk:
        raise Refused(_("This template belongs to another agency."), code="foreign-template")
    if agency.brief_templates.in_use().count() >= MOST_TEMPLATES:
        raise Refused(_("There are very many templates. Archive those that are not used."), code="too-many")
    form = judged(source.form if isinstance(source, BriefTemplate) else SHIPPED[source])
    template = agency.brief_templates.create(
        name=name, form=form, created_by=by, edited_by=by, edited_at=timezone.now()
    )
    record("template.copied", about=template, by=by, name=name, source=str(source))
    return template


@transaction.atomic
def edit_template(
    template: BriefTemplate,
    *,
    revision: int,
    by: User,
    name: str | None = None,
    change: Callable[[dict], dict] | None = None,
) -> BriefTemplate:
    """Give the template another name, or put its form through `change`.

    `revision` is that of the template as its editor saw it: what somebody else did meanwhile is never written over.
    """
    demand_editing(template.agency, by=by)
    template = lock(template)
    if template.archived_at:
        raise Refused(_("This template is in the archive. Take it back to change it."), code="archived")
    if template.revision != revision:
        sentence = _("Somebody else changed this template meanwhile. Look at it as it is now, then save again.")
        raise Refused(sentence, code="changed-meanwhile", revision=template.revision)
    form = judged(changed(template.form, change)) if change else template.form
    name = template.name if name is None else name
    if (form, name) == (template.form, template.name):
        return template
    template.form, template.name = form, name
    template.revision += 1
    template.edited_by, template.edited_at = by, timezone.now()
    template.save(update_fields=["form", "name", "revision", "edited_by", "edited_at"])
    record("template.edited", about=template, by=by, name=name, revision=template.revision)
    return template


@transaction.atomic
def archive_template(template: BriefTemplate, *, by: User) -> BriefTemplate:
    """Put it away: no new project gets it, and the briefs that began as its copies stay as they are."""
    demand_editing(template.agency, by=by)
    if BriefTemplate.objects.in_use().filter(pk=template.pk).update(archived_at=timezone.now()):
        record("template.archived", about=template, by=by, name=template.name)
    template.refresh_from_db(fields=["archived_at"])
    return template


@transaction.atomic
def restore_template(template: BriefTemplate, *, by: User) -> BriefTemplate:
    demand_editing(template.agency, by=by)
    if BriefTemplate.objects.exclude(archived_at=None).filter(pk=template.pk).update(archived_at=None):
        record("template.restored", about=template, by=by, name=template.name)
    template.refresh_from_db(fields=["archived_at"])
    return template


def demand_editing(agency: Organisation, *, by: User) -> None:
    allowed = rules.edits_templates(by, agency)
    demand(allowed, _("Only an owner or a manager of the agency changes its brief templates."))


def lock(template: BriefTemplate) -> BriefTemplate:
    return BriefTemplate.objects.select_for_update(of=("self",)).select_related("agency").get(pk=template.pk)


def changed(form: dict, change: Callable[[dict], dict]) -> dict:
    try:
        return change(form)
    except blueprint.StillNeeded as error:
        sentence = _("It can't go yet: these questions are asked only after its answers. %(questions)s")
        named = {"questions": names_of(error.dependents)}
        keys = [question["key"] for question in error.dependents]
        raise Refused(sentence % named, code="still-needed", keys=keys) from error
    except Unclear as error:
        raise Refused(sentence_of(error), code="unclear-form") from error


def judged(form: object) -> dict:
    try:
        return blueprint.judged(form)
    except Unclear as error:
        raise Refused(sentence_of(error), code="unclear-form") from error

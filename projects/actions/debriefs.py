from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from projects import rules
from projects.actions.projects import demand_open, facts_of
from projects.answers import Unclear, clean_text
from projects.models import BriefVersion, Debrief, DebriefRemark, DebriefSection, Project
from projects.wording import sentence_of
from smmportal.audit import record
from smmportal.formatting import pick_language, quoted
from smmportal.notifications.actions import announce
from smmportal.people.models import Side, User
from smmportal.refusals import Refused, demand


@transaction.atomic
def write_understanding(
    version: BriefVersion, *, texts: dict[str, str], by: User, revisions: dict[str, int] | None = None
) -> Debrief:
    """Keep how the agency understood these sections; the client sees nothing of it until it is shared.

    `revisions` are those of the sections as their author saw them. A new version's debrief begins with what was
    written about the version before.
    """
    project = version.brief.project
    demand(rules.writes_debrief(by, project), _("Only the agency writes how it understood the brief."))
    demand_open(project)
    lock(version)
    demand_latest(version)
    debrief, is_new = Debrief.objects.get_or_create(version=version)
    demand_unconfirmed(debrief)
    if is_new:
        begin_sections(debrief)
    sections = {section.key: section for section in debrief.sections.all()}
    for key, text in texts.items():
        if key not in sections:
            raise Refused(_("There is no such section in this brief."), code="no-such-section")
        write_section(sections[key], text, (revisions or {}).get(key))
    return debrief


def lock(version: BriefVersion) -> None:
    Project.objects.select_for_update().get(pk=version.brief.project_id)


def demand_latest(version: BriefVersion) -> None:
    if BriefVersion.objects.filter(brief=version.brief_id, number__gt=version.number).exists():
        raise Refused(
            _("The client has submitted a newer version of the brief. Please go on with that one."), code="outdated"
        )


def demand_unconfirmed(debrief: Debrief) -> None:
    if debrief.confirmed_at:
        raise Refused(
            _("The client has confirmed this already. It changes with the next version of the brief."), code="confirmed"
        )


def begin_sections(debrief: Debrief) -> None:
    before = previous_texts(debrief.version)
    DebriefSection.objects.bulk_create(
        DebriefSection(debrief=debrief, key=section["key"], understanding=before.get(section["key"], ""))
        for section in debrief.version.answered_sections
    )


def previous_texts(version: BriefVersion) -> dict[str, str]:
    """What was last written about an earlier version of the same brief."""
    earlier = Debrief.objects.filter(version__brief=version.brief_id, version__number__lt=version.number)
    last = earlier.order_by("-version__number").first()
    return dict(last.sections.values_list("key", "understanding")) if last else {}


def write_section(section: DebriefSection, text: str, seen_revision: int | None) -> None:
    try:
        text = clean_text(text)
    except Unclear as error:
        raise Refused(sentence_of(error), code="unclear-text", key=section.key) from error
    if section.understanding == text:
        return
    if seen_revision is not None and seen_revision != section.revision:
        raise Refused(
            _("A colleague changed this section meanwhile. Both texts are here: choose what to keep."),
            code="changed-meanwhile",
            key=section.key,
            current=section.understanding,
            revision=section.revision,
        )
    section.understanding = text
    section.revision += 1
    section.save()


@transaction.atomic
def share_debrief(debrief: Debrief, *, by: User) -> Debrief:
    """Show the client how the agency understood them. Remarks made so far are answered by it."""
    project = debrief.version.brief.project
    demand(rules.shares_debrief(by, project), _("Only the agency's owner or manager shares this with the client."))
    demand_open(project)
    debrief = reread(debrief)
    demand_latest(debrief.version)
    demand_unconfirmed(debrief)
    sections = list(debrief.sections.all())
    demand_complete(debrief, sections)
    if debrief.side_to_move is Side.CLIENT and all(part.understanding == part.shared_text for part in sections):
        return debrief
    now = timezone.now()
    for section in sections:
        section.shared_text = section.understanding
    DebriefSection.objects.bulk_update(sections, ["shared_text"])
    debrief.remarks.filter(answered_at=None).update(answered_at=now)
    debrief.shared_at, debrief.shared_by, debrief.shared_count = now, by, debrief.shared_count + 1
    debrief.save()
    record("debrief.shared", about=debrief, by=by, project=project, version=debrief.version.number)
    announce(
        "debrief.shared",
        to=project.people_of(Side.CLIENT),
        about=debrief,
        by=by,
        facts=facts_of(project, number=debrief.version.number),
    )
    return Debrief.objects.get(pk=debrief.pk)


def reread(debrief: Debrief) -> Debrief:
    """The row again, its project locked, so that two who act at once act one after the other."""
    lock(debrief.version)
    return Debrief.objects.select_related("version__brief__project").get(pk=debrief.pk)


def demand_complete(debrief: Debrief, sections: list[DebriefSection]) -> None:
    empty = {section.key for section in sections if not section.understanding.strip()}
    titles = [
        quoted(pick_language(section["title"]))
        for section in debrief.version.content["form"]["sections"]
        if section["key"] in empty
    ]
    if titles:
        raise Refused(
            _("Say first how you understood: %(sections)s.") % {"sections": ", ".join(titles)}, code="incomplete"
        )


@transaction.atomic
def remark_on_debrief(debrief: Debrief, key: str, *, text: str, by: User) -> DebriefRemark:
    """Say what is understood wrongly in one section; the agency's move then."""
    project = debrief.version.brief.project
    demand(rules.remarks_on_debrief(by, project), _("Only the client remarks on how the brief was understood."))
    demand_open(project)
    debrief = reread(debrief)
    demand_latest(debrief.version)
    demand_shared(debrief)
    demand_unconfirmed(debrief)
    if not debrief.sections.filter(key=key).exists():
        raise Refused(_("There is no such section in this brief."), code="no-such-section")
    same = debrief.remarks.filter(key=key, text=text, by=by, answered_at=None).first()
    if same:
        return same
    remark = debrief.remarks.create(key=key, text=text, by=by)
    record("debrief.remarked", about=debrief, by=by, project=project, key=key)
    announce(
        "debrief.remarked",
        to=project.people_of(Side.AGENCY),
        about=debrief,
        by=by,
        facts=facts_of(project, remark=text[:500]),
    )
    return remark


def demand_shared(debrief: Debrief) -> None:
    if debrief.shared_at is None:
        raise Refused(
            _("The agency is still writing. You will be told when there is something to read."), code="not-shared"
        )


@transaction.atomic
def confirm_debrief(debrief: Debrief, *, by: User, seen: int | None = None) -> Debrief:
    """The client says: you understood us. The first confirmation makes the project active.

    `seen` is the number of the sharing that was read (`shared_count`).
    """
    project = debrief.version.brief.project
    demand(rules.confirms_debrief(by, project), _("The client's decision-maker confirms this."))
    demand_open(project)
    debrief = reread(debrief)
    if debrief.confirmed_at:
        return debrief
    demand_latest(debrief.version)
    demand_shared(debrief)
    if seen is not None and seen != debrief.shared_count:
        raise Refused(
            _("The agency has corrected this while you were reading. Please read it again."), code="changed-meanwhile"
        )
    if debrief.open_remarks:
        raise Refused(_("The agency has not answered your remarks yet. Confirm once it has."), code="open-remarks")
    debrief.confirmed_at, debrief.confirmed_by = timezone.now(), by
    debrief.save()
    Project.objects.filter(pk=project.pk, activated_at=None).update(activated_at=debrief.confirmed_at)
    project.refresh_from_db(fields=["activated_at"])
    record("debrief.confirmed", about=debrief, by=by, project=project, version=debrief.version.number)
    announce("debrief.confirmed", to=project.people, about=debrief, by=by, facts=facts_of(project))
    return debrief

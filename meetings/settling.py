"""Verbs about published minutes: each side confirms or objects, the other answers, and then they are final."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings import rules
from meetings.actions import facts_of
from meetings.freezing import answers_of, hash_of_final
from meetings.models import (
    ActionItem,
    Confirmation,
    Correction,
    Decision,
    Minutes,
    MinutesLink,
    Objection,
    ObjectionAnswer,
)
from projects.actions.projects import demand_open
from smmportal.audit import record
from smmportal.notifications.actions import announce
from smmportal.people import links
from smmportal.people.models import Side, User
from smmportal.refusals import Refused, demand

MOST_OBJECTIONS = 50
Via = Confirmation.Via


@transaction.atomic
def confirm_minutes(minutes: Minutes, *, by: User, seen_hash: str, via: str = Via.PORTAL) -> Confirmation:
    """Say for one's side that exactly the text that was read is right. A second time changes nothing."""
    minutes, side = hold(minutes, by=by)
    said = minutes.confirmations.filter(side=side).first()
    if said:
        return said
    demand_time(minutes)
    if minutes.content_hash != seen_hash:
        raise Refused(_("These are not the minutes that you read. Please open them again."), code="other-text")
    said = minutes.confirmations.create(side=side, by=by, content_hash=seen_hash, via=via)
    record("minutes.confirmed", about=minutes, by=by, project=minutes.meeting.project, side=side, via=via)
    conclude_if_settled(minutes)
    return said


@transaction.atomic
def object_to_minutes(
    minutes: Minutes,
    *,
    text: str,
    by: User,
    decision: Decision | None = None,
    action: ActionItem | None = None,
    passage: str = "",
) -> Objection:
    """Dispute one point: a decision, an action item, or words that stand in the text. The other side answers it."""
    minutes, side = hold(minutes, by=by)
    point = {"decision": decision, "action": action, "passage": passage.strip()}
    same = minutes.objections.filter(side=side, text=text.strip(), **point).first()
    if same:
        return same
    demand_time(minutes)
    if minutes.confirmations.filter(side=side).exclude(via=Via.PUBLICATION).exists():
        raise Refused(_("Your side has confirmed these minutes. Add a correction instead."), code="confirmed")
    demand_point(minutes, **point)
    if not text.strip():
        raise Refused(_("Please say in a line what is not right."), code="no-text")
    if minutes.objections.count() >= MOST_OBJECTIONS:
        raise Refused(_("There are very many objections. It is quicker to talk it over."), code="too-many")
    objection = minutes.objections.create(side=side, by=by, text=text.strip(), **point)
    record("minutes.disputed", about=objection, by=by, project=minutes.meeting.project, text=objection.text)
    tell(minutes, "minutes.disputed", by=by, point=point_words(objection), objection=objection.text)
    return objection


def demand_point(minutes: Minutes, *, decision: Decision | None, action: ActionItem | None, passage: str) -> None:
    if sum(map(bool, (decision, action, passage))) != 1:
        raise Refused(_("Please choose one point: a decision, an action item, or words of the text."), code="no-point")
    for row in (decision, action):
        if row and row.meeting_id != minutes.meeting_id:
            raise Refused(_("This point is not in these minutes."), code="foreign-point")
    if passage and " ".join(passage.split()) not in " ".join(minutes.content["text"].split()):
        raise Refused(
            _("These words are not in the minutes. Copy them from the text exactly as they stand."), code="no-passage"
        )


@transaction.atomic
def answer_objection(objection: Objection, *, agrees: bool, text: str, by: User) -> ObjectionAnswer:
    """Agree, and `text` is added to the minutes as a correction; or disagree, and it stays beside the objection."""
    minutes, side = hold(objection.minutes, by=by)
    said = ObjectionAnswer.objects.filter(objection=objection).first()
    if said:
        return said
    demand(side != objection.side, _("The other side answers an objection; yours has raised it."))
    if not text.strip():
        raise Refused(_("Please write the correction, or why you see it differently."), code="no-text")
    said = ObjectionAnswer.objects.create(objection=objection, by=by, agrees=agrees, text=text.strip())
    record("minutes.answered", about=objection, by=by, project=minutes.meeting.project, agrees=agrees)
    if agrees:
        add_row(minutes, side, text, by=by, objection=objection)
    told = {"point": point_words(objection), "answer": said.text, "agrees": agrees}
    tell(minutes, "minutes.answered", by=by, **told)
    conclude_if_settled(minutes)
    return said


@transaction.atomic
def correct_minutes(minutes: Minutes, *, text: str, by: User) -> Correction:
    """Add a line under the text of published minutes, with its day and its author. Both sides are told."""
    minutes, side = hold(minutes, by=by)
    if not text.strip():
        raise Refused(_("Please write what is to be added."), code="no-text")
    same = minutes.corrections.filter(by=by, text=text.strip()).first()
    if same:
        return same
    correction = add_row(minutes, side, text, by=by)
    tell(minutes, "minutes.corrected", by=by, correction=correction.text)
    return correction


def add_row(minutes: Minutes, side: Side, text: str, *, by: User, objection: Objection | None = None) -> Correction:
    correction = minutes.corrections.create(side=side, by=by, text=text.strip(), objection=objection)
    record("minutes.corrected", about=correction, by=by, project=minutes.meeting.project, text=correction.text)
    return correction


@transaction.atomic
def conclude_due() -> int:
    """Minutes whose term has ended with nothing left to answer become final: no objections, which is not a yes."""
    due = Minutes.objects.filter(published_at__isnull=False, final_at=None, answer_by__lte=timezone.now())
    due = due.exclude(objections__in=Objection.objects.filter(answer=None))
    return sum(conclude(minutes) for minutes in due.select_related("meeting__project"))


def conclude_if_settled(minutes: Minutes) -> None:
    confirmed = set(Confirmation.objects.filter(minutes=minutes).values_list("side", flat=True))
    is_over = minutes.answer_by <= timezone.now() or confirmed == set(Side.values)
    if is_over and not Objection.objects.filter(minutes=minutes, answer=None).exists():
        conclude(minutes)


def conclude(minutes: Minutes) -> bool:
    """Final, once: the hash takes in what was said to them."""
    final_hash = hash_of_final(minutes, answers_of(minutes))
    unsettled = Minutes.objects.filter(pk=minutes.pk, final_at=None)
    if not unsettled.update(final_at=timezone.now(), final_hash=final_hash):
        return False
    record("minutes.final", about=minutes, project=minutes.meeting.project, hash=final_hash)
    confirmed = set(Confirmation.objects.filter(minutes=minutes).values_list("side", flat=True))
    tell(
        minutes, "minutes.final", by=None, is_silent=len(confirmed) < len(Side), until_on=minutes.answer_on.isoformat()
    )
    return True


# --- The ground under them ------------------------------------------------------------------------------------------


def hold(minutes: Minutes, *, by: User) -> tuple[Minutes, Side]:
    """The published minutes, ours until the transaction ends, and the person's side."""
    meeting = minutes.meeting
    demand(rules.can_run(by, meeting), _("You can look at these minutes, but not answer them."))
    locked = Minutes.objects.select_for_update(of=("self",)).get(pk=minutes.pk)
    locked.meeting = meeting
    demand_open(meeting.project)
    if not locked.published_at:
        raise Refused(_("These minutes are not published yet."), code="not-published")
    return locked, Side(meeting.project.side_of(by))


def demand_time(minutes: Minutes) -> None:
    if not minutes.is_open_to_answers:
        raise Refused(_("These minutes are final. Add a correction instead."), code="final")


def point_words(objection: Objection) -> str:
    """The point in the words that both sides read."""
    if objection.decision:
        return objection.decision.text
    return objection.action.task.title if objection.action else objection.passage


def tell(minutes: Minutes, event: str, *, by: User | None, **facts: object) -> None:
    meeting = minutes.meeting
    everybody = [*meeting.project.people, *meeting.people.all()]
    announce(event, to=everybody, about=minutes, by=by, facts={**facts_of(meeting), **facts})


# --- By a link ------------------------------------------------------------------------------------------------------


def find_link(secret: str) -> MinutesLink | None:
    found = MinutesLink.objects.filter(token_hash=links.hash_of(secret))
    joined = found.select_related("person", "created_by", "minutes__meeting__project__agency")
    return joined.select_related("minutes__meeting__project__client").first()


def stands(link: MinutesLink) -> bool:
    """Whether the person may still answer, and these are the minutes that they were sent."""
    minutes = link.minutes
    allowed = link.person.is_active and rules.can_run(link.person, minutes.meeting)
    return allowed and minutes.content_hash == link.content_hash and minutes.meeting.project.is_open


@transaction.atomic
def confirm_by_link(link: MinutesLink) -> None:
    confirm_minutes(link.minutes, by=link.person, seen_hash=link.content_hash, via=Via.LINK)
    MinutesLink.objects.filter(pk=link.pk, finished_at=None).update(finished_at=timezone.now())

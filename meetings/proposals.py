"""Verbs about proposals: a few times are offered, answered, and the first that suits everybody required is booked.

Whoever proposes answers for their own side; everybody else answers for themselves, logged in or by the link of their
letter. All the times are held until the proposal ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from meetings import rules
from meetings.actions import book_meeting, both_kinds, check_times
from meetings.holding import hold_time_of, keep_time, refuse_if_taken
from meetings.models import Asked, HeldTime, Meeting, Proposal, ProposalLink, ProposedTime
from projects.actions.projects import demand_open
from projects.models import Project
from projects.rules import acts_in
from smmportal.audit import record
from smmportal.notifications.actions import announce
from smmportal.people import links
from smmportal.people.models import User
from smmportal.refusals import Refused, demand

MOST_TIMES = 5


@dataclass(frozen=True)
class Wanted:
    """What a meeting is to be."""

    title: str
    minutes: int
    place: str = ""
    message: str = ""


@transaction.atomic
def propose(
    project: Project,
    wanted: Wanted,
    *,
    starts: Iterable[datetime],
    people: Iterable[User],
    by: User,
    optional: Iterable[User] = (),
) -> Proposal:
    """Offer up to five times and hold them for everybody required; refuse with `taken` when one of them is not free."""
    demand(rules.can_book(by, project), _("You can look at this project’s meetings, but not propose one."))
    demand_open(project)
    starts = checked_starts(starts, wanted.minutes)
    people, optional = both_kinds(project, people, optional)
    refuse_onlookers(project, people, by=by)
    hold_time_of(people)
    proposal = project.proposals.create(
        title=wanted.title,
        minutes=wanted.minutes,
        place=wanted.place,
        message=wanted.message,
        proposed_by=by,
        proposed_side=project.side_of(by),
        expires_at=end_of(starts),
    )
    seat_asked(proposal, people, optional)
    times = offer(proposal, starts, by=by)
    of_own_side = [each for each in required(proposal) if project.side_of(each.person) is project.side_of(by)]
    for each in of_own_side:
        each.suits.set(times)
    Asked.objects.filter(pk__in=[each.pk for each in of_own_side]).update(answered_at=timezone.now())
    record("proposal.made", about=proposal, by=by, project=project, times=starts)
    ask("proposal.made", proposal, times, by=by)
    return proposal


def checked_starts(starts: Iterable[datetime], minutes: int) -> list[datetime]:
    """The times in order: one to five of them, ahead of us, none over another."""
    starts = sorted(set(starts))
    length = timedelta(minutes=minutes)
    if not starts:
        raise Refused(_("Please offer at least one time."), code="no-times")
    if len(starts) > MOST_TIMES:
        raise Refused(_("Please offer at most five times."), code="too-many")
    for start in starts:
        check_times(start, start + length)
    if starts[0] <= timezone.now():
        raise Refused(_("One of these times has passed. Please offer a later one."), code="past")
    refuse_overlap(starts, length)
    return starts


def refuse_overlap(starts: Sequence[datetime], length: timedelta) -> None:
    if any(later - earlier < length for earlier, later in pairwise(starts)):
        raise Refused(_("Two of these times overlap. Please move one of them."), code="overlap")


def refuse_onlookers(project: Project, people: Sequence[User], *, by: User) -> None:
    """Everybody required must be able to say yes, and somebody other than the proposer must be asked."""
    onlookers = [str(person) for person in people if not acts_in(person, project)]
    if onlookers:
        sentence = _("%(names)s can look on but not answer. Please invite them as optional.")
        raise Refused(sentence % {"names": ", ".join(onlookers)}, code="looks-on")
    if not any(project.side_of(person) is not project.side_of(by) for person in people):
        raise Refused(_("Please choose who of the other side must be there."), code="nobody-to-ask")


def end_of(starts: Sequence[datetime]) -> datetime:
    """A proposal lasts three days, or until its last time has begun."""
    return min(timezone.now() + Proposal.LASTS, max(starts))


def seat_asked(proposal: Proposal, people: Sequence[User], optional: Sequence[User]) -> None:
    seats = [(person, True) for person in people] + [(person, False) for person in optional]
    Asked.objects.bulk_create(Asked(proposal=proposal, person=person, is_required=must) for person, must in seats)


def required(proposal: Proposal) -> QuerySet[Asked]:
    return proposal.asked.filter(is_required=True).select_related("person")


def offer(proposal: Proposal, starts: Sequence[datetime], *, by: User) -> list[ProposedTime]:
    """Hold these times for everybody required, whose lock we have."""
    people = [each.person for each in required(proposal)]
    return [offer_one(proposal, people, start, by=by) for start in starts]


def offer_one(proposal: Proposal, people: list[User], start: datetime, *, by: User) -> ProposedTime:
    end = start + proposal.length
    refuse_if_taken(proposal.project, people, start, end)
    time = proposal.times.create(starts_at=start, ends_at=end, by=by)
    keep_time(proposal.project, people, start, end, time=time)
    return time


# --- Answering ------------------------------------------------------------------------------------------------------


@transaction.atomic
def answer(proposal: Proposal, *, by: User, suits: Iterable[int] = (), starts: Iterable[datetime] = ()) -> Proposal:
    """Say which of the times (their ids) suit, none of them included, and offer up to five others (`starts`). The first
    time that now suits everybody required is booked at once. Whoever answers again says it anew."""
    proposal = lock_open(proposal, by=by)
    mine = proposal.asked.filter(person=by, is_required=True).first()
    demand(mine is not None, _("You are not asked about this meeting, so there is nothing for you to answer."))
    people = [each.person for each in required(proposal)]
    hold_time_of(people)
    chosen = list(proposal.times.filter(pk__in=set(suits)))
    new = counter(proposal, starts, by=by) if starts else []
    mine.suits.set([*chosen, *new])
    Asked.objects.filter(pk=mine.pk).update(answered_at=timezone.now())
    said = {"suits": [time.starts_at for time in chosen], "offers": [time.starts_at for time in new]}
    record("proposal.answered", about=proposal, by=by, project=proposal.project, **said)
    if not settle(proposal, people, by=by):
        tell_answer(proposal, chosen, new, by=by)
    return proposal


def counter(proposal: Proposal, starts: Iterable[datetime], *, by: User) -> list[ProposedTime]:
    """Other times, which ask everybody else again; the proposal waits for them as for its first ones."""
    starts = checked_starts(starts, proposal.minutes)
    there = list(proposal.times.all())
    if sum(time.by_id == by.pk for time in there) + len(starts) > MOST_TIMES:
        raise Refused(_("Please offer at most five times."), code="too-many")
    refuse_overlap(sorted([*starts, *(time.starts_at for time in there)]), proposal.length)
    new = offer(proposal, starts, by=by)
    proposal.asked.exclude(person=by).update(answered_at=None)
    proposal.expires_at = max(proposal.expires_at, end_of(starts))
    proposal.save(update_fields=["expires_at"])
    links_of(proposal).update(expires_at=proposal.expires_at)
    return new


def settle(proposal: Proposal, people: list[User], *, by: User) -> Meeting | None:
    """Book the first time to come that suits everybody required."""
    coming = proposal.times.filter(starts_at__gt=timezone.now()).prefetch_related("suits")
    must = {each.pk for each in required(proposal)}
    time = next((time for time in coming if must <= {each.pk for each in time.suits.all()}), None)
    return book(proposal, time, people, by=by) if time else None


def book(proposal: Proposal, time: ProposedTime, people: list[User], *, by: User) -> Meeting:
    """The time that was held becomes the meeting's, the other ones are free."""
    release(proposal)
    proposal.meeting = book_meeting(
        proposal.project,
        title=proposal.title,
        starts_at=time.starts_at,
        ends_at=time.ends_at,
        place=proposal.place,
        people=people,
        optional=[each.person for each in proposal.asked.filter(is_required=False).select_related("person")],
        by=by,
    )
    end(proposal, Proposal.Outcome.BOOKED, by=by)
    links_of(proposal).update(finished_at=timezone.now())
    record("proposal.booked", about=proposal, by=by, project=proposal.project, meeting=proposal.meeting.pk)
    return proposal.meeting


def tell_answer(proposal: Proposal, chosen: Sequence[ProposedTime], new: Sequence[ProposedTime], *, by: User) -> None:
    """New times ask everybody; an answer alone is told to who proposed."""
    if new:
        ask("proposal.countered", proposal, new, by=by)
        return
    facts = {**facts_of(proposal), "suits": len(chosen)}
    announce("proposal.answered", to=[proposal.proposed_by], about=proposal, by=by, facts=facts)


# --- Ending ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def withdraw(proposal: Proposal, *, by: User) -> Proposal:
    """Take it back: everybody's time is free, and no link of it opens any more. A second time changes nothing."""
    demand(
        rules.can_withdraw(by, proposal),
        _("Only the side that proposed this meeting takes the proposal back."),
    )
    proposal = lock(proposal)
    if proposal.ended_at:
        return proposal
    release(proposal)
    end(proposal, Proposal.Outcome.WITHDRAWN, by=by)
    links_of(proposal).update(revoked_at=timezone.now())
    record("proposal.withdrawn", about=proposal, by=by, project=proposal.project)
    everybody = [each.person for each in required(proposal)]
    announce("proposal.withdrawn", to=everybody, about=proposal, by=by, facts=facts_of(proposal))
    return proposal


@transaction.atomic
def expire(proposal: Proposal) -> bool:
    """Its time is over and nothing suited everybody: who proposed is told, once."""
    proposal = lock(proposal)
    if proposal.ended_at or proposal.is_open:
        return False
    release(proposal)
    end(proposal, Proposal.Outcome.EXPIRED)
    record("proposal.expired", about=proposal, project=proposal.project)
    announce("proposal.expired", to=[proposal.proposed_by], about=proposal, facts=facts_of(proposal))
    return True


def expire_due(*, at_most: int = 500) -> int:
    return sum(expire(proposal) for proposal in Proposal.objects.run_out().order_by("expires_at")[:at_most])


def end(proposal: Proposal, outcome: Proposal.Outcome, *, by: User | None = None) -> None:
    proposal.outcome, proposal.ended_at, proposal.ended_by = outcome, timezone.now(), by
    proposal.save(update_fields=["outcome", "ended_at", "ended_by", "meeting"])


def release(proposal: Proposal) -> None:
    HeldTime.objects.filter(time__proposal=proposal).delete()


def lock(proposal: Proposal) -> Proposal:
    locked = Proposal.objects.select_for_update(of=("self",)).select_related("project", "proposed_by")
    return locked.get(pk=proposal.pk)


def lock_open(proposal: Proposal, *, by: User) -> Proposal:
    sentence = _("You can look at this proposal, but not answer it.")
    demand(rules.can_book(by, proposal.project), sentence)
    proposal = lock(proposal)
    demand_open(proposal.project)
    if proposal.state == Proposal.Outcome.BOOKED:
        raise Refused(_("This meeting is booked already."), code="booked")
    if proposal.state == Proposal.Outcome.WITHDRAWN:
        raise Refused(_("This proposal was withdrawn. You can propose other times."), code="withdrawn")
    if not proposal.is_open:
        raise Refused(_("This proposal has run out. You can propose other times."), code="expired")
    return proposal


# --- Letters and their links ----------------------------------------------------------------------------------------


def ask(event: str, proposal: Proposal, times: Iterable[ProposedTime], *, by: User) -> None:
    """Write to everybody required who has not answered; each letter opens the proposal without a login."""
    waiting = [each for each in required(proposal).filter(answered_at=None) if each.person != by]
    addresses = {each.person_id: new_address(each, by=by) for each in waiting}
    people = [each.person for each in waiting]
    announce(event, to=people, about=proposal, by=by, facts=facts_of(proposal, times), secret_urls=addresses)


def new_address(asked: Asked, *, by: User) -> str:
    """The address of a new link, which is stored nowhere."""
    secret = links.new_secret()
    asked.links.create(
        language=asked.person.language,
        token_hash=links.hash_of(secret),
        created_by=by,
        expires_at=asked.proposal.expires_at,
    )
    return settings.PUBLIC_URL + reverse("meetings:proposed", args=[secret])


def find_link(secret: str) -> ProposalLink | None:
    found = ProposalLink.objects.filter(token_hash=links.hash_of(secret)).select_related(
        "created_by", "asked__person", "asked__proposal__project__agency", "asked__proposal__project__client"
    )
    return found.select_related("asked__proposal__proposed_by", "asked__proposal__meeting").first()


def answer_by_link(link: ProposalLink, **said: object) -> Proposal:
    """As `answer`, for the person whom the letter went to."""
    ProposalLink.objects.filter(pk=link.pk, first_opened_at=None).update(first_opened_at=timezone.now())
    return answer(link.proposal, by=link.asked.person, **said)


def links_of(proposal: Proposal) -> QuerySet[ProposalLink]:
    return ProposalLink.objects.filter(asked__proposal=proposal, revoked_at=None, finished_at=None)


def facts_of(proposal: Proposal, times: Iterable[ProposedTime] = ()) -> dict[str, object]:
    starts = sorted(time.starts_at.isoformat() for time in times)
    return {
        "title": proposal.title,
        "project": proposal.project.name,
        "minutes": proposal.minutes,
        "place": proposal.place,
        "message": proposal.message,
        "expires_at": proposal.expires_at.isoformat(),
        **{f"time_{number}_at": start for number, start in enumerate(starts, start=1)},
    }

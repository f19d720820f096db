"""Alerts open, fire again, are seen, explained and closed: by hand, or when what they are about has passed."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from kpis import rules
from kpis.alert_words import in_every_language, name_of
from kpis.alerts import is_worse, kind_of, rests_still
from kpis.models import Alert, Kpi, Source
from projects.actions.projects import demand_open
from projects.models import Project
from projects.rules import works_for
from smmportal.audit import record
from smmportal.notifications.actions import announce
from smmportal.people.models import Role, Side, User
from smmportal.refusals import Refused, demand

#: How often two workers may get in each other's way before it is our mistake.
TRIES = 5


@transaction.atomic
def fire(
    project: Project,
    kind: str,
    subject: str,
    *,
    url: str,
    evidence: dict,
    weight: Alert.Weight | str = Alert.Weight.DRIFT,
    side: Side | str = Side.AGENCY,
    owner: User | None = None,
    kpi: Kpi | None = None,
    source: Source | None = None,
) -> Alert:
    """One row however often it fires: a standing alert takes the new evidence and counts one more.

    One that was closed by hand a while ago stays closed, unless it got worse. A new one, and one that got worse, is
    told; of two workers one makes the row and the other counts.
    """
    said = {"url": url, "evidence": evidence, "weight": weight}
    for _try in range(TRIES):
        standing = Alert.objects.standing().select_for_update()
        alert = standing.filter(project=project, kind=kind, subject=subject).first()
        if alert:
            return fire_again(alert, **said)
        closed = closed_lately(project, kind, subject, weight)
        if closed:
            return closed
        try:
            with transaction.atomic():
                alert = Alert.objects.create(
                    project=project,
                    kind=kind,
                    subject=subject,
                    side=side,
                    owner=owner or usual_owner(project, side, kpi),
                    kpi=kpi,
                    source=source,
                    first_at=timezone.now(),
                    last_at=timezone.now(),
                    **said,
                )
        except IntegrityError:  # somebody was quicker: theirs stands, and counts this one
            continue
        tell(alert)
        return alert
    raise RuntimeError(f"{kind} {subject} opens and closes faster than it can be written")


def fire_again(alert: Alert, *, url: str, evidence: dict, weight: str) -> Alert:
    got_worse = is_worse(weight, alert.weight)
    change = {"url": url, "evidence": evidence, "weight": weight, "last_at": timezone.now()}
    if got_worse:
        change |= {"state": Alert.State.OPEN, "seen_at": None, "seen_by": None}
    Alert.objects.filter(pk=alert.pk).update(times=F("times") + 1, **change)
    alert.refresh_from_db()
    if got_worse:
        tell(alert)
    return alert


def closed_lately(project: Project, kind: str, subject: str, weight: str) -> Alert | None:
    """The one that somebody closed by hand, while it rests."""
    by_hand = Alert.objects.filter(project=project, kind=kind, subject=subject, closed_by__isnull=False)
    last, now = by_hand.order_by("-closed_at").first(), timezone.now()
    return last if last and rests_still(kind, weight, last.closed_at, last.weight, now) else None


def settle(project: Project, kind: str, subject: str, *, at: datetime | None = None, by: User | None = None) -> int:
    """What it was about has passed, or `by` has seen to it elsewhere: close it. How many were closed, none or one."""
    standing = Alert.objects.standing().filter(project=project, kind=kind, subject=subject)
    return standing.update(state=Alert.State.CLOSED, closed_by=by, closed_at=at or timezone.now())


# --- Whose it is, and who is told -----------------------------------------------------------------------------------


def usual_owner(project: Project, side: Side | str, kpi: Kpi | None) -> User | None:
    """Who answers for the KPI; else the one who leads the agency's team. None: whoever of the side comes first."""
    if kpi is not None and kpi.owner is not None and works_for(kpi.owner, project, Side(side)):
        return kpi.owner
    leading = leaders_of(project) if side == Side.AGENCY else []
    return leading[0] if len(leading) == 1 else None


def leaders_of(project: Project) -> list[User]:
    team = project.people_of(Side.AGENCY)
    return [person for person in team if project.role_of(person) in (Role.OWNER, Role.MANAGER)]


def told_of(alert: Alert) -> Iterable[User]:
    """Its owner, or the side's people when nobody owns it; whoever leads the team hears of every cliff of its side."""
    people = [alert.owner] if alert.owner else alert.project.people_of(Side(alert.side))
    is_ours = alert.weight == Alert.Weight.CLIFF and alert.side == Side.AGENCY
    return [*people, *leaders_of(alert.project)] if is_ours else people


def tell(alert: Alert) -> None:
    """A cliff at once, drift in a digest; what was told of with words of its own already is only listed."""
    kind = kind_of(alert.kind)
    if kind.is_told_elsewhere:
        return
    cliff = "alert.urgent" if kind.is_urgent else "alert.cliff"
    event = cliff if alert.weight == Alert.Weight.CLIFF else "alert.drift"
    announce(event, to=told_of(alert), about=alert, facts=facts_of(alert))
    alert.told_at = timezone.now()
    alert.save(update_fields=["told_at"])


def facts_of(alert: Alert, **more: object) -> dict:
    """For the words of a message, which are made for whoever reads them."""
    name = in_every_language(lambda: name_of(alert))
    return {"project": alert.project.name, "kind": alert.kind, "evidence": alert.evidence, "name": name, **more}


# --- Its life -------------------------------------------------------------------------------------------------------


def see(alert: Alert, *, by: User) -> Alert:
    """Somebody of the side whose move it is has opened it. Of others' looks nothing is kept."""
    if rules.answers_for_alert(by, alert):
        unseen = Alert.objects.filter(pk=alert.pk, state=Alert.State.OPEN)
        unseen.update(state=Alert.State.SEEN, seen_by=by, seen_at=timezone.now())
        alert.refresh_from_db()
    return alert


@transaction.atomic
def explain(alert: Alert, *, words: str, by: User) -> Alert:
    """Say what it is. Both sides read it; saying it again takes the place of what was said."""
    alert = claim(alert, by=by)
    words = words.strip()
    if not words:
        raise Refused(_("Say in a sentence what it is: both sides will read it."), code="no-words")
    alert.state, alert.explanation = Alert.State.EXPLAINED, words
    alert.explained_by, alert.explained_at = by, timezone.now()
    alert.save(update_fields=["state", "explanation", "explained_by", "explained_at"])
    record("alert.explained", about=alert, by=by, project=alert.project, kind=alert.kind, **open_words(alert, words))
    if not alert.is_internal:
        told = [person for person in alert.project.people if person != by]
        announce("alert.explained", to=told, about=alert, by=by, facts=facts_of(alert, words=words))
    return alert


@transaction.atomic
def close(alert: Alert, *, by: User, words: str = "") -> Alert:
    """Close it by hand and say why. For its kind's time it stays closed, unless it gets worse."""
    alert = claim(alert, by=by)
    words = words.strip()
    if not words and not alert.explanation:
        raise Refused(_("Say in a sentence why it can be closed: both sides will read it."), code="no-words")
    alert.state, alert.closed_by, alert.closed_at = Alert.State.CLOSED, by, timezone.now()
    alert.closed_because = words
    alert.save(update_fields=["state", "closed_by", "closed_at", "closed_because"])
    record("alert.closed", about=alert, by=by, project=alert.project, kind=alert.kind, **open_words(alert, words))
    return alert


@transaction.atomic
def hand_over(alert: Alert, *, to: User, by: User) -> Alert:
    """Give it to another person of the side whose move it is."""
    alert = claim(alert, by=by)
    if not works_for(to, alert.project, Side(alert.side)):
        raise Refused(_("Choose somebody who works in this project on the same side."), code="not-theirs")
    if alert.owner_id == to.pk:
        return alert
    alert.owner = to
    alert.save(update_fields=["owner"])
    record("alert.handed_over", about=alert, by=by, project=alert.project, kind=alert.kind, to=to.pk)
    announce("alert.handed_over", to=[to], about=alert, by=by, facts=facts_of(alert))
    return alert


def claim(alert: Alert, *, by: User) -> Alert:
    """The row as it stands, held until the verb is done."""
    demand(rules.can_tend_alert(by, alert), _("You can look at this alert, but it is for others to answer."))
    alert = (
        Alert.objects.select_for_update(of=("self",))
        .select_related("project", "owner", "kpi", "source")
        .get(pk=alert.pk)
    )
    demand_open(alert.project)
    if not alert.is_standing:
        raise Refused(_("This alert is closed already. If it comes back, it will open anew."), code="alert-closed")
    return alert


def open_words(alert: Alert, words: str) -> dict[str, str]:
    """The trail is read by both sides: what is internal stays on the alert itself."""
    return {} if alert.is_internal else {"words": words}

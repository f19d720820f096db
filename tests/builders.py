"""Rows for tests, one line each. Every scoped model has a builder here: the isolation test insists on it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.db import models
from django.utils import timezone

from kpis import blocks
from kpis.actions import formulas as formula_actions
from kpis.metrics import SUMS
from kpis.models import (
    Agreement,
    Alert,
    AlertThreshold,
    AmendmentProposal,
    Annotation,
    ComparedVersion,
    Computed,
    ConnectionLink,
    ConsentAttempt,
    Dip,
    Forecast,
    ForecastDay,
    Formula,
    IssuedReport,
    Kpi,
    MetricSeries,
    Operand,
    PlatformLogin,
    Point,
    Post,
    PostPoint,
    PostWatch,
    Report,
    ReportLink,
    ReportOpening,
    ReportTemplate,
    ReportTimetable,
    Review,
    Revision,
    Signature,
    Snapshot,
    Source,
    SuccessorProposal,
)
from kpis.queries import report_contents
from kpis.terms import content_of
from kpis.weeks import put_mean_days, refresh_weeks
from meetings.models import (
    ActionItem,
    AgendaItem,
    Asked,
    Attendance,
    BroughtUp,
    CallLink,
    Confirmation,
    Correction,
    Decision,
    Meeting,
    MeetingReminder,
    Minutes,
    MinutesLink,
    Objection,
    ObjectionAnswer,
    OpenDay,
    Proposal,
    ProposalLink,
    ProposedTime,
    Rhythm,
    Room,
    Series,
    SeriesSeat,
)
from projects.blueprint import judged
from projects.models import (
    Absence,
    Answer,
    AnswerFile,
    Brief,
    BriefTemplate,
    BriefVersion,
    BusinessGoal,
    ChecklistItem,
    Competitor,
    Conclusion,
    Confidence,
    ConfidenceGap,
    Contact,
    Debrief,
    DebriefRemark,
    DebriefSection,
    Delegation,
    Dependency,
    Effort,
    ForbiddenTopic,
    Goal,
    MaterialRequest,
    Project,
    Recurrence,
    Reminder,
    Task,
)
from smmportal.audit import AuditEntry, record
from smmportal.facts import content_hash
from smmportal.notifications.models import Delivery, Notification
from smmportal.people import links
from smmportal.people.models import Invitation, Membership, Organisation, Role, Side, User
from smmportal.waterline.models import Reading

PASSWORD = "a-quiet-harbour-7"


@dataclass
class Cast:
    agency: Organisation
    client: Organisation
    project: Project
    owner: User
    manager: User
    specialist: User
    decider: User
    contact: User
    viewer: User
    #: Owner of another agency.
    stranger: User
    #: Decision-maker of another client of the same agency.
    neighbour: User
    other_client: Organisation
    #: Specialist of the same agency who is not on this project's team.
    colleague: User
    made: dict[type, models.Model] = field(default_factory=dict)

    INSIDE = ("owner", "manager", "specialist", "decider", "contact", "viewer")
    OUTSIDE = ("stranger", "neighbour", "colleague")

    def get(self, model: type[models.Model]) -> models.Model:
        """The cast's one row of this model, made when it is first asked for."""
        if model not in self.made:
            self.made[model] = BUILDERS[model](self)
        return self.made[model]


def make_user(name: str, address: str, **fields) -> User:
    user = User.objects.create_user(address, PASSWORD, name=name, **{"language": "en", **fields})
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def join(user: User, organisation: Organisation, role: Role) -> User:
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def make_cast() -> Cast:
    agency = Organisation.objects.create(name="Fairway", kind=Side.AGENCY)
    client = Organisation.objects.create(name="Roast No. 7", kind=Side.CLIENT, agency=agency)
    other_client = Organisation.objects.create(name="Bakery", kind=Side.CLIENT, agency=agency)
    other_agency = Organisation.objects.create(name="Other Agency", kind=Side.AGENCY)
    owner = join(make_user("Olga", "owner@agency.example"), agency, Role.OWNER)
    manager = join(make_user("Maxim", "manager@agency.example"), agency, Role.MANAGER)
    specialist = join(make_user("Sonya", "specialist@agency.example"), agency, Role.SPECIALIST)
    project = Project.objects.create(
        name="Coffee at home",
        agency=agency,
        client=client,
        created_by=manager,
        starts_on=date(2026, 10, 1),
        ends_on=date(2027, 6, 30),
    )
    project.team.set([manager, specialist])
    return Cast(
        agency=agency,
        client=client,
        project=project,
        owner=owner,
        manager=manager,
        specialist=specialist,
        decider=join(make_user("Dmitry", "decider@client.example"), client, Role.DECIDER),
        contact=join(make_user("Katya", "contact@client.example"), client, Role.CONTACT),
        viewer=join(make_user("Vera", "viewer@client.example"), client, Role.VIEWER),
        stranger=join(make_user("Stranger", "stranger@other.example"), other_agency, Role.OWNER),
        neighbour=join(make_user("Neighbour", "decider@bakery.example"), other_client, Role.DECIDER),
        other_client=other_client,
        colleague=join(make_user("Colleague", "colleague@agency.example"), agency, Role.SPECIALIST),
    )


def make_invitation(cast: Cast, **fields) -> Invitation:
    """An open invitation to the client; its link's secret is put on the row as `secret`."""
    secret = links.new_secret()
    defaults = {
        "organisation": cast.client,
        "email": "anna@client.example",
        "role": Role.CONTACT,
        "language": "en",
        "token_hash": links.hash_of(secret),
        "invited_by": cast.manager,
        "expires_at": timezone.now() + Invitation.LASTS,
    }
    invitation = Invitation.objects.create(**{**defaults, **fields})
    invitation.secret = secret
    return invitation


def make_notification(to: User, **fields) -> Notification:
    """Something this person was told on the portal."""
    defaults = {
        "to": to,
        "event": "person.joined",
        "by_name": "Katya",
        "facts": {"organisation": "Roast No. 7"},
        "url": "/settings/",
    }
    notification = Notification.objects.create(**{**defaults, **fields})
    Delivery.objects.create(notification=notification, channel="inapp", sent_at=timezone.now())
    return notification


FORM = {
    "sections": [
        {
            "key": "A",
            "title": {"ru": "Компания", "en": "Company"},
            "questions": [
                {"key": "A1", "type": "long_text", "label": {"ru": "Чем вы занимаетесь?", "en": "What do you do?"}},
                {"key": "A4", "type": "person", "label": {"ru": "Кто решает?", "en": "Who decides?"}},
            ],
        }
    ]
}


def make_brief(cast: Cast) -> Brief:
    brief, _is_new = Brief.objects.get_or_create(project=cast.project, defaults={"form": FORM})
    return brief


def make_answer(cast: Cast) -> Answer:
    return Answer.objects.create(
        brief=cast.get(Brief), key="A1", value="We roast coffee.", by=cast.contact, answered_at=timezone.now()
    )


def make_answer_file(cast: Cast, **fields) -> AnswerFile:
    """A file's row; its content is nowhere."""
    defaults = {
        "brief": cast.get(Brief),
        "key": "G2",
        "name": "logo.png",
        "size": 20480,
        "content_type": "image/png",
        "sha256": "0" * 64,
        "path": f"uploads/{AnswerFile.objects.count()}",
        "by": cast.contact,
    }
    return AnswerFile.objects.create(**{**defaults, **fields})


def make_delegation(cast: Cast, **fields) -> Delegation:
    """An open link to a section of the brief; its secret is put on the row as `secret`."""
    secret = links.new_secret()
    defaults = {
        "brief": cast.get(Brief),
        "section": "A",
        "name": "Pyotr",
        "language": "en",
        "token_hash": links.hash_of(secret),
        "created_by": cast.contact,
        "expires_at": timezone.now() + Delegation.LASTS,
    }
    delegation = Delegation.objects.create(**{**defaults, **fields})
    delegation.secret = secret
    return delegation


def make_template(cast: Cast, **fields) -> BriefTemplate:
    defaults = {
        "agency": cast.agency,
        "name": "Coffee shops",
        "form": judged(FORM),
        "created_by": cast.manager,
        "edited_by": cast.manager,
        "edited_at": timezone.now(),
    }
    return BriefTemplate.objects.create(**{**defaults, **fields})


def make_brief_version(cast: Cast) -> BriefVersion:
    brief = cast.get(Brief)
    content = {"form": brief.form, "answers": {"A1": {"value": "We roast coffee."}}}
    return BriefVersion.objects.create(
        brief=brief,
        number=brief.versions.count() + 1,
        content=content,
        content_hash=content_hash(content),
        submitted_by=cast.contact,
    )


def make_debrief(cast: Cast, **fields) -> Debrief:
    fields = {"shared_at": timezone.now(), "shared_by": cast.manager, **fields}
    return Debrief.objects.create(version=cast.get(BriefVersion), **fields)


def make_goal(cast: Cast, **fields) -> Goal:
    words = dict.fromkeys(Goal.CRITERIA, "Followers of the VK page, 10,000 to 12,000.")
    defaults = {
        "project": cast.project,
        "statement": "Twelve thousand followers by 1 March",
        "due_on": date(2027, 3, 1),
        "created_by": cast.manager,
        **words,
    }
    return Goal.objects.create(**{**defaults, **fields})


def make_business_goal(cast: Cast, **fields) -> BusinessGoal:
    defaults = {"project": cast.project, "text": "More orders without discounts", "position": 1}
    return BusinessGoal.objects.create(**{**defaults, "created_by": cast.manager, **fields})


def make_running_goal(cast: Cast, **fields) -> Goal:
    """A goal that both sides agreed to and began, in an active project."""
    now = timezone.now()
    cast.project.activated_at = now
    cast.project.save()
    defaults = {"status": Goal.Status.ACTIVE, "agreed_by": cast.decider, "agreed_at": now}
    return make_goal(cast, **{**defaults, "begun_by": cast.manager, "begun_at": now, **fields})


def make_conclusion(cast: Cast, **fields) -> Conclusion:
    goal = make_running_goal(cast, status=Goal.Status.MISSED)
    return goal.conclusions.create(**{"outcome": "missed", "reason": "We began late.", "by": cast.manager, **fields})


def make_task(cast: Cast, **fields) -> Task:
    defaults = {
        "project": cast.project,
        "title": "Send the logo",
        "side": Side.CLIENT,
        "assignee": cast.contact,
        "due_on": date(2026, 12, 1),
        "created_by": cast.manager,
    }
    return Task.objects.create(**{**defaults, **fields})


def make_recurrence(cast: Cast, **fields) -> Recurrence:
    """Every Monday, from 23 November."""
    defaults = {
        "project": cast.project,
        "title": "Content plan",
        "side": Side.AGENCY,
        "weekdays": [0],
        "starts_on": date(2026, 11, 23),
        "created_by": cast.manager,
    }
    return Recurrence.objects.create(**{**defaults, **fields})


def make_step(cast: Cast, **fields) -> ChecklistItem:
    task = fields.pop("task", None) or cast.get(Task)
    return ChecklistItem.objects.create(
        **{"task": task, "text": "Find the file", "position": task.checklist.count() + 1, **fields}
    )


def make_effort(cast: Cast, **fields) -> Effort:
    defaults = {"by": cast.contact, "on": timezone.localdate(), "hours": Decimal("1.5")}
    return Effort.objects.create(**{"task": fields.pop("task", None) or cast.get(Task), **defaults, **fields})


def make_dependency(cast: Cast, **fields) -> Dependency:
    task = fields.pop("task", None) or cast.get(Task)
    return Dependency.objects.create(task=task, first=fields.pop("first", None) or make_task(cast, title="Draw it"))


def make_absence(cast: Cast, **fields) -> Absence:
    """The contact is away for the first week of December, and the decision-maker stands in."""
    defaults = {
        "person": cast.contact,
        "substitute": cast.decider,
        "starts_on": date(2026, 12, 1),
        "ends_on": date(2026, 12, 7),
    }
    return Absence.objects.create(**{**defaults, **fields})


def make_competitor(cast: Cast, **fields) -> Competitor:
    defaults = {"project": cast.project, "name": "https://brew.example", "better": "Videos", "created_by": cast.manager}
    return Competitor.objects.create(**{**defaults, **fields})


def make_contact(cast: Cast, **fields) -> Contact:
    defaults = {
        "project": cast.project,
        "name": "Boris the founder",
        "contact": "boris@client.example",
        "duty": Contact.Duty.DECIDER,
        "created_by": cast.manager,
    }
    return Contact.objects.create(**{**defaults, **fields})


def make_forbidden_topic(cast: Cast, **fields) -> ForbiddenTopic:
    defaults = {"project": cast.project, "text": "No jokes about sleep", "created_by": cast.manager}
    return ForbiddenTopic.objects.create(**{**defaults, **fields})


def make_material(cast: Cast, **fields) -> MaterialRequest:
    defaults = {"project": cast.project, "what": "Photographs of the roaster", "created_by": cast.manager}
    return MaterialRequest.objects.create(**{**defaults, **fields})


def make_login(cast: Cast) -> PlatformLogin:
    return PlatformLogin.objects.create(
        organisation=cast.agency,
        platform="vk",
        name="Roast",
        credentials={"token": "sandbox-secret"},
        granted_by=cast.specialist,
    )


def make_connection_link(cast: Cast, **fields) -> ConnectionLink:
    """An open link for connecting the client's accounts; its secret is put on the row as `secret`."""
    secret = links.new_secret()
    defaults = {
        "project": cast.project,
        "organisation": cast.client,
        "name": "Pyotr",
        "language": "en",
        "token_hash": links.hash_of(secret),
        "created_by": cast.manager,
        "expires_at": timezone.now() + ConnectionLink.LASTS,
    }
    link = ConnectionLink.objects.create(**{**defaults, **fields})
    link.secret = secret
    return link


def make_attempt(cast: Cast, state: str = "a-state-of-the-tests", **fields) -> ConsentAttempt:
    """The manager is on the way to VK's page; `state` is what they will bring back."""
    defaults = {
        "project": cast.project,
        "platform": "vk",
        "by": cast.manager,
        "state_hash": links.hash_of(state),
        "kept": {"verifier": "v" * 64},
        "expires_at": timezone.now() + ConsentAttempt.LASTS,
    }
    return ConsentAttempt.objects.create(**{**defaults, **fields})


def make_source(cast: Cast, **fields) -> Source:
    defaults = {
        "project": cast.project,
        "platform": "vk",
        "external_id": f"{Source.objects.count() + 1}",
        "title": "Roast No. 7 on VK",
        "timezone": "Europe/Moscow",
        "login": cast.get(PlatformLogin),
        "connected_by": cast.specialist,
    }
    return Source.objects.create(**{**defaults, **fields})


def make_snapshot(cast: Cast, **fields) -> Snapshot:
    defaults = {
        "source": cast.get(Source),
        "taken_at": datetime(2026, 11, 22, 9, tzinfo=UTC),
        "first_day": date(2026, 11, 1),
        "last_day": date(2026, 11, 21),
        "body": b"",
        "content_hash": "0" * 64,
    }
    return Snapshot.objects.create(**{**defaults, **fields})


def make_series(cast: Cast, **fields) -> MetricSeries:
    defaults = {"source": cast.get(Source), "metric": "followers"}
    return MetricSeries.objects.create(**{**defaults, **fields})


def make_points(series: MetricSeries, values: list, *, last: date) -> list[Point]:
    """Daily measured points that end on `last`; None is a gap."""
    first = last - timedelta(days=len(values) - 1)
    points = Point.objects.bulk_create(
        Point(
            series=series,
            day=first + timedelta(days=index),
            value=None if value is None else Decimal(value),
            provenance=Point.Provenance.MEASURED,
            reason="not_given" if value is None else "",
        )
        for index, value in enumerate(values)
    )
    known = [point for point in points if point.value is not None]
    if known:
        series.latest_value, series.latest_on = known[-1].value, known[-1].day
        series.final_through = known[-1].day
        series.save()
    put_mean_days([series.pk] if series.metric in SUMS else [])
    refresh_weeks({series.pk}, {series.source_id})
    series.refresh_from_db(fields=["week_value", "week_days"])
    return points


def make_post(cast: Cast, **fields) -> Post:
    defaults = {
        "source": cast.get(Source),
        "external_id": f"-1_{Post.objects.count() + 1}",
        "permalink": "https://vk.com/wall-1_1",
        "published_at": datetime(2026, 11, 15, 10, tzinfo=UTC),
        "kind": Post.Kind.PHOTO,
        "opening": "Fresh harvest from Colombia",
    }
    return Post.objects.create(**{**defaults, **fields})


def make_post_point(cast: Cast, **fields) -> PostPoint:
    """A number of the post on its seventh day."""
    post, age = fields.pop("post", None) or cast.get(Post), fields.pop("age", timedelta(days=6, hours=20))
    defaults = {
        "metric": "views",
        "taken_at": post.published_at + age,
        "age_seconds": int(age.total_seconds()),
        "value": Decimal(1200),
        "snapshot": fields.pop("snapshot", None) or cast.get(Snapshot),
    }
    return PostPoint.objects.create(post=post, **{**defaults, **fields})


def make_formula(cast: Cast, expression: str = "followers / 2", **fields) -> Formula:
    """A formula over the cast's one source."""
    cast.get(Source)
    defaults = {"name": "Half of them", "unit": "count", "decimals": 0, "direction": "up", "by": cast.manager}
    return formula_actions.make_formula(cast.project, expression=expression, **{**defaults, **fields})


def make_revision(cast: Cast, **fields) -> Revision:
    defaults = {
        "series": cast.get(MetricSeries),
        "day": date(2026, 11, 20),
        "before": Decimal(120),
        "after": Decimal(134),
        "at": datetime(2026, 11, 23, 9, tzinfo=UTC),
    }
    return Revision.objects.create(**{**defaults, **fields})


def make_review(cast: Cast, **fields) -> Review:
    kpi = fields.pop("kpi", None) or cast.get(Kpi)
    usual = {
        "first": kpi.starts_on,
        "last": kpi.starts_on + timedelta(days=6),
        "happened": "Went up",
        "status": "ahead",
    }
    return Review.objects.create(**{"kpi": kpi, "by": cast.manager, "side": Side.AGENCY, **usual, **fields})


def make_dip(cast: Cast, **fields) -> Dip:
    kpi = fields.pop("kpi", None) or cast.get(Kpi)
    usual = {"day": kpi.starts_on, "until": kpi.starts_on, "value": 10, "low": 20, "high": 30}
    return Dip.objects.create(**{"kpi": kpi, **usual, **fields})


def make_annotation(cast: Cast, **fields) -> Annotation:
    usual = {"day": date(2026, 10, 1), "text": "A sale", "by": cast.manager}
    return Annotation.objects.create(**{"project": cast.project, **usual, **fields})


def make_alert(cast: Cast, **fields) -> Alert:
    usual = {"kind": "pace", "subject": "kpi:1", "url": "/"}
    return Alert.objects.create(**{"project": cast.project, **usual, **fields})


def make_threshold(cast: Cast, **fields) -> AlertThreshold:
    usual = {"is_above": False, "value": Decimal(9000), "set_by": cast.manager}
    return AlertThreshold.objects.create(**{"kpi": fields.pop("kpi", None) or cast.get(Kpi), **usual, **fields})


def make_reading(cast: Cast, **fields) -> Reading:
    usual = {"score": 80, "clarity": 25, "kpis": 30, "rhythm": 25, "level": Reading.Level.AFLOAT}
    return Reading.objects.create(**{"project": cast.project, "day": date(2026, 10, 1), **usual, **fields})


def make_forecast_day(cast: Cast, **fields) -> ForecastDay:
    return ForecastDay.objects.create(**{"kpi": cast.get(Kpi), "day": date(2026, 10, 1), "chance": 0.5, **fields})


def make_forecast(cast: Cast, **fields) -> Forecast:
    return Forecast.objects.create(**{"kpi": cast.get(Kpi), "rests_on": "-", "chance": 0.5, **fields})


def make_kpi(cast: Cast, **fields) -> Kpi:
    defaults = {
        "project": cast.project,
        "goal": cast.get(Goal),
        "source": cast.get(Source),
        "metric": "followers",
        "kind": Kpi.Kind.INCREASE_TO,
        "baseline": Decimal(10000),
        "baseline_on": date(2026, 11, 1),
        "baseline_provenance": "measured",
        "target": Decimal(12000),
        "starts_on": date(2026, 11, 1),
        "due_on": date(2027, 3, 1),
        "created_by": cast.manager,
    }
    return Kpi.objects.create(**{**defaults, **fields})


def make_agreement(cast: Cast, **fields) -> Agreement:
    number = cast.project.agreements.count() + 1
    content = content_of(cast.project, fields.pop("kpis", []), number=number, previous_hash="")
    defaults = {
        "project": cast.project,
        "number": number,
        "content": content,
        "content_hash": content_hash(content),
        "prepared_by": cast.manager,
    }
    return Agreement.objects.create(**{**defaults, **fields})


def make_signature(cast: Cast) -> Signature:
    agreement = cast.get(Agreement)
    return Signature.objects.create(
        agreement=agreement, side=Side.AGENCY, by=cast.manager, content_hash=agreement.content_hash, proof="password"
    )


def make_meeting(cast: Cast, **fields) -> Meeting:
    defaults = {
        "project": cast.project,
        "title": "Weekly call",
        "starts_at": datetime(2026, 12, 1, 9, tzinfo=UTC),
        "ends_at": datetime(2026, 12, 1, 10, tzinfo=UTC),
        "booked_by": cast.manager,
        "booked_side": Side.AGENCY,
    }
    meeting = Meeting.objects.create(**{**defaults, **fields})
    for person in (cast.manager, cast.decider):
        Attendance.objects.create(meeting=meeting, person=person)
    return meeting


def make_proposal(cast: Cast, **fields) -> Proposal:
    """The manager proposes one time; the decider has not answered. Nobody's time is held."""
    start = fields.pop("starts_at", datetime(2040, 1, 4, 9, tzinfo=UTC))
    defaults = {
        "project": cast.project,
        "title": "Plan for March",
        "minutes": 60,
        "proposed_by": cast.manager,
        "proposed_side": Side.AGENCY,
        "expires_at": timezone.now() + Proposal.LASTS,
    }
    proposal = Proposal.objects.create(**{**defaults, **fields})
    time = proposal.times.create(starts_at=start, ends_at=start + timedelta(minutes=60), by=cast.manager)
    proposal.asked.create(person=cast.manager, answered_at=timezone.now()).suits.add(time)
    proposal.asked.create(person=cast.decider)
    return proposal


def make_proposal_link(cast: Cast, **fields) -> ProposalLink:
    """The decider's link to a proposal; its secret is put on the row as `secret`."""
    secret = links.new_secret()
    defaults = {
        "asked": cast.get(Proposal).asked.get(person=cast.decider),
        "language": "en",
        "token_hash": links.hash_of(secret),
        "created_by": cast.manager,
        "expires_at": timezone.now() + Proposal.LASTS,
    }
    link = ProposalLink.objects.create(**{**defaults, **fields})
    link.secret = secret
    return link


def make_amendment(cast: Cast, **fields) -> AmendmentProposal:
    """A signed KPI whose answer a version of the brief has changed."""
    kpi, version = cast.get(Kpi), cast.get(BriefVersion)
    Kpi.objects.filter(pk=kpi.pk).update(brief_version=version, from_version=version, from_key="A1")
    defaults = {"kpi": kpi, "version": version, "key": "A1"}
    return AmendmentProposal.objects.create(**{**defaults, **fields})


def make_succession(cast: Cast, **fields) -> SuccessorProposal:
    """A signed KPI on followers, which the platform gives no more; two weeks of total views lead over."""
    kpi = fields.pop("kpi", None) or cast.get(Kpi)
    Kpi.objects.filter(pk=kpi.pk).update(signed_in=make_agreement(cast, kpis=[kpi]))
    kpi.refresh_from_db()
    last = date(2026, 11, 21)
    old = make_series(cast, source=kpi.source)
    make_points(old, [10000] * 14, last=last)
    MetricSeries.objects.filter(pk=old.pk).update(retired_on=date(2026, 11, 22))
    make_points(make_series(cast, source=kpi.source, metric="total_views"), [9000] * 15, last=date(2026, 11, 22))
    factor = {"factor": Decimal("0.9"), "low": Decimal("0.9"), "high": Decimal("0.9"), "days": 14}
    defaults = {"source": kpi.source, "metric": "total_views", "first_day": date(2026, 11, 8), "last_day": last}
    return SuccessorProposal.objects.create(
        **{"kpi": kpi, "retired_on": date(2026, 11, 22), **factor, **defaults, **fields}
    )


def make_rhythm(cast: Cast, **fields) -> Rhythm:
    defaults = {"project": cast.project, "cadence": Rhythm.Cadence.WEEKLY, "set_by": cast.manager}
    return Rhythm.objects.create(**{**defaults, **fields})


def make_meeting_series(cast: Cast, **fields) -> Series:
    """Tuesdays at 10:00 in Moscow from January 2040 on, for the manager and the decider; two are made."""
    first = date(2040, 1, 3)
    made = {"made_by": cast.manager, "made_side": Side.AGENCY, "made_until": first + timedelta(days=7)}
    when = {"rule": "FREQ=WEEKLY;BYDAY=TU", "starts_on": first, "time": time(10), "zone": "Europe/Moscow"}
    series = Series.objects.create(**{"project": cast.project, "title": "Weekly call", **made, **when, **fields})
    for person in (cast.manager, cast.decider):
        SeriesSeat.objects.create(series=series, person=person, joins_on=series.starts_on)
    for day in (first, first + timedelta(days=7)):
        starts_at = series.moment_on(day)
        times = {"starts_at": starts_at, "ends_at": starts_at + series.length}
        make_meeting(cast, series=series, series_day=day, project=series.project, **times)
    return series


def make_open_day(cast: Cast, **fields) -> OpenDay:
    series = fields.pop("series", None) or make_meeting_series(cast)
    day = date(2040, 1, 17)
    defaults = {"day": day, "starts_at": series.moment_on(day), "names": "Dmitry"}
    return OpenDay.objects.create(series=series, **{**defaults, **fields})


def make_report(cast: Cast, **fields) -> Report:
    """A draft over the first three weeks of November, with the words that are a must."""
    defaults = {
        "project": cast.project,
        "number": Report.objects.count() + 1,
        "first": date(2026, 11, 1),
        "last": date(2026, 11, 22),
        "layout": [dict(one) for one in blocks.SHIPPED],
        "language": "en",
        "commentaries": {"summary": "We grew.", "next_steps": "We go on."},
        "begun_by": cast.manager,
        "written_by": cast.manager,
    }
    return Report.objects.create(**{**defaults, **fields})


def make_checked_report(cast: Cast, **fields) -> Report:
    """The manager wrote it, the specialist checked it: it can be issued."""
    now = timezone.now()
    sent = {"sent_at": now, "sent_by": cast.manager, "checked_at": now, "checked_by": cast.specialist}
    return make_report(cast, **{**sent, **fields})


def make_issued_report(cast: Cast, **fields) -> Report:
    report = make_checked_report(cast, **{"issued_at": timezone.now(), **fields})
    content = report_contents.content_of(report, today=date(2026, 11, 23))
    IssuedReport.objects.create(
        report=report, content=content, content_hash=content_hash(content), by=cast.manager, at=report.issued_at
    )
    return report


def make_report_link(cast: Cast, **fields) -> ReportLink:
    """An open link to an issued report; its secret is put on the row as `secret`."""
    secret = links.new_secret()
    defaults = {
        "report": fields.pop("report", None) or cast.get(Report),
        "name": "Pyotr, finance",
        "language": "en",
        "token_hash": links.hash_of(secret),
        "created_by": cast.manager,
        "expires_at": timezone.now() + timedelta(days=ReportLink.USUALLY_LASTS),
    }
    link = ReportLink.objects.create(**{**defaults, **fields})
    link.secret = secret
    return link


def make_report_template(cast: Cast, **fields) -> ReportTemplate:
    defaults = {
        "agency": cast.agency,
        "name": "Monthly",
        "layout": [blocks.block("summary", must_comment=True), blocks.block("kpi_table")],
        "created_by": cast.owner,
        "edited_by": cast.owner,
        "edited_at": timezone.now(),
    }
    return ReportTemplate.objects.create(**{**defaults, **fields})


def make_report_timetable(cast: Cast, **fields) -> ReportTimetable:
    defaults = {
        "project": cast.project,
        "cadence": ReportTimetable.Cadence.WEEKLY,
        "language": "en",
        "next_first": date(2026, 11, 16),
        "set_by": cast.manager,
        "set_at": timezone.now(),
    }
    return ReportTimetable.objects.create(**{**defaults, **fields})


BUILDERS = {
    Project: lambda cast: cast.project,
    Brief: make_brief,
    Answer: make_answer,
    AnswerFile: make_answer_file,
    Delegation: make_delegation,
    BriefTemplate: make_template,
    BriefVersion: make_brief_version,
    Debrief: make_debrief,
    DebriefSection: lambda cast: cast.get(Debrief).sections.create(key="A", understanding="You roast coffee."),
    DebriefRemark: lambda cast: cast.get(Debrief).remarks.create(key="A", text="And sell it.", by=cast.contact),
    Goal: make_goal,
    BusinessGoal: make_business_goal,
    Conclusion: make_conclusion,
    Confidence: lambda cast: cast.get(Goal).confidences.create(side=Side.CLIENT, value=4, by=cast.contact),
    ConfidenceGap: lambda cast: cast.get(Goal).gaps.create(opened_by=cast.contact),
    Task: make_task,
    ChecklistItem: make_step,
    Dependency: make_dependency,
    Effort: make_effort,
    Recurrence: make_recurrence,
    Reminder: lambda cast: Reminder.objects.create(task=cast.get(Task), kind="overdue", due_on=date(2026, 12, 1)),
    Competitor: make_competitor,
    Contact: make_contact,
    ForbiddenTopic: make_forbidden_topic,
    MaterialRequest: make_material,
    Source: make_source,
    PlatformLogin: make_login,
    ConnectionLink: make_connection_link,
    ConsentAttempt: make_attempt,
    Snapshot: make_snapshot,
    MetricSeries: make_series,
    Point: lambda cast: make_points(cast.get(MetricSeries), [10000], last=date(2026, 11, 22))[0],
    Post: make_post,
    PostPoint: make_post_point,
    PostWatch: lambda cast: PostWatch.objects.create(source=cast.get(Source), next_at=timezone.now()),
    Revision: make_revision,
    Formula: make_formula,
    Computed: lambda cast: Computed.objects.get(series__source__formula=cast.get(Formula)),
    Operand: lambda cast: cast.get(Computed).operands.get(),
    Kpi: make_kpi,
    Agreement: make_agreement,
    Signature: make_signature,
    Forecast: make_forecast,
    ForecastDay: make_forecast_day,
    Review: make_review,
    Dip: make_dip,
    Annotation: make_annotation,
    Alert: make_alert,
    AlertThreshold: make_threshold,
    Reading: make_reading,
    Report: make_issued_report,
    IssuedReport: lambda cast: cast.get(Report).issue,
    ReportLink: make_report_link,
    ReportOpening: lambda cast: cast.get(ReportLink).openings.create(),
    ReportTimetable: make_report_timetable,
    AmendmentProposal: make_amendment,
    SuccessorProposal: make_succession,
    ComparedVersion: lambda cast: ComparedVersion.objects.create(version=cast.get(BriefVersion)),
    Rhythm: make_rhythm,
    Series: make_meeting_series,
    SeriesSeat: lambda cast: cast.get(Series).seats.first(),
    OpenDay: make_open_day,
    Meeting: make_meeting,
    Proposal: make_proposal,
    ProposedTime: lambda cast: cast.get(Proposal).times.get(),
    Asked: lambda cast: cast.get(Proposal).asked.get(person=cast.decider),
    ProposalLink: make_proposal_link,
    Attendance: lambda cast: cast.get(Meeting).attendances.first(),
    CallLink: lambda cast: CallLink.objects.create(
        project=cast.project, address="https://telemost.yandex.ru/j/1", set_by=cast.manager
    ),
    MeetingReminder: lambda cast: cast.get(Meeting).reminders.create(
        person=cast.manager, starts_at=cast.get(Meeting).starts_at, minutes=60
    ),
    AgendaItem: lambda cast: cast.get(Meeting).agenda.create(position=1, title="KPIs", added_by=cast.manager),
    Room: lambda cast: Room.objects.create(
        meeting=cast.get(Meeting), opened_at=cast.get(Meeting).starts_at, opened_by=cast.manager
    ),
    BroughtUp: lambda cast: cast.get(Meeting).brought_up.create(kind="kpi", row=cast.get(Kpi).pk),
    Minutes: lambda cast: Minutes.objects.create(meeting=cast.get(Meeting), text="We met.", written_by=cast.manager),
    Confirmation: lambda cast: cast.get(Minutes).confirmations.create(
        side=Side.CLIENT, by=cast.decider, content_hash="0" * 64, via="portal"
    ),
    Objection: lambda cast: cast.get(Minutes).objections.create(
        side=Side.CLIENT, by=cast.decider, decision=cast.get(Decision), text="Twice a day."
    ),
    ObjectionAnswer: lambda cast: ObjectionAnswer.objects.create(
        objection=cast.get(Objection), by=cast.manager, agrees=False, text="We said daily."
    ),
    Correction: lambda cast: cast.get(Minutes).corrections.create(
        side=Side.AGENCY, by=cast.manager, text="On workdays."
    ),
    MinutesLink: lambda cast: cast.get(Minutes).links.create(
        person=cast.decider,
        content_hash="0" * 64,
        token_hash=links.hash_of("minutes"),
        created_by=cast.manager,
        expires_at=timezone.now() + timedelta(days=3),
    ),
    Decision: lambda cast: cast.get(Meeting).decisions.create(text="Post daily.", by=cast.manager),
    ActionItem: lambda cast: cast.get(Meeting).action_items.create(task=cast.get(Task)),
    AuditEntry: lambda cast: record("tested", about=cast.project, by=cast.manager, project=cast.project),
}

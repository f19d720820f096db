"""Loads the demo through the same verbs that people use, and pulls its numbers from the stand-in over HTTP."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Min
from django.utils import timezone, translation

import projects.actions as project_actions
import projects.queries as project_queries
from kpis.actions import agreements, annotations, kpis, sources
from kpis.actions.alerts import explain
from kpis.actions.dips import explain_dip, find_dips
from kpis.actions.forecasts import foresee
from kpis.actions.reviews import hold_review
from kpis.actions.thresholds import set_threshold
from kpis.actions.watching import watch_projects
from kpis.connectors import connector_for
from kpis.connectors.posts import READERS
from kpis.models import Alert, Dip, Kpi, MetricSeries, PostWatch, Source
from kpis.pulling import pull_source
from kpis.pulling_posts import pull_posts
from kpis.queries.reviews import owed
from kpis.queries.standings import for_standing
from kpis.sandbox import start_sandbox, vk
from meetings import actions as meeting_actions
from meetings import queries as meeting_queries
from meetings import watching as meeting_watching
from meetings.rhythm import set_rhythm
from projects.models import Competitor, Contact, ForbiddenTopic, Project, Recurrence, Task
from projects.origins import Place, place_at
from smmportal.demo import reports as demo_reports
from smmportal.demo.clock import moved_to
from smmportal.demo.story import STORIES, DemoKpi, DemoReview, DemoTask, Story
from smmportal.formatting import format_day, format_number
from smmportal.notifications.actions import mark_read
from smmportal.people.models import Membership, Organisation, Proof, Role, Side, User
from smmportal.waterline.actions import read_water

DEMO_SEED = 7
STARTED_DAYS_AGO = 63
#: Days of the project on which the story has told all that had happened by then: their readings are true.
READINGS = range(50, STARTED_DAYS_AGO - 6)
#: The terms begin on the sixth day, and their weeks with them.
FIRST_WEEK_ENDS = 12
EVERY = slice(None)

#: So many days of looks give more than the ten posts that are wanted for a comparison.
POSTS_DAYS = 35
#: On so many last mornings the forecast is made, so that its course can be seen.
FORESEEN_DAYS = 14
PASSWORD_FILE = settings.VAR / "demo-password"

CAST = (
    ("owner@agency.example", "Ольга Маркова", "agency", Role.OWNER),
    ("manager@agency.example", "Максим Ветров", "agency", Role.MANAGER),
    ("specialist@agency.example", "Соня Лебедева", "agency", Role.SPECIALIST),
    ("decider@client.example", "Дмитрий Орлов", "client", Role.DECIDER),
    ("contact@client.example", "Катя Белова", "client", Role.CONTACT),
    ("stranger@other.example", "Степан Дальний", "other", Role.OWNER),
)


def demo_password() -> str:
    """The one password of all demo logins, made up on the first start and kept in a file."""
    if not PASSWORD_FILE.exists():
        PASSWORD_FILE.touch(mode=0o600)
        PASSWORD_FILE.write_text(f"tide-{secrets.token_hex(4)}")
    return PASSWORD_FILE.read_text().strip()


def load() -> bool:
    """Load what is not there yet; True when anything was. Safe to repeat."""
    people = make_people()
    missing = [story for story in STORIES if not Project.objects.filter(name=story.project).exists()]
    if missing:
        with numbers_of_the_past() as sandbox_day:
            for story in missing:
                with transaction.atomic(), translation.override(story.language):
                    Telling(story, people, sandbox_day).tell()
    return bool(missing)


@transaction.atomic
def make_people() -> dict[str, User]:
    agency, _new = Organisation.objects.get_or_create(name="Фарватер", kind=Side.AGENCY)
    organisations = {
        "agency": agency,
        "client": Organisation.objects.get_or_create(name="Обжарка №7", kind=Side.CLIENT, agency=agency)[0],
        "other": Organisation.objects.get_or_create(name="Другой берег", kind=Side.AGENCY)[0],
    }
    people = {
        email.split("@")[0]: make_person(email, name, organisations[where], role) for email, name, where, role in CAST
    }
    demo_reports.dress(agency, people["owner"])
    if not people["owner"].check_password(demo_password()):
        # One hash for all six: hashing is slow on purpose, and the password is the same.
        User.objects.filter(pk__in=[user.pk for user in people.values()]).update(
            password=make_password(demo_password())
        )
    return people


def make_person(email: str, name: str, organisation: Organisation, role: Role) -> User:
    user, _new = User.objects.get_or_create(email=email, defaults={"name": name, "language": "ru"})
    user.emailaddress_set.get_or_create(email=email, defaults={"verified": True, "primary": True})
    Membership.objects.get_or_create(user=user, organisation=organisation, defaults={"role": role})
    return user


class SandboxDay:
    """What the stand-in takes for today: followers are a number of the moment, so the past is asked in the past."""

    def __init__(self) -> None:
        self.day = timezone.localdate()
        #: Posts grow by the hour.
        self.moment: datetime | None = None

    def __call__(self) -> date:
        return self.day

    def now(self) -> datetime:
        return self.moment or datetime.combine(self.day, time(12), UTC)


@contextmanager
def numbers_of_the_past() -> Iterator[SandboxDay]:
    """A stand-in of our own for the time of loading, whose day can be moved."""
    today = SandboxDay()
    sandbox = start_sandbox(seed=DEMO_SEED, today=today)
    sandbox.now = today.now
    platforms, trusted = dict(settings.PLATFORMS), list(settings.TRUSTED_BASES)
    settings.PLATFORMS.update(sandbox.urls)
    settings.TRUSTED_BASES.extend(sandbox.urls.values())
    try:
        yield today
    finally:
        settings.PLATFORMS.update(platforms)
        settings.TRUSTED_BASES[:] = trusted
        sandbox.stop()


class Telling:
    """One story, told from its first day to this morning."""

    def __init__(self, story: Story, people: dict[str, User], sandbox_day: SandboxDay) -> None:
        self.story = story
        self.people = people
        self.sandbox_day = sandbox_day
        self.today = timezone.localdate()
        self.first_day = self.today - timedelta(days=STARTED_DAYS_AGO)
        self.due_on = self.first_day + timedelta(days=story.days)
        self.facts = self.facts_of_the_story()

    def on(self, days: int, hour: int = 9):
        """The clock at this hour of the project's given day."""
        moment = datetime.combine(self.first_day + timedelta(days=days), time(hour, 12), UTC)
        return moved_to(min(moment, datetime.now(UTC)))

    def say(self, words):
        """The story's words with the days and the numbers they speak of put in."""
        if isinstance(words, str):
            return words.format_map(self.facts)
        if isinstance(words, dict):
            return {key: self.say(value) for key, value in words.items()}
        return [self.say(value) for value in words] if isinstance(words, list) else words

    def facts_of_the_story(self) -> dict[str, str]:
        """What the client reads on their own page on the first day, and what they wish for, as people round it."""
        [account] = [account for platform, account, _credentials in self.story.sources if platform == "vk"]
        followers = vk.life(DEMO_SEED, int(account)).followers(self.first_day)
        wanted = roughly(followers * self.story.kpis[0].times)
        return {
            "due": format_day(self.due_on),
            "due_on": self.due_on.isoformat(),
            "now": str(roughly(followers)),
            "wanted": str(wanted),
            "wanted_words": format_number(wanted),
        }

    def tell(self) -> None:
        with self.on(0):
            self.project = self.start_project()
        self.fill_brief()
        self.understand()
        self.make_of_answers()
        with self.on(3):
            self.sources = [self.connect(*source) for source in self.story.sources]
        self.pull_every_morning(3, 6)
        self.agree_on_goal()
        self.sign_kpis()
        self.go_on_week_by_week()
        self.look_at_posts()
        self.meet()
        self.note_what_happened()
        self.leave_work_to_do()
        self.watch()
        demo_reports.write_reports(self.project, self.people, self.today)
        read_water([self.project])

    def start_project(self) -> Project:
        manager = self.people["manager"]
        agency = Organisation.objects.get(memberships__user=manager, kind=Side.AGENCY)
        return project_actions.create_project(
            agency,
            client=agency.clients.get(memberships__user=self.people["decider"]),
            name=self.story.project,
            by=manager,
            timezone="Europe/Moscow",
            starts_on=self.first_day,
            ends_on=self.first_day + timedelta(days=240),
            team=[manager, self.people["specialist"]],
        )

    def fill_brief(self) -> None:
        brief, contact = self.project.brief, self.people["contact"]
        with self.on(1, 17):
            for key, value in self.story.answers.items():
                project_actions.save_answer(brief, key, value=self.say(value), revision=0, by=contact)
            for key in self.story.unknown:
                project_actions.save_answer(brief, key, value=None, unknown=True, revision=0, by=contact)
        with self.on(1, 18):
            self.version = project_actions.submit_brief(brief, by=contact)

    def understand(self) -> None:
        manager = self.people["manager"]
        with self.on(2):
            debrief = project_actions.write_understanding(
                self.version, texts=self.say(self.story.understanding), by=manager
            )
            project_actions.share_debrief(debrief, by=manager)
        debrief.refresh_from_db()
        with self.on(2, 16):
            project_actions.confirm_debrief(debrief, by=self.people["decider"])
        self.project.refresh_from_db()

    def make_of_answers(self) -> None:
        """What one click made of the brief's answers, and the rhythm that was agreed on."""
        manager, decider = self.people["manager"], self.people["decider"]
        with self.on(2, 17):
            for model, key in ((Competitor, "F1"), (Contact, "A4"), (ForbiddenTopic, "G3")):
                place = place_at(self.project, key=key, row=None if key == "A4" else 0)
                project_actions.know_from_answer(model, place, by=manager)
            rhythm, place = self.story.answers["J2"], place_at(self.project, key="J2")
            set_rhythm(self.project, cadence=rhythm["choice"], people=[manager, decider], by=manager, origin=place)

    def connect(self, platform: str, account: str, credentials: dict[str, str]) -> Source:
        row = {"vk": 0, "metrika": 1}.get(platform)
        origin = None if row is None else place_at(self.project, key="E4", row=row)
        return sources.connect_source(
            self.project,
            platform=platform,
            credentials=credentials,
            external_id=account,
            by=self.people["specialist"],
            origin=origin,
        )

    def pull_every_morning(self, first: int, last: int) -> None:
        """What a platform tells only of the moment is asked every morning; the rest keeps its own history."""
        for day in range(first, last + 1):
            self.sandbox_day.day = self.first_day + timedelta(days=day)
            with self.on(day, 6) as morning:
                for source in self.sources:
                    if day in (first, last) or tells_only_the_moment(source):
                        source.refresh_from_db()
                        pull_source(source, clock=lambda now=morning: now)
                if day in READINGS:
                    read_water([self.project])
                if day > STARTED_DAYS_AGO - FORESEEN_DAYS:
                    foresee(list(self.project.kpis.standing().select_related("project")))

    def go_on_week_by_week(self) -> None:
        """Numbers come, and each week is looked at when it is over; the last one waits for a word about one KPI, and so
        does what fell lately."""
        first = 7
        for number, review in enumerate(self.story.reviews):
            last = FIRST_WEEK_ENDS + 7 * number + 1
            self.pull_every_morning(first, last)
            with self.on(last, 8):
                find_dips()
            with self.on(last, 15):
                self.explain_drops()
                self.review_week(review)
                self.everybody_reads()
            first = last + 1
        self.pull_every_morning(first, STARTED_DAYS_AGO)
        with self.on(STARTED_DAYS_AGO, 8):
            find_dips()
            self.review_week(self.story.other_review, slice(1))

    def explain_drops(self) -> None:
        for dip in Dip.objects.unexplained().filter(kpi__project=self.project) if self.story.drop else ():
            explain_dip(dip, explanation=self.story.drop, by=self.people["specialist"])

    def everybody_reads(self) -> None:
        """Who works every day has seen what the weeks before brought; only the last days are still to be read."""
        for name in ("manager", "specialist", "decider", "contact"):
            mark_read(self.people[name])

    def review_week(self, review: DemoReview, which: slice = EVERY) -> None:
        """Of the KPIs whose week is over: the story's words about the first, a line about each of the others."""
        kpis = list(for_standing(self.project.kpis.filter(signed_in__isnull=False).order_by("pk"))[which])
        due = owed(kpis)
        for kpi in kpis:
            words = review if kpi == kpis[0] else self.story.other_review
            said = {"happened": words.happened, "why": words.why}
            if words.measure:
                in_a_week = timezone.localdate() + timedelta(days=6)
                said |= {"measure": words.measure, "assignee": self.people["specialist"], "due_on": in_a_week}
            if kpi.pk in due:
                held = hold_review(kpi, due[kpi.pk], by=self.people["manager"], **said)
                if held.task:
                    project_actions.finish_task(held.task, by=self.people["specialist"])

    def watch(self) -> None:
        """What needs a look this morning, found by the portal itself; one of its findings is explained already."""
        kpi = self.project.kpis.filter(signed_in__isnull=False).order_by("pk").last()
        latest = MetricSeries.objects.get(source=kpi.source_id, metric=kpi.metric).latest_value
        level = Decimal(roughly(latest * Decimal("1.05")))
        set_threshold(kpi, is_above=False, value=level, by=self.people["specialist"])
        watch_projects([self.project], timezone.now())
        meeting_watching.watch()
        crossed = Alert.objects.standing().filter(project=self.project, kind="threshold").first()
        if crossed:
            explain(crossed, words=self.story.explanation, by=self.people["manager"])

    def look_at_posts(self) -> None:
        """Every morning, and when a post of the platforms that tell of them comes to an age to be compared at."""
        first = datetime.combine(self.today - timedelta(days=POSTS_DAYS), time(6, 12), UTC)
        for source in Source.objects.filter(pk__in=[one.pk for one in self.sources], platform__in=READERS):
            watch, moment = PostWatch.objects.create(source=source, next_at=first), first
            while moment < datetime.now(UTC):
                self.sandbox_day.moment = moment
                PostWatch.objects.filter(pk=watch.pk).update(next_at=moment)
                pull_posts(source, clock=lambda now=moment: now)
                moment = next_look(source, moment)
            self.sandbox_day.moment = None

    def agree_on_goal(self) -> None:
        with self.on(6, 8):
            offered = project_queries.task_of_brief(self.project)
            self.above = project_actions.name_business_goal(self.project, text=offered.text, by=self.people["contact"])
        with self.on(6):
            self.goal = self.propose(self.story.goal, origin=place_at(self.project, key="D2"))
            past = self.propose(self.story.past_goal, days=self.story.past_goal_days)
        for goal in (self.goal, past):
            with self.on(6, 15):
                project_actions.agree_to_goal(goal, revision=goal.revision, by=self.people["decider"])
        with self.on(7):
            project_actions.begin_goal(past, by=self.people["manager"])
        with self.on(self.story.past_goal_days + 1, 11):
            project_actions.conclude_goal(past, by=self.people["decider"], **self.story.past_ending)

    def propose(self, words: dict[str, str], days: int | None = None, *, origin: Place | None = None):
        manager = self.people["manager"]
        goal = project_actions.draft_goal(
            self.project,
            by=manager,
            due_on=self.due_on if days is None else self.first_day + timedelta(days=days),
            business_goal=self.above,
            client_owner=self.people["contact"],
            agency_owner=self.people["specialist"],
            origin=origin,
            **self.say(words),
        )
        project_actions.propose_goal(goal, by=manager)
        goal.refresh_from_db()
        return goal

    def source_of(self, platform: str) -> Source:
        return next(source for source in self.sources if source.platform == platform)

    def draft(self, kpi: DemoKpi, goal, *, origin: Place | None = None) -> Kpi:
        source = self.source_of(kpi.platform)
        platform, metric = kpi.guardrail or ("", "")
        drafted = kpis.draft_kpi(
            self.project,
            by=self.people["manager"],
            goal=goal,
            source=source,
            metric=kpi.metric,
            kind=kpi.kind,
            starts_on=timezone.localdate(),
            due_on=self.due_on,
            owner=self.people["specialist"],
            guardrail_source=self.source_of(platform) if platform else None,
            guardrail_metric=metric,
            guardrail_waived_because=kpi.waived_because,
            origin=origin,
        )
        # Visits jump from day to day: a target that the best of them has passed would be no target.
        latest = MetricSeries.objects.get(source=source, metric=kpi.metric).latest_value
        target = (max(drafted.baseline, latest) * kpi.times).quantize(Decimal(1))
        return kpis.edit_kpi(drafted, by=self.people["manager"], target=target)

    def sign_kpis(self) -> None:
        with self.on(6, 16):
            for number, kpi in enumerate(self.story.kpis):
                self.draft(kpi, self.goal, origin=None if number else place_at(self.project, key="D2"))
            agreement = agreements.prepare_agreement(self.project, by=self.people["manager"])
        for person, hour in (("manager", 17), ("decider", 19)):
            with self.on(6, hour):
                self.sign(agreement, self.people[person])
            agreement.refresh_from_db()

    def sign(self, agreement, person: User) -> None:
        seen = agreement.content_hash
        agreements.sign_agreement(agreement, by=person, seen_hash=seen, proof=Proof.LOADED)

    def meet(self) -> None:
        """One meeting that was held and written down, and one that is booked."""
        both = [self.people[name] for name in ("manager", "decider", "contact")]
        past, manager = self.story.past_meeting, self.people["manager"]
        day = STARTED_DAYS_AGO - 6
        start = datetime.combine(self.first_day + timedelta(days=day), time(9 + 2 * STORIES.index(self.story)), UTC)
        with self.on(day - 3):
            meeting = meeting_actions.book_meeting(
                self.project,
                title=past["title"],
                starts_at=start,
                ends_at=start + timedelta(minutes=45),
                people=both,
                by=manager,
                place="https://telemost.example/obzharka7",
            )
        with self.on(day, 13):
            meeting_actions.write_minutes(meeting, text=self.say(past["minutes"]), revision=0, by=manager)
            meeting_actions.record_decision(meeting, text=past["decision"], by=manager)
            meeting_actions.assign_action(
                meeting,
                title=past["action"],
                side=Side.CLIENT,
                assignee=self.people["contact"],
                due_on=self.today + timedelta(days=2),
                by=manager,
            )
            meeting_actions.publish_minutes(meeting, by=manager)
        self.book_next(both)

    def book_next(self, people: list[User]) -> None:
        words, offset = self.story.next_meeting, 1 + STORIES.index(self.story)
        day = next_working_day(self.today + timedelta(days=offset))
        start = datetime.combine(day, time(8 + 2 * offset), UTC)
        meeting_actions.book_meeting(
            self.project,
            title=words["title"],
            starts_at=start,
            ends_at=start + timedelta(minutes=30),
            people=people,
            by=self.people["contact"],
            place="https://telemost.example/obzharka7",
            agenda=list(words["agenda"]),
        )

    def note_what_happened(self) -> None:
        """Either side writes beside the lines what else went on."""
        for words, side, days, lasted in self.story.notes:
            day = self.first_day + timedelta(days=days)
            until = day + timedelta(days=lasted) if lasted else None
            with self.on(days, 18):
                annotations.annotate(
                    self.project,
                    by=self.people["manager" if side == "agency" else "contact"],
                    kind="campaign" if lasted else "note",
                    day=day,
                    until=until,
                    text=words,
                )

    def say_how_sure(self, *goals) -> None:
        """Both sides say how sure they are; where they differ, the next meeting is to talk about it."""
        for goal, (agency, client) in zip(goals, self.story.confidences, strict=True):
            for person, (value, note) in (("specialist", agency), ("contact", client)):
                project_actions.say_confidence(goal, value=value, note=note, by=self.people[person])
        for gap in meeting_queries.gaps_to_raise().filter(goal__in=goals):
            meeting_actions.bring_up_gap(gap)

    def leave_work_to_do(self) -> None:
        """What is open this morning: a goal to agree on, an agreement to sign, tasks on both sides."""
        with self.on(STARTED_DAYS_AGO - 1, 14):
            goal = self.propose(self.story.next_goal)
            self.draft(self.story.proposed_kpi, goal)
            agreement = agreements.prepare_agreement(self.project, by=self.people["manager"])
            self.sign(agreement, self.people["manager"])
        with self.on(STARTED_DAYS_AGO - 1, 16):
            self.say_how_sure(self.goal, goal)
        with self.on(STARTED_DAYS_AGO - 4, 10):
            project_actions.ask_for_material(
                self.project,
                what=self.story.material,
                side=Side.CLIENT,
                person=self.people["contact"],
                due_on=self.today + timedelta(days=6),
                by=self.people["specialist"],
            )
        self.plan()

    def plan(self) -> None:
        """The tasks as they stand this morning: some begun, one laid before the client, one done, some that repeat."""
        tasks = {}
        for task in self.story.tasks:
            with self.on(STARTED_DAYS_AGO - 4, 10):
                tasks[task.title] = self.give(task)
        for task in self.story.tasks:
            self.work_on(tasks[task.title], task)
            if task.first:
                project_actions.wait_for(tasks[task.title], first=tasks[task.first], by=self.people["manager"])
        for title, weekdays in self.story.recurring:
            with self.on(STARTED_DAYS_AGO - 1, 11):
                self.repeat(title, weekdays)

    def give(self, task: DemoTask) -> Task:
        return project_actions.add_task(
            self.project,
            title=task.title,
            side=Side(task.side),
            assignee=self.doer_of(task),
            due_on=self.today + timedelta(days=task.days),
            priority=task.priority,
            estimate=task.estimate,
            goal=self.goal if task.serves_goal else None,
            by=self.people["manager"],
        )

    def doer_of(self, task: DemoTask) -> User:
        return self.people["contact" if task.side == "client" else "specialist"]

    def work_on(self, given: Task, task: DemoTask) -> None:
        doer = self.doer_of(task)
        for text, is_done in task.steps:
            step = project_actions.add_step(given, text=text, by=doer)
            if is_done:
                project_actions.tick_step(step, by=doer)
        for days_ago, hours, note in task.spent:
            day = self.today - timedelta(days=days_ago)
            with self.on(STARTED_DAYS_AGO - days_ago, 16):
                project_actions.spend(given, hours=hours, on=day, note=note, by=doer)
        with self.on(STARTED_DAYS_AGO - 1, 15):
            project_actions.move_task(given, state=task.state, by=doer)

    def repeat(self, title: str, weekdays: tuple[int, ...]) -> None:
        often = Recurrence.Frequency
        project_actions.begin_recurrence(
            self.project,
            title=title,
            side=Side.AGENCY,
            assignee=self.people["specialist"],
            estimate=Decimal(2),
            goal=self.goal,
            frequency=often.WEEKLY if weekdays else often.MONTHLY,
            weekdays=list(weekdays),
            month_day=None if weekdays else Recurrence.LAST_DAY,
            starts_on=self.today,
            by=self.people["manager"],
        )


def roughly(number: Decimal | float) -> int:
    """As people say it: three figures."""
    return round(int(number), min(3 - len(str(int(number))), 0))


def tells_only_the_moment(source: Source) -> bool:
    return any(ability.only_now for ability in connector_for(source.platform).capabilities.metrics)


def next_look(source: Source, last: datetime) -> datetime:
    """The next morning, or before it when a post comes to its age; not every hour as in life."""
    morning = datetime.combine(last.date() + timedelta(days=1), time(6, 12), UTC)
    due = source.posts.filter(next_at__gt=last + timedelta(hours=1)).aggregate(due=Min("next_at"))["due"]
    return min(morning, due or morning)


def next_working_day(day: date) -> date:
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day

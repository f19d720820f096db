"""Minutes as both sides read them: the content that is frozen at publication, and what is sent with it."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from meetings.models import Confirmation, Correction, Meeting, Minutes, MinutesLink, Objection
from meetings.terms import last_day_to_answer
from projects.models import Project
from projects.rules import acts_in
from smmportal.facts import content_hash
from smmportal.people import links
from smmportal.people.models import Side, User


def content_of(meeting: Meeting) -> dict:
    """`{title, starts_at, ends_at, zone, people, agenda, text, decisions, actions}`; moments and days in ISO 8601."""
    project, minutes = meeting.project, Minutes.objects.filter(meeting=meeting).first()
    return {
        "title": meeting.title,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "zone": project.timezone,
        "people": [
            {"name": str(person), "side": project.side_of(person) or ""} for person in meeting.people.order_by("name")
        ],
        "agenda": [{"title": item.title, "outcome": item.outcome} for item in meeting.agenda.for_side(None)],
        "text": minutes.text if minutes else "",
        "decisions": [{"id": decision.pk, "text": decision.text} for decision in meeting.decisions.all()],
        "actions": [
            {
                "id": item.pk,
                "title": item.task.title,
                "side": item.task.side,
                "person": str(item.task.assignee or ""),
                "due_on": item.task.due_on.isoformat() if item.task.due_on else "",
            }
            for item in meeting.action_items.select_related("task__assignee")
        ],
    }


def shown_content(meeting: Meeting) -> dict:
    """What was published, or what would be if it were published now."""
    minutes = Minutes.objects.filter(meeting=meeting).first()
    return minutes.content if minutes and minutes.content else content_of(meeting)


def answers_of(minutes: Minutes) -> dict:
    """What was said to the minutes, for the hash of the final ones."""
    fields = {Confirmation: ("side", "by", "at", "content_hash"), Correction: ("side", "by", "at", "text", "objection")}
    fields[Objection] = ("side", "by", "at", "decision", "action", "passage", "text", "answer__agrees", "answer__text")
    rows = {model: model.objects.filter(minutes=minutes).order_by("pk") for model in fields}
    return {model.__name__.lower(): list(rows[model].values(*names)) for model, names in fields.items()}


def hash_of_final(minutes: Minutes, answers: dict) -> str:
    return content_hash({"content": minutes.content, "answers": answers})


def freeze(minutes: Minutes, *, by: User, now: datetime) -> None:
    """Give the row what it is published with; saving it is the caller's."""
    minutes.published_at, minutes.published_by = now, by
    minutes.content = content_of(minutes.meeting)
    minutes.content["text"] = minutes.text
    minutes.content_hash = content_hash(minutes.content)
    minutes.answer_by = too_late_from(minutes.meeting.project, now)


def too_late_from(project: Project, now: datetime) -> datetime:
    """Midnight after the last day to answer, where the project is."""
    zone = ZoneInfo(project.timezone)
    last = last_day_to_answer(timezone.localdate(now, zone), project.minutes_days)
    return datetime.combine(last + timedelta(days=1), time(), zone)


def letters_of(minutes: Minutes, people: list[User], *, by: User) -> dict[int, str]:
    """For each of the other side's people who may answer: their own address that needs no password."""
    project = minutes.meeting.project
    other = Side(project.side_of(by)).other
    return {
        person.pk: make_link(minutes, person, by=by)
        for person in people
        if project.side_of(person) is other and acts_in(person, project)
    }


def make_link(minutes: Minutes, person: User, *, by: User) -> str:
    secret = links.new_secret()
    MinutesLink.objects.create(
        minutes=minutes,
        person=person,
        content_hash=minutes.content_hash,
        language=person.language,
        token_hash=links.hash_of(secret),
        created_by=by,
        expires_at=minutes.answer_by,
    )
    return settings.PUBLIC_URL + reverse("meetings:minutes_by_link", args=[secret])

"""What else happened on the days of a KPI's line: notes from whoever knows of something, numbered in the order of days.

Whoever knows registers a provider when Django starts (`register`), so that an app above this one can tell of its own;
each answers for one KPI and some days in a fixed number of queries.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from kpis.calendars import holidays_between
from kpis.models import Agreement, AmendmentProposal, Annotation, Kpi, Post, PostPoint, Review
from kpis.queries import dips
from kpis.queries.posts import post_metrics
from smmportal.formatting import format_day, quoted

#: No more marks than a line of three months can hold; what is less telling gives way first.
MOST_MARKS = 24
TELLING = ("dip", "campaign", "note", "agreement", "review", "meeting", "holiday", "posts")
#: So many posts are told one by one; of more, the days of those with the largest numbers.
FEW_POSTS = 5


@dataclass(frozen=True)
class Note:
    """Something on a day, or from `day` to `until`. `annotation` is the id of one that a person wrote."""

    day: date
    kind: str
    text: str
    until: date | None = None
    url: str = ""
    annotation: int | None = None
    #: Who wrote it.
    by: int | None = None

    @property
    def days(self) -> str:
        near = format_day(self.day, "near")
        return near if self.until in (None, self.day) else f"{near} – {format_day(self.until, 'near')}"

    @property
    def names_itself(self) -> bool:
        """A post and an agreement say in their words what they are."""
        return self.kind in ("posts", "agreement")

    @property
    def kind_word(self) -> str:
        return kind_words()[self.kind]

    def covers(self, day: date) -> bool:
        return self.day <= day <= (self.until or self.day)


Provider = Callable[[Kpi, date, date], Iterable[Note]]
PROVIDERS: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    PROVIDERS[name] = provider


def kind_words() -> dict[str, str]:
    return {
        "campaign": _("campaign"),
        "holiday": _("holiday"),
        "note": _("note"),
        "posts": _("posts"),
        "agreement": _("agreement"),
        "review": _("review"),
        "dip": _("dip"),
        "meeting": _("meeting"),
    }


@dataclass(frozen=True)
class Notes:
    """The notes of some days in their order; the first is number 1. `left_out` had no room. One that began before
    the `first` of the days is marked there."""

    first: date = date.min
    shown: Sequence[Note] = ()
    left_out: int = 0

    @property
    def numbered(self) -> list[tuple[int, Note]]:
        return list(enumerate(self.shown, start=1))

    @property
    def marks(self) -> list[tuple[date, str]]:
        """As the picture takes them, in the same order."""
        return [(max(note.day, self.first), f"{note.days}: {note.text}") for note in self.shown]

    def on(self, day: date) -> list[tuple[int, Note]]:
        return [(number, note) for number, note in self.numbered if note.covers(day)]


def notes_of(kpi: Kpi, first: date, last: date) -> Notes:
    """All that is known of these days, in a number of queries that does not depend on how much it is."""
    found = [note for provider in PROVIDERS.values() for note in provider(kpi, first, last)]
    found.sort(key=lambda note: (TELLING.index(note.kind), -note.day.toordinal()))
    kept = sorted(found[:MOST_MARKS], key=lambda note: (note.day, TELLING.index(note.kind), note.text))
    return Notes(first, kept, len(found) - len(kept))


# --- Who knows ------------------------------------------------------------------------------------------------------


def annotation_notes(kpi: Kpi, first: date, last: date) -> Iterable[Note]:
    for row in annotations_of(kpi, first, last):
        yield Note(row.day, row.kind, row.text, row.until, annotation=row.pk, by=row.by_id)


def annotations_of(kpi: Kpi, first: date, last: date):
    """Those about this KPI, and those about all of its project's."""
    touching = Q(day__range=(first, last)) | Q(day__lt=first, until__gte=first)
    return Annotation.objects.filter(touching, Q(kpi=kpi) | Q(kpi=None), project=kpi.project_id).order_by("day", "id")


def agreement_notes(kpi: Kpi, first: date, last: date) -> Iterable[Note]:
    zone = ZoneInfo(kpi.project.timezone)
    signed = Agreement.objects.filter(project=kpi.project_id, in_force_at__range=moments(first, last, zone))
    for agreement in signed.only("number", "in_force_at", "project"):
        words = _("Agreement No. %(number)s came into force") % {"number": agreement.number}
        yield Note(day_of(agreement.in_force_at, zone), "agreement", words, url=agreement.get_absolute_url())
    kept = AmendmentProposal.objects.filter(kpi=kpi, opened_at__range=moments(first, last, zone))
    for proposal in kept:
        words = _("The brief changed what this KPI rests on")
        yield Note(day_of(proposal.opened_at, zone), "agreement", words, url=proposal.get_absolute_url())


def review_notes(kpi: Kpi, first: date, last: date) -> Iterable[Note]:
    """The newest of each period that was looked at; it stands on the period's last day."""
    newest = {}
    for review in Review.objects.filter(kpi=kpi, last__range=(first, last)).order_by("pk"):
        newest[review.first, review.last] = review
    for review in newest.values():
        yield Note(review.last, "review", shortened(review.happened), url=review.get_absolute_url())


def dip_notes(kpi: Kpi, first: date, last: date) -> Iterable[Note]:
    for note in dips.dip_notes([kpi.pk], first, last):
        yield Note(note.day, "dip", shortened(note.text), note.until, note.url)


def post_notes(kpi: Kpi, first: date, last: date) -> Iterable[Note]:
    """A few posts one by one; of many, the days of the five with the largest numbers, with how many there were."""
    zone = kpi.source.zone
    rows = Post.objects.filter(source=kpi.source_id, published_at__range=moments(first, last, zone), gone_at=None)
    posts = list(rows.order_by("published_at", "pk"))
    told = posts if len(posts) <= FEW_POSTS else largest(kpi, posts)
    counts = Counter(day_of(post.published_at, zone) for post in posts)
    address = reverse("kpis:source_posts", args=[kpi.source_id])
    for day in sorted({day_of(post.published_at, zone) for post in told}):
        opening = next(post for post in told if day_of(post.published_at, zone) == day)
        yield Note(day, "posts", say_posts(opening, counts[day]), url=address)


def largest(kpi: Kpi, posts: Sequence[Post]) -> list[Post]:
    """By the first metric that the platform tells of posts, at its latest reading; without numbers, the newest."""
    values: Mapping[int, object] = {}
    if codes := post_metrics(kpi.source):
        points = PostPoint.objects.filter(post__in=posts, metric=codes[0], value__isnull=False).order_by("taken_at")
        values = dict(points.values_list("post_id", "value"))
    ranked = sorted(posts, key=lambda post: (values.get(post.pk, -1), post.published_at), reverse=True)
    return ranked[:FEW_POSTS]


def say_posts(post: Post, count: int) -> str:
    words = quoted(shortened(post.opening, 60)) if post.opening else post.get_kind_display()
    if count < 2:
        return _("Post: %(post)s") % {"post": words}
    return ngettext("%(count)s post, among them %(post)s", "%(count)s posts, among them %(post)s", count) % {
        "count": count,
        "post": words,
    }


def holiday_notes(kpi: Kpi, first: date, last: date) -> Iterable[Note]:
    """Of the country that the project's time zone belongs to."""
    for begins, ends, name in holidays_between(kpi.project.timezone, first, last, get_language() or "en"):
        yield Note(begins, "holiday", name, ends if ends > begins else None)


# --- Small words ----------------------------------------------------------------------------------------------------


def moments(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The days as moments where the project, or the source, is."""
    return datetime.combine(first, time.min, zone), datetime.combine(last, time.max, zone)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def shortened(text: str, most: int = 140) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def register_own() -> None:
    register("annotations", annotation_notes)
    register("agreements", agreement_notes)
    register("reviews", review_notes)
    register("dips", dip_notes)
    register("posts", post_notes)
    register("holidays", holiday_notes)

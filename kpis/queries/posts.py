"""The posts of a source with their numbers: the latest, or all at one age, because only those can be compared."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpis.connectors.posts import reader_for
from kpis.connectors.posts.contract import POST_REASONS, PostAbility
from kpis.ladder import FEWEST_TO_COMPARE, LADDER, STEPS, Aged, Step, at_step, more_than
from kpis.metrics import METRICS, Metric
from kpis.models import Post, PostPoint, Source
from kpis.permalinks import PostAddress
from smmportal.formatting import format_percent

BY_DATE = "date"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: Within a day and a half hours say more than days.
TOLD_IN_HOURS = timedelta(hours=36)
LATEST = "latest"


@dataclass(frozen=True)
class Sight:
    """What is looked at: numbers at a step of the ladder (None: the latest), in the order of a metric («»: by date)."""

    step: Step | None = None
    metric: str = ""

    @property
    def age(self) -> str:
        return self.step.code if self.step else LATEST


@dataclass(frozen=True)
class Number:
    """One metric of a post as it is shown. `percent`: than how many per cent of the others at this age it is more."""

    metric: Metric
    value: Decimal | None = None
    reason: str = ""
    age: timedelta | None = None
    taken_at: datetime | None = None
    percent: int | None = None

    @property
    def name(self) -> str:
        return str(self.metric.name)

    @property
    def sentence(self) -> str:
        """Why there is no number."""
        return "" if self.value is not None else str(POST_REASONS.get(self.reason, self.reason))

    @property
    def rank(self) -> str:
        if not self.percent:
            return ""
        if self.percent == 100:
            return _("more than all the others")
        return _("more than %(share)s of the posts") % {"share": format_percent(self.percent)}


@dataclass(frozen=True)
class PostLine:
    """One post with its numbers, in the order of the columns."""

    post: Post
    numbers: Sequence[Number] = ()

    @property
    def aged(self) -> str:
        """How old the post was when the numbers were told."""
        ages = [number.age for number in self.numbers if number.age is not None]
        return say_age(max(ages)) if ages else ""


@dataclass(frozen=True)
class Ranks:
    """What a post's number is compared with: all that the source's posts have at this age."""

    metric: str = ""
    values: Sequence[Decimal] = field(default_factory=tuple)

    def of(self, metric: str, value: Decimal | None) -> int | None:
        return more_than(value, self.values) if value is not None and metric == self.metric else None

    @property
    def sentence(self) -> str:
        """How many posts are compared, or why none are."""
        count = len(self.values)
        if not self.metric:
            return ""
        if count < FEWEST_TO_COMPARE:
            words = ngettext(
                "%(count)s post has this number at this age; posts are ranked from %(fewest)s on.",
                "%(count)s posts have this number at this age; posts are ranked from %(fewest)s on.",
                count,
            )
        else:
            words = ngettext("%(count)s post is compared.", "%(count)s posts are compared.", count)
        return words % {"count": count, "fewest": FEWEST_TO_COMPARE}


# --- Which posts ----------------------------------------------------------------------------------------------------


def posts_in_order(source: Source, sight: Sight) -> QuerySet[Post]:
    """The source's posts: the newest first, or those with the most of a metric at an equal age."""
    posts = Post.objects.filter(source=source)
    if not (sight.step and sight.metric):
        return posts.order_by("-published_at", "-pk")
    return posts.annotate(at_age=number_at(sight.step, sight.metric)).order_by(
        F("at_age").desc(nulls_last=True), "-published_at", "-pk"
    )


def number_at(step: Step, metric: str) -> Subquery:
    """The number that speaks for the step, in SQL; `kpis.ladder.at_step` says the same."""
    points = PostPoint.objects.filter(post=OuterRef("pk"), metric=metric, value__isnull=False, **within(step))
    return Subquery(points.order_by("-age_seconds").values("value")[:1])


def within(step: Step) -> dict:
    return {"age_seconds__range": (int(step.earliest.total_seconds()), int(step.age.total_seconds()))}


def posts_at_address(posts: QuerySet[Post], address: PostAddress) -> QuerySet[Post]:
    """The posts that an address leads to: by their id, or by the code in their own address."""
    named = Q(external_id=address.post) | Q(external_id__endswith=f"_{address.post}")
    return posts.filter(named | Q(permalink__endswith=f"/{address.post}") | Q(permalink__contains=f"/{address.post}/"))


# --- Their numbers --------------------------------------------------------------------------------------------------


def lines_of_posts(source: Source, posts: Iterable[Post], sight: Sight, ranks: Ranks) -> list[PostLine]:
    """The posts with their numbers, in one query for all of them."""
    posts, codes = list(posts), post_metrics(source)
    told = readings_of(posts)
    return [
        PostLine(post, [number_of(code, told[post.pk].get(code, ()), sight.step, ranks) for code in codes])
        for post in posts
    ]


def post_metrics(source: Source) -> tuple[str, ...]:
    reader = reader_for(source.platform)
    return reader.metrics if reader else ()


Reading = Aged[PostPoint]


def readings_of(posts: Sequence[Post]) -> Mapping[int, Mapping[str, list[Reading]]]:
    """For each post's id and metric all that was told of it, oldest first."""
    told: dict[int, dict[str, list[Reading]]] = defaultdict(lambda: defaultdict(list))
    for point in PostPoint.objects.filter(post__in=posts).order_by("taken_at"):
        told[point.post_id][point.metric].append(Aged(point.age, point))
    return told


def number_of(code: str, readings: Sequence[Reading], step: Step | None, ranks: Ranks) -> Number:
    """The reading that speaks for the step, a number before a gap; without a step the latest."""
    known = [one for one in readings if one.value.value is not None]
    found = (at_step(step, known) or at_step(step, readings)) if step else (readings[-1] if readings else None)
    if found is None:
        return Number(METRICS[code])
    point = found.value
    percent = ranks.of(code, point.value)
    return Number(METRICS[code], point.value, point.reason, found.age, point.taken_at, percent)


def ranks_at(source: Source, sight: Sight) -> Ranks:
    """All numbers of the sight's metric at its age; none without both."""
    if not (sight.step and sight.metric):
        return Ranks()
    points = PostPoint.objects.filter(
        post__source=source, metric=sight.metric, value__isnull=False, **within(sight.step)
    )
    newest_last = points.order_by("age_seconds").values_list("post_id", "value")
    return Ranks(sight.metric, list(dict(newest_last).values()))


# --- In words -------------------------------------------------------------------------------------------------------


def say_age(age: timedelta) -> str:
    """«40 minutes after publishing», «on day 3»."""
    if age < HOUR:
        count = int(age.total_seconds() // 60)
        return ngettext("%(count)s minute after publishing", "%(count)s minutes after publishing", count) % {
            "count": count
        }
    if age < TOLD_IN_HOURS:
        count = round(age / HOUR)
        return ngettext("%(count)s hour after publishing", "%(count)s hours after publishing", count) % {"count": count}
    return _("on day %(number)s") % {"number": -(-age // DAY)}


def notes_of(source: Source) -> list[tuple[str, str]]:
    """What is to be known of a metric before it is compared: by its name, from when on it is told and how late."""
    reader = reader_for(source.platform)
    notes = [(str(METRICS[one.metric].name), note_on(one)) for one in (reader.abilities if reader else ())]
    return [(name, note) for name, note in notes if note]


def note_on(ability: PostAbility) -> str:
    days = ability.lag.days
    late = ngettext("up to %(count)s day late", "up to %(count)s days late", days) % {"count": days} if days else ""
    return "; ".join(filter(None, (str(ability.threshold), late)))


def step_names() -> dict[str, str]:
    return {
        "1h": _("1 hour"),
        "6h": _("6 hours"),
        "1d": _("1 day"),
        "3d": _("3 days"),
        "7d": _("7 days"),
        "28d": _("28 days"),
    }


def age_tabs() -> list[tuple[str, str]]:
    return [(LATEST, _("Latest")), *((step.code, step_names()[step.code]) for step in LADDER)]


def order_tabs(source: Source) -> list[tuple[str, str]]:
    return [*((code, str(METRICS[code].name)) for code in post_metrics(source)), (BY_DATE, _("By date"))]


def say_tolerance(step: Step) -> str:
    """Which reading speaks for the step."""
    hours = step.within / HOUR
    if hours < 1:
        words = _("Numbers at the age of %(age)s: the last ones told in the %(count)s minutes before it.")
        return words % {"age": step_names()[step.code], "count": int(hours * 60)}
    words = ngettext(
        "Numbers at the age of %(age)s: the last ones told in the hour before it.",
        "Numbers at the age of %(age)s: the last ones told in the %(count)s hours before it.",
        int(hours),
    )
    return words % {"age": step_names()[step.code], "count": int(hours)}


def sight_of(source: Source, age: str, sort: str) -> Sight:
    """What an address asks to see; whatever it does not say well falls back to the nearest that is sensible."""
    step, codes = STEPS.get(age), post_metrics(source)
    if step is None or sort == BY_DATE or not codes:
        return Sight(step)
    return Sight(step, sort if sort in codes else codes[0])

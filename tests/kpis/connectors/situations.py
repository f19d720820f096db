"""What each connector must make of each situation, told from the stand-ins' numbers and not from what it reads.

A situation × connector either runs or stands in `cannot` with the reason; `test_situations.py` holds both to it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from kpis.connectors.contract import Gap, Measured, Window
from kpis.sandbox import ga4, linkedin, meta, metrika, odnoklassniki, telegram, tiktok, vk, x, youtube
from kpis.sandbox import max as max_messenger
from kpis.sandbox.numbers import Life, Seed
from tests.conftest import TODAY
from tests.kpis.connectors.samples import FIRST, SAMPLES, Sample

SEED = 7
SITUATIONS = (
    "a normal day",
    "an empty set",
    "one retired metric of several",
    "429 with Retry-After",
    "429 without Retry-After",
    "an expired token",
    "an error inside HTTP 200",
    "a partial page",
    "a cut connection",
    "the day's border",
    "zero",
    "absent",
    "a revision of the last days",
    "duplicate rows",
    "numbers as strings",
)

Count = Callable[[date], Any]
Cell = tuple[str, date]

ONE_NUMBER = "it tells one number: with that one retired nothing is left, and a part of it is nothing"
ONE_OBJECT = "it answers with one object, in which no name can stand twice"
NOW_ONLY = "it tells the present moment only, so no day is told a second time"
ONE_FIELD = "all its counts are in one field: when that is retired, all of them are"


@dataclass(frozen=True)
class Case:
    """A connector's truth. `counts` are our metrics by a seed and a day, in our units.

    `uncounted`: so many last days are not told yet. `now`: metrics by day whose present value is told besides.
    `zone`: in whose days the stand-in counts what it tells of the present; the account's when empty.
    `rates`: metrics that are divided by visits. `gone`: what the stand-in retires. `left_out` and `hidden` say what
    those misbehaviours take away, and the reason of the gap; without a word it is the day's silence.
    """

    counts: Callable[[Seed], Mapping[str, Count]]
    bare_wait: int
    gone: str = ""
    uncounted: int = 0
    now: frozenset[str] = frozenset()
    rates: frozenset[str] = frozenset()
    left_out: Callable[[str, date], bool] = lambda metric, day: False
    hidden: Callable[[str, date], str] = lambda metric, day: ""
    zone: str = ""
    cannot: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Expected:
    """The whole reading that a window must come to; `today` is the account's, `there` the stand-in's."""

    sample: Sample
    case: Case
    today: date = TODAY
    seed: Seed = SEED
    there: date | None = None

    def reading(self, window: Window | None = None, **bent: Any) -> tuple[tuple[Measured, ...], tuple[Gap, ...]]:
        window = window or Window(FIRST, self.today)
        codes = sorted(self.sample.connector.capabilities.codes)
        cells = [self.cell(code, day, **bent) for code in codes for day in window]
        return (
            tuple(cell for cell in cells if isinstance(cell, Measured)),
            tuple(cell for cell in cells if isinstance(cell, Gap)),
        )

    def cell(
        self,
        metric: str,
        day: date,
        *,
        gap: Callable[[str, date], str | bool] = lambda metric, day: False,
        value: Callable[[Any], Any] = lambda value: value,
    ) -> Measured | Gap:
        """What is told. `gap` takes it away, with a reason or with True for the day's silence; `value` bends it."""
        reason = gap(metric, day)
        if reason or not self.is_told(metric, day):
            return Gap(metric, day, reason if isinstance(reason, str) and reason else self.silence(metric, day))
        number, visits = (self.number(name, day, value) for name in (metric, "visits"))
        if metric not in self.case.rates:
            return Measured(metric, day, number, self.is_final(metric, day), self.is_rounded(metric, number))
        if not visits:
            return Gap(metric, day, "nothing_to_divide")
        return Measured(metric, day, number, self.is_final(metric, day), weight=visits)

    def number(self, metric: str, day: date, value: Callable[[Any], Any]) -> Decimal:
        counts = self.case.counts(self.seed)
        counted_on = (self.there or day) if day == self.today else day
        return Decimal(str(value(counts[metric](counted_on)))) if metric in counts else Decimal(0)

    def is_told(self, metric: str, day: date) -> bool:
        if day == self.today and (metric in self.case.now or self.ability(metric).only_now):
            return True
        return not self.ability(metric).only_now and (self.today - day).days >= self.case.uncounted

    def is_final(self, metric: str, day: date) -> bool:
        return (self.today - day).days > self.ability(metric).revision_days

    def is_rounded(self, metric: str, number: Decimal) -> bool:
        """YouTube rounds followers, and only it."""
        return (self.sample.connector.code, metric) == ("youtube", "followers") and number >= 1000

    def silence(self, metric: str, day: date) -> str:
        ability, age = self.ability(metric), (self.today - day).days
        if ability.only_now:
            return "only_now" if age else "not_given"
        return "not_ready" if age <= ability.lag_days else "not_given"

    def ability(self, metric: str) -> Any:
        return self.sample.connector.capabilities[metric]


def every_other(*whole: str) -> Callable[[str, date], bool]:
    """Every second day is left out of all but some metrics."""
    return lambda metric, day: metric not in whole and (day - FIRST).days % 2 == 1


def without(*metrics: str) -> Callable[[str, date], bool]:
    return lambda metric, day: metric in metrics


def of(life: Life, counts: Mapping[str, Callable[[Life, date], Any]], **ours: str) -> dict[str, Count]:
    """Our metrics out of a stand-in's table of numbers."""
    return {metric: (lambda day, name=name: counts[name](life, day)) for metric, name in ours.items()}


# --- What each stand-in would tell ---


def of_vk(seed: Seed) -> dict[str, Count]:
    life = vk.life(seed, 207_700_007)
    places = {
        "follows": ("activity", "subscribed"),
        "unfollows": ("activity", "unsubscribed"),
        "reach": ("reach", "reach"),
        "views": ("visitors", "views"),
        "likes": ("activity", "likes"),
        "comments": ("activity", "comments"),
        "shares": ("activity", "copies"),
    }
    days = {
        metric: (lambda day, group=group, name=name: vk.numbers(life, day)[group][name])
        for metric, (group, name) in places.items()
    }
    return {"followers": life.followers, **days}


def of_metrika(seed: Seed) -> dict[str, Count]:
    return of(
        metrika.life(seed, 77_000_007),
        metrika.NUMBERS,
        visits="ym:s:visits",
        visitors="ym:s:users",
        page_views="ym:s:pageviews",
        bounce_rate="ym:s:bounceRate",
    )


def of_ga4(seed: Seed) -> dict[str, Count]:
    life = ga4.life(seed, 377_000_007)

    def percents(name: str) -> Count:
        return lambda day: Decimal(str(ga4.NUMBERS[name](life, day))) * 100

    counts = of(life, ga4.NUMBERS, visits="sessions", visitors="totalUsers", page_views="screenPageViews")
    return {**counts, "bounce_rate": percents("bounceRate"), "conversion_rate": percents("sessionKeyEventRate")}


def of_ok(seed: Seed) -> dict[str, Count]:
    return of(
        odnoklassniki.life(seed, 70_007_700_000_007),
        odnoklassniki.NUMBERS,
        followers="members_count",
        follows="new_members",
        unfollows="left_members",
        reach="reach",
        impressions="renderings",
        views="page_visits",
        video_views="video_plays",
        likes="likes",
        comments="comments",
        shares="reshares",
        clicks="link_clicks",
    )


def of_instagram(seed: Seed) -> dict[str, Count]:
    life = meta.life(seed, 17_841_400_000_007)
    names = dict.fromkeys(("reach", "views", "likes", "comments", "shares", "saves"))
    told = of(life, meta.OF_INSTAGRAM, interactions="total_interactions", **{name: name for name in names})
    whole = {"followers": life.followers, "follows": life.follows, "unfollows": life.unfollows}
    return {**told, **whole, "total_posts": lambda day: 400 + (day - meta.BORN).days // 2}


def of_facebook(seed: Seed) -> dict[str, Count]:
    return of(
        meta.life(seed, 107_000_007),
        meta.OF_PAGES,
        followers="page_follows",
        follows="page_daily_follows_unique",
        unfollows="page_daily_unfollows_unique",
        reach="page_total_media_view_unique",
        views="page_media_view",
        interactions="page_post_engagements",
    )


def of_tiktok(seed: Seed) -> dict[str, Count]:
    return {
        "followers": lambda day: tiktok.counts(seed, day)["follower_count"],
        "total_likes": lambda day: tiktok.counts(seed, day)["likes_count"],
        "total_posts": lambda day: tiktok.counts(seed, day)["video_count"],
        "total_views": lambda day: sum(tiktok.views(seed, number, day) for number in range(tiktok.VIDEOS)),
    }


def of_tiktok_business(seed: Seed) -> dict[str, Count]:
    names = ("video_views", "likes", "comments", "shares")
    return {
        **of(
            tiktok.business_life(seed),
            tiktok.DAILY,
            followers="followers_count",
            follows="daily_new_followers",
            unfollows="daily_lost_followers",
            reach="unique_video_views",
            clicks="bio_link_clicks",
            **{name: name for name in names},
        ),
        "total_likes": lambda day: 900 + 61 * (day - tiktok.BORN).days,
        "total_posts": lambda day: 88,
    }


def of_linkedin(seed: Seed) -> dict[str, Count]:
    life = linkedin.life(seed, 77_000_007)

    def shared(name: str) -> Count:
        return lambda day: linkedin.shares(life, day)["totalShareStatistics"][name]

    return {
        "followers": life.followers,
        "follows": life.follows,
        "views": lambda day: linkedin.visits(life, day)["totalPageStatistics"]["views"]["allPageViews"]["pageViews"],
        "impressions": shared("impressionCount"),
        "reach": shared("uniqueImpressionsCount"),
        "clicks": shared("clickCount"),
        "likes": shared("likeCount"),
        "comments": shared("commentCount"),
        "shares": shared("shareCount"),
    }


def of_youtube(seed: Seed) -> dict[str, Count]:
    life = youtube.life(seed, "UCobzharka7zerno00000007")
    names = dict.fromkeys(("likes", "comments", "shares"))
    days = of(
        life,
        youtube.NUMBERS,
        video_views="views",
        watch_time="estimatedMinutesWatched",
        follows="subscribersGained",
        unfollows="subscribersLost",
        **{name: name for name in names},
    )
    return {
        **days,
        "followers": lambda day: youtube.rounded(life.followers(day)),
        "total_views": lambda day: youtube.total_views(life, day),
        "total_posts": lambda day: 12 + (day - youtube.BORN).days // 6,
    }


def of_x(seed: Seed) -> dict[str, Count]:
    life = x.life(seed, "7700000007")
    return {"followers": life.followers, "total_posts": lambda day: 300 + (day - x.BORN).days}


def of_vk_partly(metric: str, day: date) -> bool:
    """Rows come from yesterday backwards: the first of every three is missing, and all that the posts brought."""
    if metric == "followers":
        return False
    yesterday = TODAY - timedelta(days=1)
    return metric not in {"reach", "views"} or (yesterday - day).days % 3 == 0


def today_is(reason: str, metrics: Iterable[str]) -> Callable[[str, date], str]:
    return lambda metric, day: reason if day == TODAY and metric in metrics else ""


CASES: dict[str, Case] = {
    "vk": Case(
        of_vk,
        bare_wait=3600,
        gone="reach",
        uncounted=1,
        left_out=of_vk_partly,
        hidden=today_is("hidden", {"followers"}),
    ),
    "telegram": Case(
        lambda seed: {"followers": telegram.life(seed, "@obzharka7").followers},
        bare_wait=60,
        cannot={
            "one retired metric of several": ONE_NUMBER,
            "a partial page": ONE_NUMBER,
            "duplicate rows": ONE_OBJECT,
            "a revision of the last days": NOW_ONLY,
        },
    ),
    "max": Case(
        lambda seed: {"followers": max_messenger.life(seed, -73_007_700_000_007).followers},
        bare_wait=60,
        cannot={
            "one retired metric of several": ONE_NUMBER,
            "a partial page": ONE_NUMBER,
            "duplicate rows": ONE_OBJECT,
            "a revision of the last days": NOW_ONLY,
        },
    ),
    "metrika": Case(
        of_metrika,
        bare_wait=10,
        gone="bounce_rate",
        rates=frozenset({"bounce_rate"}),
        left_out=every_other(),
        hidden=lambda metric, day: "below_threshold",
    ),
    "ga4": Case(
        of_ga4,
        bare_wait=4 * 3600,
        gone="page_views",
        rates=frozenset({"bounce_rate", "conversion_rate"}),
        left_out=every_other(),
        hidden=lambda metric, day: "below_threshold" if (TODAY - day).days > 1 else "",
        cannot={"numbers as strings": "it writes every number as a string, so that every other situation is this one"},
    ),
    "ok": Case(
        of_ok,
        bare_wait=3600,
        gone="impressions",
        uncounted=1,
        now=frozenset({"followers"}),
        left_out=without("follows", "reach", "views", "likes", "shares"),
    ),
    "instagram": Case(
        of_instagram,
        bare_wait=3600,
        gone="saves",
        uncounted=1,
        left_out=lambda metric, day: (
            metric in {"comments", "follows", "unfollows"} or (metric == "reach" and (day - FIRST).days % 2 == 1)
        ),
    ),
    "facebook": Case(
        of_facebook,
        bare_wait=3600,
        gone="views",
        uncounted=1,
        now=frozenset({"followers"}),
        left_out=lambda metric, day: day < TODAY and (day - FIRST).days % 2 == 1,
    ),
    "tiktok": Case(
        of_tiktok,
        bare_wait=60,
        zone="UTC",
        gone="total_likes",
        left_out=without("total_posts", "total_views"),
        cannot={"a revision of the last days": NOW_ONLY},
    ),
    "tiktok_business": Case(
        of_tiktok_business,
        bare_wait=60,
        gone="shares",
        uncounted=1,
        now=frozenset({"followers"}),
        left_out=lambda metric, day: day < TODAY and every_other("total_likes", "total_posts")(metric, day),
    ),
    "x": Case(
        of_x,
        bare_wait=900,
        zone="UTC",
        left_out=without("total_posts"),
        cannot={
            "one retired metric of several": ONE_FIELD,
            "duplicate rows": ONE_OBJECT,
            "a revision of the last days": NOW_ONLY,
        },
    ),
    "linkedin": Case(of_linkedin, bare_wait=3600, gone="views", uncounted=1, left_out=every_other("followers")),
    "youtube": Case(
        of_youtube,
        bare_wait=4 * 3600,
        gone="shares",
        uncounted=2,
        left_out=lambda metric, day: metric == "total_views" or every_other("followers", "total_posts")(metric, day),
        hidden=today_is("hidden", {"followers"}),
    ),
}


def expected(code: str, **changes: Any) -> Expected:
    return Expected(SAMPLES[code], CASES[code], **changes)

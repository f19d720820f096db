import csv
from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kpis.connectors.posts import silence_of
from kpis.ladder import LADDER
from kpis.metrics import METRICS
from kpis.models import Post, PostWatch, Source
from kpis.permalinks import post_at
from kpis.queries import posts as queries
from kpis.queries.posts import BY_DATE, LATEST, PostLine, Sight
from kpis.terms import plain
from kpis.views.sources import find_source, of
from smmportal.spreadsheets import harmless

PAGE = 50
MOST_IN_A_FILE = 5_000


@login_required
@require_safe
def list_posts(request: HttpRequest, pk: int) -> HttpResponse:
    source = find_source(request, pk)
    sight = queries.sight_of(source, request.GET.get("age", ""), request.GET.get("sort", ""))
    posts, link = queries.posts_in_order(source, sight), request.GET.get("link", "")
    address = post_at(link)
    if link:
        posts = queries.posts_at_address(posts, address) if leads_here(address, source) else posts.none()
    page = Paginator(posts, PAGE).get_page(request.GET.get("page"))
    ranks = queries.ranks_at(source, sight)
    context = {
        "source": source,
        "silence": silence_of(source.platform),
        "watch": PostWatch.objects.filter(source=source).first(),
        "page": page,
        "lines": queries.lines_of_posts(source, page.object_list, sight, ranks),
        "columns": [METRICS[code] for code in queries.post_metrics(source)],
        "notes": queries.notes_of(source),
        "ranks": ranks,
        "link": link,
        **words_of(sight, source),
    }
    return render(request, "kpis/posts.html", {**of(source.project), **context})


def leads_here(address, source: Source) -> bool:
    return address is not None and address.platform == source.platform


def words_of(sight: Sight, source: Source) -> dict:
    """What the page says of the age and the order that were chosen."""
    return {
        "age": sight.age,
        "sort": sight.metric or BY_DATE,
        "step": sight.step,
        "ages": queries.age_tabs(),
        "orders": queries.order_tabs(source),
        "tolerance": queries.say_tolerance(sight.step) if sight.step else "",
    }


@login_required
@require_safe
def posts_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Every post at every age for a spreadsheet: UTF-8 with a mark, so that Excel reads it."""
    source = find_source(request, pk)
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="posts-{source.pk}.csv"'
    table = csv.writer(answer)
    names = [_("Published"), _("Kind"), _("Post"), _("Link"), _("Gone"), _("Age"), _("Age in hours")]
    table.writerow([*names, *(str(METRICS[code].name) for code in queries.post_metrics(source))])
    posts = list(queries.posts_in_order(source, Sight())[:MOST_IN_A_FILE])
    table.writerows(rows_of(source, posts))
    return answer


def rows_of(source: Source, posts: list[Post]) -> Iterator[list[str]]:
    """For each post a row for each step that it has numbers at, and one for the latest."""
    by_step = [
        (code, queries.lines_of_posts(source, posts, Sight(step), queries.Ranks()))
        for code, step in [*((step.code, step) for step in LADDER), (LATEST, None)]
    ]
    for number in range(len(posts)):
        for code, lines in by_step:
            if lines[number].aged:
                yield row_of(source, code, lines[number])


def row_of(source: Source, code: str, line: PostLine) -> list[str]:
    post, zone = line.post, source.zone
    gone = f"{post.gone_at.astimezone(zone):%Y-%m-%d %H:%M}" if post.gone_at else ""
    age = max(number.age for number in line.numbers if number.age is not None)
    return [
        f"{post.published_at.astimezone(zone):%Y-%m-%d %H:%M}",
        post.get_kind_display(),
        harmless(post.opening),
        harmless(post.permalink),
        gone,
        code,
        f"{age.total_seconds() / 3600:.1f}",
        *("" if number.value is None else plain(number.value) for number in line.numbers),
    ]

"""Two workers at one source's posts, and workers killed in the middle: nothing is lost, doubled or stuck."""

import random
import signal
import time

import pytest
from django.utils import timezone

from kpis.models import Post, PostPoint, PostWatch, Snapshot, Source
from kpis.post_recording import kept_posts, post_differences
from kpis.pulling_posts import pull_posts, pull_posts_due, watch_sources
from kpis.recording import verify_snapshots
from tests.builders import make_cast
from tests.kpis.test_pulling import due_source
from tests.kpis.test_pulling_many import make_project
from tests.kpis.test_pulling_together import KILLS, race, start_pull, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sources(sandbox):
    """Six sources of the same community, each in a project of its own, with their posts due now."""
    cast, now = make_cast(), timezone.now()
    made = [
        due_source(cast, title=f"Roast {number}", project=make_project(cast, number), last_success_at=now)
        for number in range(6)
    ]
    watch_sources(now)
    sandbox.now = lambda: now
    yield made
    sandbox.now = None


def test_workers_that_start_together_look_once(sources, sandbox):
    looks = race(lambda: pull_posts(Source.objects.get(pk=sources[0].pk)))
    assert sum(look is not None for look in looks) == 1
    assert Snapshot.objects.count() == 1
    assert len([one for one in sandbox.requests if one["path"].endswith("wall.get")]) == 1


def test_workers_killed_at_random_moments_leave_no_gap_no_double_and_no_stuck_claim(sources, sandbox):
    luck = random.Random(8)
    for _kill in range(KILLS):
        sandbox.requests.clear()
        worker = start_pull(sandbox, arguments=("--posts",))
        wait_until(lambda: len(sandbox.requests) >= luck.randint(1, 6) or worker.poll() is not None)  # noqa: B023
        time.sleep(luck.random() * 0.1)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        PostWatch.objects.filter(claimed_at__isnull=False).update(next_at=timezone.now())  # the claims run out
    pull_posts_due()
    assert set(PostWatch.objects.values_list("claimed_at", "error_kind")) == {(None, "")}
    assert [list(post_differences(source)) for source in sources] == [[]] * 6
    assert verify_snapshots() == []
    kept = [kept_posts(source) for source in sources]
    assert [facts.keys() for facts, _numbers in kept] == [kept[0][0].keys()] * 6
    assert Post.objects.count() == 6 * len(kept[0][0])
    assert PostPoint.objects.filter(metric="views").count() == Post.objects.count()

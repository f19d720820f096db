"""The tests' settings on a database of the benchmarks' own, behind a real server."""

import os

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES, VAR

ROOT_URLCONF = "tests.bench.urls"
database = DATABASES["default"]
embedded = database["ENGINE"].endswith("sqlite3")
SIZE = os.environ.get("BENCH_SIZE", "")
BENCH_NAME = str(VAR / f"bench{SIZE}.sqlite3") if embedded else f"{database['NAME']}_bench{SIZE}"
database["TEST"] = {"NAME": BENCH_NAME}
if os.environ.get("BENCH_SERVES"):
    database["NAME"] = BENCH_NAME

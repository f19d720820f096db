"""What is shipped beside the code: the compose file, the image, the commands."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from smmportal.celery import app
from smmportal.management.commands.launch import Crew

ROOT = Path(__file__).resolve().parents[1]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
ONE_OFF = {"migrate"}


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_runs_as_root(name):
    assert SERVICES[name]["user"] not in ("", "root", "0")


@pytest.mark.parametrize("name", sorted(SERVICES.keys() - ONE_OFF))
def test_every_service_says_whether_it_is_well(name):
    assert "test" in SERVICES[name]["healthcheck"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned_or_our_own(name):
    service = SERVICES[name]
    assert service.get("build") == "." or re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?-bookworm", service["image"])


def test_the_readme_explains_every_variable_of_the_compose_file():
    readme = (ROOT / "README.md").read_text()
    variables = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))
    assert {name for name in variables if f"`{name}`" not in readme} == set()


def test_the_image_runs_as_its_own_user_from_a_pinned_base():
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert re.search(r"^FROM python:\d+\.\d+-slim-bookworm$", dockerfile, re.M)
    assert dockerfile.index("\nUSER portal\n") < dockerfile.index("\nCMD ")


@pytest.mark.parametrize("command", ["bin/run", "bin/test", "bin/bench", "bin/prepare", ".ci/run", "manage.py"])
def test_every_command_can_be_run(command):
    assert os.access(ROOT / command, os.X_OK)


@pytest.mark.parametrize("script", ["bin/run", "bin/test", "bin/bench", "bin/prepare"])
def test_scripts_are_plain_shell(script):
    assert subprocess.run([shutil.which("sh"), "-n", str(ROOT / script)], capture_output=True).returncode == 0


def test_every_requirement_is_pinned():
    lines = [
        line.strip()
        for name in ("requirements.txt", "tests/requirements.txt")
        for line in (ROOT / name).read_text().splitlines()
        if line.strip() and not line.startswith(("#", "-r"))
    ]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+(\[\w+(,\w+)*\])?==[\w.]+", line)] == []


# --- A queue per kind of work: a slow platform delays nobody's letters -----------------------------------------------


def queues_of(command: list[str]) -> set[str]:
    return set(command[command.index("-Q") + 1].split(",")) if "-Q" in command else set()


def test_every_kind_of_work_has_its_queue():
    app.loader.import_default_modules()
    own = [task for task in app.tasks if not task.startswith("celery.")]
    queues = {task: app.amqp.router.route({}, task)["queue"].name for task in own}
    assert {queue for task, queue in queues.items() if task.startswith("kpis.pull")} == {"pulls"}
    assert {queue for task, queue in queues.items() if task.startswith("notifications.")} == {"messages"}
    assert queues["kpis.look_at_posts"] == "posts"
    assert queues["portal.heartbeat"] == "default"


def test_pulls_and_letters_have_workers_of_their_own_and_no_queue_is_forgotten():
    workers = [queues_of(service["command"]) for service in SERVICES.values() if "-Q" in service.get("command", [])]
    crew = Crew()
    crew.start = lambda name, command, **options: crew.members.update({name: command})
    crew.start_portal(0)
    for served in (workers, [queues for queues in map(queues_of, crew.members.values()) if queues]):
        assert {"pulls"} in served
        assert {"posts"} in served
        assert set().union(*served) == {"pulls", "posts", "messages", "default"}


def test_a_killed_workers_message_comes_back(settings):
    assert (settings.CELERY_TASK_ACKS_LATE, settings.CELERY_TASK_REJECT_ON_WORKER_LOST) == (True, True)
    assert settings.CELERY_TASK_TIME_LIMIT < 3600


@pytest.mark.redis
def test_redis_gives_it_back_in_seconds(settings):
    options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    assert options["visibility_timeout"] > settings.CELERY_TASK_TIME_LIMIT
    assert (options["unacked_restore_interval"], options["unacked_restore_throttle"]) == (5, 1)

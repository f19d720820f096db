"""What is shipped beside the code: the compose file, the image, the commands."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

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

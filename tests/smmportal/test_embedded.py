"""Messages in folders: never seen half-written, never the end of a worker."""

import json
import threading
from pathlib import Path

import pytest
from kombu import Connection
from kombu.transport import filesystem

from smmportal.embedded import Transport

LARGE = "x" * 4_000_000


def seen_half_written(transport: type, folder: Path, times: int = 30) -> bool:
    """Whether anybody who looks into the folder while a large message is put there finds one that can't be read, in so
    many times at most."""
    options = {"data_folder_in": str(folder), "data_folder_out": str(folder), "control_folder": str(folder / "control")}
    (folder / "control").mkdir()
    stop, broken = threading.Event(), threading.Event()

    def look() -> None:
        while not stop.is_set():
            for path in folder.glob("*.msg"):
                try:
                    json.loads(path.read_text("utf-8"))
                except ValueError:
                    broken.set()
                except FileNotFoundError:
                    continue

    watcher = threading.Thread(target=look)
    watcher.start()
    with Connection(transport=transport, transport_options=options) as connection:
        for _time in range(times):
            if broken.is_set():
                break
            connection.channel()._put("bell", {"body": LARGE})
            for path in folder.glob("*.msg"):
                path.unlink()
    stop.set()
    watcher.join()
    return broken.is_set()


def test_a_message_appears_whole(tmp_path):
    assert not seen_half_written(Transport, tmp_path)


def test_with_kombus_own_broker_it_would_not(tmp_path):
    assert seen_half_written(filesystem.Transport, tmp_path, times=1000)


@pytest.mark.parametrize("left", ["", '{"body": "ha'])
def test_what_can_not_be_read_is_passed_over(tmp_path, left):
    options = {"data_folder_in": str(tmp_path), "data_folder_out": str(tmp_path), "control_folder": str(tmp_path / "c")}
    (tmp_path / "c").mkdir()
    (tmp_path / "0_half.bell.msg").write_text(left)
    with Connection(transport=Transport, transport_options=options) as connection:
        channel = connection.channel()
        channel._put("bell", {"body": "whole"})
        assert channel._get("bell") == {"body": "whole"}

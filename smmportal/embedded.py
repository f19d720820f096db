"""The broker of an installation without Redis: kombu's folders of messages, made safe for several processes.

Kombu writes a message under its final name, so a reader may take it half-written, which ends the worker. Here a message
appears whole, and one that still can't be read is dropped: the rows of the database are the jobs, a message only rings.
"""

import logging
import os
import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps

log = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **_kwargs: Any) -> None:
        folder = Path(self.data_folder_out)
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        part = folder / f"{name}.part"
        part.write_text(dumps(payload), "utf-8")
        os.replace(part, folder / name)

    def _get(self, queue: str) -> Any:
        while True:
            try:
                return super()._get(queue)
            except ValueError:
                log.warning("a message that can't be read is dropped", extra={"queue": queue})


class Transport(filesystem.Transport):
    Channel = Channel

"""A real CalDAV server on this machine, with people's calendars in a folder of its own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from xml.sax.saxutils import escape

import requests
from radicale import Application
from radicale.config import load

LOGIN, PASSWORD = "anna@x.example", "app-password-of-anna"
MKCALENDAR = """<?xml version="1.0" encoding="utf-8"?>
<c:mkcalendar xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:set><d:prop>
<d:displayname>{name}</d:displayname>
<c:supported-calendar-component-set><c:comp name="{kind}"/></c:supported-calendar-component-set>
</d:prop></d:set></c:mkcalendar>"""


class Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """The server's own log is nobody's business."""


class Radicale:
    """`asked` is what it was asked: the methods, in order."""

    def __init__(self, folder: Path) -> None:
        users = folder / "users"
        users.write_text(f"{LOGIN}:{PASSWORD}\n")
        settings = load()
        settings.update(
            {
                "auth": {
                    "type": "htpasswd",
                    "htpasswd_filename": str(users),
                    "htpasswd_encryption": "plain",
                    "delay": "0",
                },
                "storage": {"filesystem_folder": str(folder / "kept")},
                "logging": {"level": "critical"},
            },
            "the test",
        )
        self.asked: list[str] = []
        application = Application(settings)

        def counted(environ, start_response):
            self.asked.append(environ["REQUEST_METHOD"])
            return application(environ, start_response)

        self.server: WSGIServer = make_server("127.0.0.1", 0, counted, handler_class=Quiet)
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        self.home = f"{self.base}/{LOGIN}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def send(self, method: str, path: str, body: str | bytes = "") -> None:
        body = body.encode() if isinstance(body, str) else body
        answer = requests.request(method, f"{self.home}/{path}", data=body, auth=(LOGIN, PASSWORD), timeout=30)
        assert answer.status_code in (200, 201, 204), answer.text

    def make(self, path: str, name: str, kind: str = "VEVENT") -> None:
        self.send("MKCALENDAR", f"{path}/", MKCALENDAR.format(name=escape(name), kind=kind))

    def put(self, path: str, text: bytes) -> None:
        self.send("PUT", path, text)


@contextmanager
def running(folder: Path) -> Iterator[Radicale]:
    server = Radicale(folder)
    yield server
    server.server.shutdown()
    server.server.server_close()

"""Structured logs: one JSON object a line, each with the request it belongs to."""

import json
import logging
import re
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Request:
    id: str = ""
    address: str = ""


NO_REQUEST = Request()
current_request: ContextVar[Request] = ContextVar("current_request", default=NO_REQUEST)
_PLAIN = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "request_id", "request", "taskName"}
#: Addresses that are themselves keys. Django names the address of every request that it refuses.
SECRET_ADDRESS = re.compile(r"(/(?:invitation|delegated|connection|report|answer)/)[^/\s\"'?]+")
#: What a platform brings back: whoever reads the code in time could go on with it.
SECRET_QUERY = re.compile(r"(/oauth/[\w-]+/callback/\?)[^\s\"']+")


def without_secrets(text: str) -> str:
    return SECRET_QUERY.sub(r"\1…", SECRET_ADDRESS.sub(r"\1…", text))


class AddContext(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request.get().id
        return True


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "said": without_secrets(record.getMessage()),
            "request_id": getattr(record, "request_id", ""),
        }
        line.update({name: value for name, value in vars(record).items() if name not in _PLAIN})
        if record.exc_info:
            line["traceback"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)

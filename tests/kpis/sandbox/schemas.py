"""Schemas that vendors' packages carry, in one shape: what is described may be there, what is not may not."""

import json
from typing import Any

import jsonschema_rs
from pydantic import TypeAdapter

from smmportal.http import Request, send


def closed(schema: Any, moments: str = "string") -> Any:
    """A JSON Schema that forbids what it does not describe. `moments` is how a date and time goes over the wire."""
    if isinstance(schema, list):
        return [closed(one, moments) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("format") == "date-time":
        return {"type": moments}
    told = {name: closed(one, moments) for name, one in schema.items()}
    return {**told, "additionalProperties": False} if isinstance(schema.get("properties"), dict) else told


def problems(schema: dict[str, Any], value: Any) -> list[str]:
    """What in the value is not as the schema describes it."""
    found = jsonschema_rs.validator_for(schema).iter_errors(json.loads(json.dumps(value, default=float)))
    return [f"{list(error.instance_path)}: {error.message}" for error in found]


def of_model(model: Any, moments: str = "string") -> dict[str, Any]:
    """The schema of a type that a package describes with pydantic."""
    return closed(TypeAdapter(model).json_schema(), moments)


def conversation(steps) -> list[tuple[Request, Any]]:
    """Everything that a connector asks on its way, with the answers as JSON."""
    said, answer = [], None
    while True:
        try:
            request = next(steps) if answer is None else steps.send(answer)
        except StopIteration:
            return said
        answer = send(request)
        said.append((request, answer.json()))


def everything(sample) -> list[tuple[Request, Any]]:
    """What is asked to check the access, to find the accounts and to read one."""
    checked, found = sample.connector.check(sample.credentials), sample.connector.discover(sample.credentials)
    return [one for steps in (checked, found, sample.steps()) for one in conversation(steps)]

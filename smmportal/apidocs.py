"""The API's own handbook: one page made from the schema, for a person who writes a program against it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "put", "patch", "delete")
#: How deep an example goes before it is cut short: enough for a list of things that hold things.
DEEPEST = 6
BY_FORMAT = {
    "date-time": "2026-11-23T09:00:00Z",
    "date": "2026-11-23",
    "time": "09:00:00",
    "email": "anna@client.example",
    "uri": "https://portal.example/",
    "uuid": "1c7d2e7e-6f0f-4a55-9d0c-0a4a5a8f3c11",
    "decimal": "12000",
}
BY_TYPE = {"string": "…", "integer": 1, "number": 1.5, "boolean": True, "object": {}, "array": []}


@dataclass(frozen=True)
class Field:
    """One thing that is sent or comes back."""

    name: str
    kind: str
    is_required: bool
    note: str


@dataclass(frozen=True)
class Body:
    """What is sent, or what comes back with `status`."""

    fields: list[Field]
    example: str
    status: str = ""


@dataclass(frozen=True)
class Operation:
    key: str
    method: str
    path: str
    summary: str
    description: str
    area: str
    parameters: list[Field]
    body: Body | None
    answers: list[Body]


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    areas: dict[str, list[Operation]] = {}
    for operation in operations(get_language()):
        areas.setdefault(operation.area, []).append(operation)
    return render(request, "apidocs.html", {"areas": areas, "here": request.build_absolute_uri("/api/v1")})


@lru_cache(maxsize=8)
def operations(_language: str) -> tuple[Operation, ...]:
    """Read once a process for each language: the schema changes only with the code."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return tuple(read_operations(schema))


def read_operations(schema: dict) -> Iterator[Operation]:
    for path, verbs in schema["paths"].items():
        for method in METHODS:
            if method in verbs:
                yield read_operation(schema, path, method, verbs[method])


def read_operation(schema: dict, path: str, method: str, said: dict) -> Operation:
    return Operation(
        key=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said.get("summary") or said["operationId"].replace("_", " ").capitalize(),
        description=said.get("description", ""),
        area=(said.get("tags") or ["api"])[0],
        parameters=[read_parameter(schema, parameter) for parameter in said.get("parameters", [])],
        body=read_body(schema, said["requestBody"]) if "requestBody" in said else None,
        answers=[read_body(schema, answer, status) for status, answer in said.get("responses", {}).items()],
    )


def read_parameter(schema: dict, parameter: dict) -> Field:
    return Field(
        name=parameter["name"],
        kind=kind_of(schema, parameter.get("schema", {})),
        is_required=parameter.get("required", False),
        note=parameter.get("description", ""),
    )


def read_body(schema: dict, said: dict, status: str = "") -> Body:
    media = next(iter(said.get("content", {}).values()), None)
    if media is None:
        return Body(fields=[], example="", status=status)
    shape = media.get("schema", {})
    given = next((each["value"] for each in media.get("examples", {}).values() if "value" in each), None)
    example = given if given is not None else example_of(schema, shape)
    return Body(
        fields=fields_of(schema, shape),
        example="" if example == {} else json.dumps(example, ensure_ascii=False, indent=2),
        status=status,
    )


def follow(schema: dict, shape: dict) -> dict:
    """The shape itself, wherever it is written down."""
    if "$ref" in shape:
        found = schema
        for step in shape["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return follow(schema, found)
    for joint in ("allOf", "oneOf", "anyOf"):
        if shape.get(joint):
            return {**follow(schema, shape[joint][0]), **{key: shape[key] for key in shape if key != joint}}
    return shape


def fields_of(schema: dict, shape: dict) -> list[Field]:
    """The fields of an object; of a page of things, those of the things."""
    shape = follow(schema, shape)
    if "results" in shape.get("properties", {}):
        shape = follow(schema, shape["properties"]["results"])
    if shape.get("type") == "array":
        shape = follow(schema, shape.get("items", {}))
    required = set(shape.get("required", []))
    return [
        Field(
            name=name,
            kind=kind_of(schema, part),
            is_required=name in required,
            note=follow(schema, part).get("description", ""),
        )
        for name, part in shape.get("properties", {}).items()
    ]


def kind_of(schema: dict, part: dict) -> str:
    """«string, date», «owner | manager», «integer or null»."""
    part = follow(schema, part)
    values = [str(value) for value in part.get("enum", []) if value not in (None, "")]
    words = " | ".join(values) or ", ".join(filter(None, [str(part.get("type", "any")), part.get("format", "")]))
    return f"{words} or null" if part.get("nullable") else words


def example_of(schema: dict, shape: dict, depth: int = 0) -> object:
    """A plausible value of this shape."""
    shape = follow(schema, shape)
    for known in ("example", "default"):
        if shape.get(known) is not None:
            return shape[known]
    if shape.get("enum"):
        return shape["enum"][0]
    if depth > DEEPEST:
        return BY_TYPE.get(shape.get("type", "object"), {})
    if shape.get("type") == "array":
        return [example_of(schema, shape.get("items", {}), depth + 1)]
    if "properties" in shape:
        return {name: example_of(schema, part, depth + 1) for name, part in shape["properties"].items()}
    if isinstance(shape.get("additionalProperties"), dict):
        return {"…": example_of(schema, shape["additionalProperties"], depth + 1)}
    return BY_FORMAT.get(shape.get("format", "")) or BY_TYPE.get(shape.get("type", "object"), {})

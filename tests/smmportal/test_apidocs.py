"""The handbook says everything that the schema says."""

import html
import re

import pytest

from smmportal.apidocs import Field, example_of, fields_of, kind_of, operations
from tests.test_every_door import operations as all_operations
from tests.test_every_door import shape

SCHEMA = {
    "components": {
        "schemas": {
            "Role": {"enum": ["owner", "manager"], "type": "string"},
            "Person": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "integer"},
                    "born_on": {"type": "string", "format": "date", "nullable": True},
                    "role": {"allOf": [{"$ref": "#/components/schemas/Role"}], "description": "What they are."},
                    "friends": {"type": "array", "items": {"$ref": "#/components/schemas/Person"}},
                },
            },
            "Page": {
                "type": "object",
                "properties": {
                    "next": {"type": "string"},
                    "results": {"type": "array", "items": {"$ref": "#/components/schemas/Person"}},
                },
            },
        }
    }
}


def ref(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}"}


def test_every_operation_is_in_the_handbook(client, db):
    assert {(each.method.lower(), shape(each.path)) for each in operations("en")} == all_operations()
    page = html.unescape(client.get("/api/docs/").content.decode())
    assert [each.path for each in operations("en") if each.path not in page] == []


def test_every_operation_says_what_it_does_in_words():
    nameless = [each.key for each in operations("en") if not each.summary]
    assert nameless == []


def test_every_entry_of_the_contents_leads_somewhere(client, db):
    page = client.get("/api/docs/").content.decode()
    assert set(re.findall(r'href="#([^"]+)"', page)) - set(re.findall(r'id="([^"]+)"', page)) == set()


def test_the_handbook_asks_nobody_outside(client, db):
    page = client.get("/api/docs/").content.decode()
    assert re.findall(r'(?:src|href)="(https?:[^"]*)"', page) == []


@pytest.mark.parametrize(("language", "word"), [("ru", "С чего начать"), ("en", "Beginning")])
def test_it_speaks_both_languages(client, db, language, word):
    assert word in client.get("/api/docs/", headers={"Accept-Language": language}).content.decode()


def test_the_fields_of_a_page_are_those_of_its_things():
    assert (
        fields_of(SCHEMA, ref("Page"))
        == fields_of(SCHEMA, ref("Person"))
        == [
            Field("id", "integer", True, ""),
            Field("born_on", "string, date or null", False, ""),
            Field("role", "owner | manager", False, "What they are."),
            Field("friends", "array", False, ""),
        ]
    )


def test_an_example_is_plausible_and_ends():
    example = example_of(SCHEMA, ref("Person"))
    assert (example["id"], example["born_on"], example["role"]) == (1, "2026-11-23", "owner")
    assert kind_of(SCHEMA, ref("Role")) == "owner | manager"

"""Sentences as clients say them, with what they mean: one JSON object a line, `today` with each."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from projects.coach import Reading, read

FIELDS = ("metric", "platform", "direction", "change", "deadline")


def sentences(language: str) -> list[dict]:
    path = Path(__file__).with_name(f"golden_{language}.jsonl")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def parsed(reading: Reading) -> dict:
    change = reading.change
    return {
        "metric": reading.metric,
        "platform": reading.platform,
        "direction": reading.direction,
        "change": change and {"kind": change.kind, "value": format(change.value.normalize(), "f")},
        "deadline": reading.deadline and reading.deadline.isoformat(),
    }


def misses(language: str) -> Iterator[tuple[str, str, object, object]]:
    """(sentence, field, meant, read) for every field that is read otherwise than it is meant."""
    for sentence in sentences(language):
        found = parsed(read(sentence["text"], date.fromisoformat(sentence["today"])))
        for field in FIELDS:
            if found[field] != sentence["parsed"][field]:
                yield sentence["text"], field, sentence["parsed"][field], found[field]

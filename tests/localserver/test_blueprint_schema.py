"""Whether a specification fits the schema of its kind."""

from __future__ import annotations

from typing import Any

import pytest

from colonies_tui.localserver.blueprint_schema import violation
from colonies_tui.protocol.models.blueprint import Schema

SCHEMA = Schema.model_validate(
    {
        "type": "object",
        "required": ["text"],
        "properties": {
            "text": {"type": "string", "enum": ["a", "b"]},
            "whole": {"type": "integer"},
            "number": {"type": "number"},
            "flag": {"type": "boolean"},
            "inner": {"type": "object", "properties": {"list": {"type": "array", "items": {"type": "integer"}}}},
            "free": {},
            "odd": {"type": "uuid"},
        },
    }
)


@pytest.mark.parametrize(
    "spec",
    [
        {"text": "a"},
        {"text": "b", "whole": 3, "number": 1.5, "flag": False, "inner": {}, "free": None, "odd": 5},
        {"text": "a", "whole": 3.0, "number": 2, "inner": {"list": [1, 2], "more": "x"}, "unknown": object},
    ],
)
def test_what_fits(spec: dict[str, Any]) -> None:
    assert violation(spec, SCHEMA) is None


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({}, "required field 'text' is missing"),
        ({"text": "c"}, "field 'text' has invalid value 'c', must be one of ['a', 'b']"),
        ({"text": None}, "field 'text' must be a string"),
        ({"text": "a", "whole": 1.5}, "field 'whole' must be an integer"),
        ({"text": "a", "whole": True}, "field 'whole' must be an integer"),
        ({"text": "a", "number": "1"}, "field 'number' must be a number"),
        ({"text": "a", "number": False}, "field 'number' must be a number"),
        ({"text": "a", "flag": 0}, "field 'flag' must be a boolean"),
        ({"text": "a", "inner": []}, "field 'inner' must be an object"),
        ({"text": "a", "inner": {"list": {}}}, "field 'inner.list' must be an array"),
        ({"text": "a", "inner": {"list": [1, "x"]}}, "field 'inner.list[1]' must be an integer"),
    ],
)
def test_what_does_not(spec: dict[str, Any], words: str) -> None:
    assert violation(spec, SCHEMA) == words


def test_an_empty_schema_asks_for_nothing() -> None:
    assert violation({"anything": [None]}, Schema()) is None

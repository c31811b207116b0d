"""Whether the specification of a blueprint fits the schema of its kind (§ Blueprint models)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from colonies_tui.protocol.models.blueprint import Property, Schema


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TYPES: Final[dict[str, tuple[str, Callable[[Any], bool]]]] = {
    "string": ("a string", lambda value: isinstance(value, str)),
    "integer": ("an integer", lambda value: _is_number(value) and value == value // 1),
    "number": ("a number", _is_number),
    "boolean": ("a boolean", lambda value: isinstance(value, bool)),
    "object": ("an object", lambda value: isinstance(value, dict)),
    "array": ("an array", lambda value: isinstance(value, list)),
}
"""Types by name: the words for a value of it, and the test. Other names are not tested."""


def violation(spec: Mapping[str, Any], schema: Schema) -> str | None:
    """Return in words how a specification breaks a schema, ``None`` when it does not.

    Keys that the schema does not name are free, and so is everything that it names but does not require.
    """
    for name in schema.required or ():
        if name not in spec:
            return f"required field '{name}' is missing"
    return _violation_within(spec, schema.properties or {}, "")


def _violation_within(values: Mapping[str, Any], properties: Mapping[str, Property], prefix: str) -> str | None:
    for name, value in values.items():
        if name in properties:
            words = _violation_of(f"{prefix}{name}", value, properties[name])
            if words is not None:
                return words
    return None


def _violation_of(path: str, value: Any, wanted: Property) -> str | None:
    words, fits = _TYPES.get(wanted.type, ("", lambda _: True))
    if not fits(value):
        return f"field '{path}' must be {words}"
    if wanted.enum and value not in wanted.enum:
        return f"field '{path}' has invalid value '{value}', must be one of {list(wanted.enum)}"
    if wanted.type == "object" and wanted.properties:
        return _violation_within(value, wanted.properties, f"{path}.")
    if wanted.type == "array" and wanted.items is not None:
        for index, item in enumerate(value):
            found = _violation_of(f"{path}[{index}]", item, wanted.items)
            if found is not None:
                return found
    return None

"""From words of the command line to a typed request: ``spec.funcname=echo``, ``--json``, and the profile's colony."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from colonies_tui.cli.message_fields import (
    COLONY_KEYS,
    WrongInput,
    bare,
    enum_of,
    field_named,
    fields_of,
    item_of,
    member_named,
    model_of,
    value_of,
)
from colonies_tui.protocol.model import Model
from colonies_tui.protocol.request import Request

AnyRequest = TypeVar("AnyRequest", bound=Request[Any])

_REMOVES_A_COLONY: Final = "removecolonymsg"


def values_from(kind: type[Request[Any]], base: str | None, assignments: Sequence[str]) -> dict[str, Any]:
    """Return the values of a message under the wire's own keys.

    Args:
        kind: the message.
        base: JSON text of an object to begin with.
        assignments: ``path=value`` each; they go over what ``base`` says. A value is JSON where it is JSON, else text;
            where the message wants text it is always text (in quotes: the text in the quotes). A number in a path
            counts the items of a list from 0.

    Raises:
        WrongInput: something does not fit; says what.
    """
    values: dict[str, Any] = {}
    if base is not None:
        try:
            given = _strict_json(base)
        except ValueError as error:
            raise WrongInput(f"--json: this is not JSON: {error}") from None
        if not isinstance(given, dict):
            raise WrongInput("--json: an object is needed")
        named = given.pop("msgtype", kind.msgtype)
        if named != kind.msgtype:
            raise WrongInput(f"--json: its msgtype is {named!r}, not {kind.msgtype!r}")
        values = _with_wire_keys(given, kind, kind.msgtype)
    for assignment in assignments:
        path, equals, text = assignment.partition("=")
        if not equals or not path:
            raise WrongInput(f"{assignment!r} is not of the form key=value")
        _put(values, kind, path, text)
    return values


def request_from(kind: type[AnyRequest], values: dict[str, Any], colony: str) -> AnyRequest:
    """Return the request; where it names a colony and none was given, it is ``colony``.

    Raises:
        WrongInput: a value is missing or of a wrong type; says which.
    """
    if takes_colony_of_profile(kind):
        _fill_colony(values, kind, colony)
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
    missing = [_path(problem["loc"]) for problem in problems if problem["type"] == "missing"]
    if missing:
        raise WrongInput(f"{kind.msgtype} needs {' and '.join(missing)}")
    raise WrongInput(f"{_path(problems[0]['loc'])}: {problems[0]['msg']}")


def takes_colony_of_profile(kind: type[Request[Any]]) -> bool:
    """Whether a colony that is not given is the profile's: not where one word too few would remove everything."""
    return kind.msgtype != _REMOVES_A_COLONY


def _path(location: Sequence[int | str]) -> str:
    return ".".join(map(str, location))


def _strict_json(text: str) -> Any:
    def refuse(constant: str) -> Any:
        raise ValueError(f"{constant} is not JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _with_wire_keys(value: Any, annotation: Any, where: str) -> Any:
    """Return JSON with the keys of models as the wire spells them, and states as numbers."""
    model, item, free = model_of(annotation), item_of(annotation), value_of(annotation)
    if model is not None and isinstance(value, dict):
        known = {}
        for name, inner in value.items():
            key, kind = field_named(model, name, where)
            known[key] = _with_wire_keys(inner, kind, f"{where}.{key}")
        return known
    if item is not None and isinstance(value, list):
        return [_with_wire_keys(inner, item, f"{where}.{at}") for at, inner in enumerate(value)]
    if free is not None and isinstance(value, dict):
        return {key: _with_wire_keys(inner, free, f"{where}.{key}") for key, inner in value.items()}
    if (enum := enum_of(annotation)) is not None and isinstance(value, str):
        return _member(enum, value, where)
    return value


def _put(values: dict[str, Any], kind: type[Model], path: str, text: str) -> None:
    """Set the value at a path, making the objects and lists on the way."""
    node: Any = values
    annotation: Any = kind
    parts = path.split(".")
    for at, part in enumerate(parts):
        where = ".".join(parts[:at]) or getattr(kind, "msgtype", "")
        key, annotation = _step(node, annotation, part, where)
        if at == len(parts) - 1:
            _set(node, key, _value(text, annotation, path))
            return
        child = node[key] if isinstance(node, dict) and key in node else None
        if isinstance(node, list) and key < len(node):
            child = node[key]
        if not isinstance(child, dict | list):
            wants_list = item_of(annotation) is not None or (bare(annotation) is Any and _is_index(parts[at + 1]))
            child = [] if wants_list else {}
            _set(node, key, child)
        node = child


def _step(node: Any, annotation: Any, part: str, where: str) -> tuple[Any, Any]:
    """Return the key or index that one part of a path names, and the type of what is there."""
    if (model := model_of(annotation)) is not None:
        return field_named(model, part, where)
    if isinstance(node, list):
        if not _is_index(part) or int(part) > len(node):
            raise WrongInput(f"{where} is a list with {len(node)} items so far: its next is {where}.{len(node)}")
        item = item_of(annotation)
        return int(part), Any if item is None else item
    free = value_of(annotation)
    if free is not None:
        return part, free
    if bare(annotation) is Any:
        return part, Any
    raise WrongInput(f"{where} is a single value: there is no {where}.{part}")


def _is_index(part: str) -> bool:
    return part.isascii() and part.isdigit() and len(part) <= 6


def _set(node: Any, key: Any, value: Any) -> None:
    if isinstance(node, list) and key == len(node):
        node.append(value)
    else:
        node[key] = value


def _value(text: str, annotation: Any, path: str) -> Any:
    if (enum := enum_of(annotation)) is not None:
        return _member(enum, text, path)
    try:
        value = _strict_json(text)
    except ValueError:
        return text
    if bare(annotation) is str and not isinstance(value, str):
        return text
    return _with_wire_keys(value, annotation, path)


def _member(enum: Any, text: str, where: str) -> int:
    try:
        return member_named(enum, text)
    except WrongInput as error:
        raise WrongInput(f"{where}: {error}") from None


def _fill_colony(values: dict[str, Any], model: type[Model], colony: str) -> None:
    for key, field in fields_of(model):
        if key in COLONY_KEYS and bare(field.annotation) is str:
            values.setdefault(key, colony)
        elif isinstance(field.annotation, type) and (inner := model_of(field.annotation)) is not None:
            child = values.get(key, {})
            if isinstance(child, dict):
                _fill_colony(child, inner, colony)
                if child:
                    values[key] = child

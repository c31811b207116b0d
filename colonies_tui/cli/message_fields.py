"""The fields of messages as the command line needs them: by dotted path, with types in words, and with their checks."""

from __future__ import annotations

import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Annotated, Any, Final, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from colonies_tui.protocol.model import Model
from colonies_tui.protocol.states import ProcessState

COLONY_KEYS: Final = frozenset({"colonyname", "namespace", "targetcolonyname"})
"""Keys that name the colony; not given, they are the profile's."""

_OTHER_NAMES: Final = {"successful": ProcessState.SUCCESS.name, "succeeded": ProcessState.SUCCESS.name}


class WrongInput(ValueError):
    """What was typed does not fit the message; ``str`` is one line that says where and why."""


def bare(annotation: Any) -> Any:
    """Return a type without annotations and without "or nothing"."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return bare(get_args(annotation)[0])
    if origin is Union or origin is types.UnionType:
        others = [kind for kind in get_args(annotation) if kind is not type(None)]
        return bare(others[0]) if len(others) == 1 else annotation
    return annotation


def model_of(annotation: Any) -> type[Model] | None:
    """Return the model that a type is, ``None`` if it is none."""
    kind = bare(annotation)
    return kind if isinstance(kind, type) and issubclass(kind, Model) else None


def enum_of(annotation: Any) -> type[IntEnum] | None:
    """Return the enumeration that a type is, ``None`` if it is none."""
    kind = bare(annotation)
    return kind if isinstance(kind, type) and issubclass(kind, IntEnum) else None


def item_of(annotation: Any) -> Any | None:
    """Return the type of a list's items, ``None`` where the type is no list."""
    kind = bare(annotation)
    return get_args(kind)[0] if get_origin(kind) in (tuple, list) else None


def value_of(annotation: Any) -> Any | None:
    """Return the type of the values of an object with free keys, ``None`` where the type is none."""
    kind = bare(annotation)
    return get_args(kind)[1] if get_origin(kind) is dict else None


def fields_of(model: type[Model]) -> Iterator[tuple[str, FieldInfo]]:
    """Yield the keys of a model as they stand on the wire, with their fields."""
    for name, field in model.model_fields.items():
        yield field.alias or name, field


def field_named(model: type[Model], name: str, where: str) -> tuple[str, Any]:
    """Return the wire key and the type of a field; case does not matter.

    Raises:
        WrongInput: there is none; names the nearest.
    """
    known = dict(fields_of(model))
    by_any_name = {key.lower(): key for key in known}
    by_any_name.update({own.lower(): field.alias or own for own, field in model.model_fields.items()})
    key = by_any_name.get(name.lower())
    if key is None:
        raise WrongInput(f"{where} has no field {name!r}{_did_you_mean(name, known)}")
    return key, known[key].annotation


def member_named(kind: type[IntEnum], text: str) -> int:
    """Return the number of an enumeration's member by its name in any case (``failed``) or as a number.

    Raises:
        WrongInput: there is none.
    """
    name = _OTHER_NAMES.get(text.lower(), text.upper()) if kind is ProcessState else text.upper()
    if name in kind.__members__:
        return int(kind[name])
    for member in kind:
        if text == str(int(member)):
            return int(member)
    raise WrongInput(f"{text!r} is none of {', '.join(_member_words(kind))}")


def _member_words(kind: type[IntEnum]) -> list[str]:
    return [f"{int(member)} {member.name.lower()}" for member in kind]


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), list(known), n=1, cutoff=0.6)
    return f": did you mean {near[0]!r}?" if near else f"; it has {', '.join(known)}" if known else "; it has none"


def type_words(annotation: Any) -> str:
    """Return what a value may be, in words."""
    kind = bare(annotation)
    if enum := enum_of(kind):
        return " | ".join(_member_words(enum))
    if (item := item_of(kind)) is not None:
        return f"list of {type_words(item)}"
    if (value := value_of(kind)) is not None:
        return f"object of {type_words(value)}"
    if model := model_of(kind):
        return f"{{{', '.join(key for key, _ in fields_of(model))}}}"
    words = {str: "text", int: "integer", float: "number", bool: "true or false", datetime: "time (RFC 3339)"}
    return words.get(kind, "any JSON")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value of a message that can be given as ``path=value``."""

    path: str
    type_words: str
    is_required: bool
    is_colony: bool


def leaves(model: type[Model], before: str = "", within: tuple[type[Model], ...] = ()) -> Iterator[Leaf]:
    """Yield all values of a message by their paths; objects are entered, items of lists are not."""
    for key, field in fields_of(model):
        path = f"{before}{key}"
        inner = model_of(field.annotation)
        if inner is not None and inner not in within:
            yield from leaves(inner, f"{path}.", (*within, inner))
        else:
            is_text = bare(field.annotation) is str
            yield Leaf(path, type_words(field.annotation), field.is_required(), key in COLONY_KEYS and is_text)

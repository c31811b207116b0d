"""Every text field of every model, found by looking: a new model or a new field is in the tests by being there."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Annotated, Any, Union, get_args, get_origin

import colonies_tui.protocol.messages as all_messages
import colonies_tui.protocol.models as all_models
from colonies_tui.protocol.messages.every import MESSAGES
from colonies_tui.protocol.model import Model

for package in (all_messages, all_models):
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(found.name)

LINKS: dict[str, str] = {
    "assignedexecutorid": "executorid",
    "parents": "processid",
    "children": "processid",
    "processids": "processid",
    "rootprocessids": "processid",
    "targetid": "processid",
    "GraphNode.id": "processid",
    "GraphEdge.source": "processid",
    "GraphEdge.target": "processid",
    "targetprocessgraphid": "processgraphid",
    "prevprocessgraphid": "processgraphid",
    "lastReconciliationProcess": "processid",
    "fileids": "fileid",
    "executornames": "executorname",
    "executorType": "executortype",
    "DefinitionNames.kind": "Blueprint.kind",
    "BlueprintHistory.kind": "Blueprint.kind",
    "Log.processid": "processid",
}
"""Fields that name another object, with the field that they must agree with for the two to meet on a screen."""

COLONY_NAMES = ("colonyname", "namespace", "targetcolonyname")
"""Fields that name the colony: all have its name, which bears the mark of ``Colony.name``."""

SHARED = (
    "processid",
    "executorid",
    "executorname",
    "executortype",
    "processgraphid",
    "fileid",
    "locationname",
    "cronid",
)
"""Fields that have one value for one object, in whichever model they stand."""


def models() -> list[type[Model]]:
    """Return every model of the wire; requests are not among them."""

    def below(kind: type[Model]) -> Iterator[type[Model]]:
        for child in kind.__subclasses__():
            if child.__module__.startswith(all_models.__name__):
                yield child
            yield from below(child)

    return sorted(dict.fromkeys(below(Model)), key=lambda kind: f"{kind.__module__}.{kind.__qualname__}")


def bare(annotation: Any) -> Any:
    """Return an annotation without what pydantic is told beside it, and without "or nothing"."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) is Union or type(annotation).__name__ == "UnionType":
            annotation = next(arg for arg in get_args(annotation) if arg is not type(None))
        else:
            return annotation


def wire_name(kind: type[Model], name: str) -> str:
    """Return how a field is called on the wire."""
    return kind.model_fields[name].alias or name


def holds_text(annotation: Any) -> bool:
    """Whether a field is text, or a list or object of texts, or free JSON."""
    annotation = bare(annotation)
    if annotation in (str, Any):
        return True
    if get_origin(annotation) in (tuple, dict):
        return holds_text(get_args(annotation)[-1 if get_origin(annotation) is dict else 0])
    return False


def field_key(kind: type[Model], name: str) -> str:
    """Return what a field is called here: ``Model.field``, or the shared name of what it refers to."""
    own = f"{kind.__name__}.{name}"
    linked = LINKS.get(own) or LINKS.get(name) or own
    return name if linked == own and name in SHARED else linked


def text_fields() -> list[str]:
    """Return the keys of all text fields."""
    return sorted(
        {
            field_key(kind, wire_name(kind, name))
            for kind in models()
            for name, field in kind.model_fields.items()
            if holds_text(field.annotation) and wire_name(kind, name) not in COLONY_NAMES
        }
    )


_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
MARKS = {key: f"Ŋ{_DIGITS[place // 36]}{_DIGITS[place % 36]}" for place, key in enumerate(text_fields())}
"""A short text that stands at the beginning of each field's value and nowhere else."""

assert len(MARKS) < 36 * 36
assert MESSAGES

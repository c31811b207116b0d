"""Base of everything that crosses the wire: frozen models whose field names are the protocol's own keys.

Rules of the wire (§ Envelopes) that hold for every model: unknown keys are ignored, missing keys take the zero value,
lists may be ``null``, and numbers may come as text.

Modules of models and messages do not turn annotations into texts (``from __future__ import annotations``): pydantic
would compile each of them again, in every class below. A model inside a model is a ``default_factory``: as a value, it
would be built, with all that checks it, by everybody who imports the module.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

T = TypeVar("T")


class Model(BaseModel):
    """A frozen value with the protocol's own keys."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        allow_inf_nan=False,
        ser_json_inf_nan="null",
        protected_namespaces=(),
        defer_build=True,
    )

    def to_wire(self) -> dict[str, Any]:
        """Return the value as JSON-ready keys and values; :data:`Optional` keys that are ``None`` are left out."""
        return self.model_dump(mode="json", by_alias=True)


def _null_is_empty_list(value: Any) -> Any:
    return () if value is None else value


def _null_is_empty_object(value: Any) -> Any:
    return {} if value is None else value


def _null_is_empty_text(value: Any) -> Any:
    return "" if value is None else value


def _is_none(value: Any) -> bool:
    return value is None


Optional = Annotated[T | None, Field(exclude_if=_is_none)]
"""A key that the wire leaves out when there is nothing to say. (A time that is not set is written all the same.)"""

List = Annotated[tuple[T, ...], BeforeValidator(_null_is_empty_list)]
"""A list on the wire; ``null`` reads as empty."""

Object = Annotated[dict[str, T], BeforeValidator(_null_is_empty_object)]
"""An object with free keys; ``null`` reads as empty."""

Int = Annotated[int, Field(ge=-(2**63), lt=2**63)]
"""A whole number as every server holds it: 64 bits. What is larger is no number of the protocol."""

Text = Annotated[str, BeforeValidator(_null_is_empty_text)]
"""A text; ``null`` reads as empty."""


@functools.cache
def _wire_names(kind: type[Model]) -> dict[str, tuple[str, type[Model] | None]]:
    """Return the keys of a model by their lower-case name, each with the model that it or its items hold."""
    return {
        (field.alias or name).lower(): (field.alias or name, _model_in(field.annotation))
        for name, field in kind.model_fields.items()
    }


def _model_in(annotation: Any) -> type[Model] | None:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return annotation
    if get_origin(annotation) is dict:
        return None
    return next(filter(None, map(_model_in, get_args(annotation))), None)


def as_declared(kind: type[Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return sent values as a server reads them: keys in any case become those of the model, and what is ``null`` is
    missing. That holds for the models inside as well, but not for free JSON.
    """
    names = _wire_names(kind)
    declared: dict[str, Any] = {}
    for key, value in values.items():
        if value is None:
            continue
        name, inner = names.get(key.lower(), (key, None))
        if inner is not None and isinstance(value, dict):
            value = as_declared(inner, value)
        elif inner is not None and isinstance(value, list):
            value = [as_declared(inner, item) if isinstance(item, dict) else item for item in value]
        declared[name] = value
    return declared


def unknown_key(kind: type[Model], values: Mapping[str, Any]) -> str:
    """Return the first key that a model or a model inside of it does not have, with the way to it (``fs.mont``).

    Empty when all are known, in whatever case. Free JSON has no unknown keys.
    """
    names = _wire_names(kind)
    for key, value in values.items():
        if key.lower() not in names:
            return key
        inner = names[key.lower()][1]
        if inner is None:
            continue
        items = [("", value)] if isinstance(value, dict) else []
        if isinstance(value, list):
            items = [(f".{place}", item) for place, item in enumerate(value) if isinstance(item, dict)]
        for place, item in items:
            if found := unknown_key(inner, item):
                return f"{key}{place}.{found}"
    return ""

"""Base of everything that crosses the wire: frozen models whose field names are the protocol's own keys.

Rules of the wire (§ Envelopes) that hold for every model: unknown keys are ignored, missing keys take the zero value,
lists may be ``null``, and numbers may come as text.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

T = TypeVar("T")


class Model(BaseModel):
    """A frozen value with the protocol's own keys."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", populate_by_name=True, ser_json_inf_nan="null", protected_namespaces=()
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

Text = Annotated[str, BeforeValidator(_null_is_empty_text)]
"""A text; ``null`` reads as empty."""

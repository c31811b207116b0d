"""The commands that do the same as a request: ``colonies-tui call …``, and the official client's where it has one.

Commands hold no secret and no key: keys come from the profile, or from the environment of the shell. Every word is
quoted for a POSIX shell.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, get_args, get_origin

from pydantic import ValidationError

from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.every import MESSAGES
from colonies_tui.protocol.model import Model
from colonies_tui.protocol.request import Request
from colonies_tui.store.journal import NOT_WRITTEN, without_secrets
from colonies_tui.store.official_commands import official_command

NO_OFFICIAL: Final = "no command of the official client is known for this"

LEFT_OUT: Final = "a secret in it was left out: put it in"

_COLONY_KEYS: Final = frozenset({"colonyname", "namespace", "targetcolonyname"})
"""Keys that ``call`` fills with the profile's colony when they are not given: here they always are."""


@dataclass(frozen=True, slots=True)
class Commands:
    """Commands that do the same as one request."""

    call: str
    """With this program."""
    official: str = ""
    """With the official client; empty when no command of it is known to do this."""
    note: str = ""
    """What to know before using them."""


def commands_for(request: Request[Any], *, profile: str = "", key: str = "", keys: Keyring | None = None) -> Commands:
    """Return the commands that send the same request.

    Args:
        request: what is sent.
        profile: name of the profile of the keys file that signs; empty for the usual one.
        key: name of the key slot that signs; empty for the usual one of its role.
        keys: private keys that must not appear, wherever they stand in the request.
    """
    values = without_secrets(_values(request), keys or Keyring())
    words = ["colonies-tui", "call", request.msgtype]
    words += ["--profile", profile] if profile else []
    words += ["--as", key] if key else []
    call = shlex.join([*words, *_assignments(type(request), values)])
    official = official_command(type(request).model_validate(values))
    left_out = NOT_WRITTEN in json.dumps(values)
    notes = [official.note if official else "", LEFT_OUT if left_out else ""]
    return Commands(call, official.text if official else "", "; ".join(filter(None, notes)))


def commands_of_payload(payload: Mapping[str, Any], *, profile: str = "", key: str = "") -> Commands | None:
    """Return the commands for a payload that was written down; ``None`` when it is no message that is known."""
    kind = MESSAGES.get(str(payload.get("msgtype")))
    if kind is None:
        return None
    try:
        request = kind.model_validate(payload)
    except ValidationError:
        return None
    return commands_for(request, profile=profile, key=key)


def _values(request: Model) -> dict[str, Any]:
    """Return what is not as it is when it is not given, and all that ``call`` would fill in by itself."""
    values: dict[str, Any] = request.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    _add_colonies(values, request)
    return values


def _add_colonies(values: dict[str, Any], model: Model) -> None:
    for name, field in type(model).model_fields.items():
        key, value = field.alias or name, getattr(model, name)
        if key in _COLONY_KEYS and isinstance(value, str):
            values[key] = value
        elif isinstance(value, Model):
            inner = values.get(key, {})
            _add_colonies(inner, value)
            if inner:
                values[key] = inner


def _assignments(kind: type[Request[Any]], values: Mapping[str, Any]) -> list[str]:
    """Return ``key=value`` words where all values are single ones, else one JSON object."""
    if any(isinstance(value, dict | list) or value is None for value in values.values()):
        return ["--json", json.dumps(values, separators=(",", ":"))]
    texts = {field.alias or name for name, field in kind.model_fields.items() if _is_text(field.annotation)}
    return [f"{key}={_word(value, is_text=key in texts)}" for key, value in values.items()]


def _is_text(annotation: Any) -> bool:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    return annotation is str


def _word(value: Any, *, is_text: bool) -> str:
    """Return a value as ``call`` reads it: text as it is, unless it could be taken for JSON or is not printable."""
    if is_text and isinstance(value, str) and value.isprintable() and not value.lstrip().startswith('"'):
        return value
    return json.dumps(value)

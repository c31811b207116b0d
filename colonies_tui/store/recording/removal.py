"""Takes secrets out of JSON before it is written into a recording. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from colonies_tui.protocol.keyring import Keyring

REMOVED: Final = "‹removed›"
"""Stands where a secret was."""

REMOVED_WORDS: Final = (
    "values of environment variables",
    "keys and passwords of file stores",
    "values under names such as password, token and secret",
    "the private keys of the profile, wherever they stand",
)
"""What is taken out, for the reader of a recording."""

_SECRET_NAMES: Final = frozenset(
    (
        *("accesskey", "secretkey", "encryptionkey", "privatekey", "prvkey", "apikey", "password", "passwd"),
        *("passphrase", "secret", "token", "accesstoken", "authorization", "credentials"),
    )
)
_SHORTEST_ELSEWHERE: Final = 8
"""A secret of so many characters is looked for in other texts, too; a shorter one would be found by chance."""

_MOST_REMEMBERED: Final = 100


class Removal:
    """Knows the secrets that were met, so that they are taken out of texts that repeat them."""

    def __init__(self, keys: Keyring, *, rewrite: Callable[[str], str] | None = None) -> None:
        """
        Args:
            keys: whose private keys are looked for.
            rewrite: changes every text further, but no name of a field.
        """
        self._keys = [key for key in (keys.member, keys.colony, keys.server) if key is not None]
        self._rewrite = rewrite
        self._met: dict[str, None] = {}

    def from_json(self, value: Any) -> Any:
        """Return JSON values without secrets; what holds none is returned equal."""
        self._meet(value)
        return self._cleaned(value)

    def from_text(self, text: str) -> str:
        """Return a text without the secrets that are known; JSON in it is gone through as JSON."""
        if text[:1] in ("{", "["):
            try:
                inside = json.loads(text)
            except (ValueError, RecursionError):
                inside = None
            if inside is not None:
                cleaned = self.from_json(inside)
                if cleaned != inside:
                    return json.dumps(cleaned, ensure_ascii=False)
        text = self._without_met(text)
        return text if self._rewrite is None else self._rewrite(text)

    def _without_met(self, text: str) -> str:
        for secret in self._met:
            if secret in text:
                text = text.replace(secret, REMOVED)
        return text

    def without_keys(self, text: str) -> str:
        """Return a text without the private keys of the profile."""
        for key in self._keys:
            text = key.struck_out(text, REMOVED)
        return text

    def _meet(self, value: Any) -> None:
        """Note every secret of a value, before any text of it is gone through."""
        if isinstance(value, dict):
            for name, inner in value.items():
                if _is_environment(name, inner):
                    self._remember(*inner.values())
                elif _is_secret(name, inner):
                    self._remember(inner)
                else:
                    self._meet(inner)
        elif isinstance(value, list):
            for inner in value:
                self._meet(inner)

    def _remember(self, *secrets: Any) -> None:
        for secret in secrets:
            if isinstance(secret, str) and len(secret) >= _SHORTEST_ELSEWHERE and secret != REMOVED:
                self._met[secret] = None
        while len(self._met) > _MOST_REMEMBERED:
            del self._met[next(iter(self._met))]

    def _cleaned(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._without_met(name): self._cleaned_member(name, inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._cleaned(inner) for inner in value]
        return self.from_text(value) if isinstance(value, str) else value

    def _cleaned_member(self, name: str, value: Any) -> Any:
        if _is_environment(name, value):
            return {self._without_met(variable): REMOVED for variable in value}
        return REMOVED if _is_secret(name, value) else self._cleaned(value)


def _is_environment(name: str, value: Any) -> bool:
    return name.casefold() == "env" and isinstance(value, dict)


def _is_secret(name: str, value: Any) -> bool:
    is_named_so = name.casefold().replace("_", "").replace("-", "") in _SECRET_NAMES
    return is_named_so and isinstance(value, str) and bool(value)

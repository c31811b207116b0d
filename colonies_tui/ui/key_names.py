"""Names of keys: how they are written in settings, what a terminal can send, and how people read them."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding
from textual.keys import KEY_ALIASES, Keys

from colonies_tui.config.keys_file import near_miss

MODIFIERS: Final = ("ctrl", "alt", "shift", "super", "hyper", "meta")

_WORDS: Final = {
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "space": "space",
}
"""Keys that people know by another name; what has a character is shown as that."""

_PUNCTUATION: Final = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


def whole_name(name: str) -> str:
    """Return a key's name as the toolkit spells it (``?`` is ``question_mark``)."""
    *modifiers, base = [name] if len(name) == 1 else name.split("+")
    if len(base) == 1 and not base.isspace():
        base = "comma" if base == "," else next(iter(Binding.make_bindings([Binding(base, "none")]))).key
    return "+".join((*modifiers, base))


_CHARACTERS: Final = {whole_name(character): character for character in _PUNCTUATION} | {"space": " "}
"""Characters by the names of their keys."""

_NAMED: Final = ({key.value for key in Keys if key.value.isalnum()} | set(_CHARACTERS)) - {"ignore", "return"}

_SAME: Final = {alias: key for key, aliases in KEY_ALIASES.items() for alias in aliases} | {
    "ctrl+left_square_bracket": "escape"
}
"""Keys that a terminal sends as another one."""


def key_fault(name: str) -> str | None:
    """Return what is wrong with the name of a key, in words that go on from it; ``None`` when nothing is."""
    *modifiers, base = [name] if len(name) == 1 else name.split("+")
    if not base:
        return 'is no key: the key "+" is written plus'
    for modifier in modifiers:
        if modifier not in MODIFIERS:
            return f'is no key: there is no "{modifier}+"{near_miss(modifier, MODIFIERS)}'
    if len(base) == 1:
        if not base.isprintable() or base.isspace():
            return "is no key"
        if "ctrl" in modifiers and base != base.lower():
            return f'arrives as "{name[:-1]}{base.lower()}": with ctrl a terminal does not tell capitals'
        if modifiers == ["shift"]:
            return f'arrives as the character itself: write "{base.upper()}"' if base.isalpha() else "is no key"
    elif base not in _NAMED:
        hint = near_miss(
            name.lower().replace("-", "+"), {*_NAMED, "ctrl+k", *(f"ctrl+{letter}" for letter in "abdefgn")}
        )
        return f"is no key{hint}"
    same = _SAME.get(whole_name(name))
    return f'arrives as "{same}" from a terminal' if same else None


def types_text(name: str) -> bool:
    """Whether a key writes a character where text is typed."""
    return len(name) == 1 or name in _CHARACTERS


def key_words(keys: str, *, in_ascii: bool = False) -> str:
    """Return key names, separated by commas, as people read them; arrows by name where they cannot be drawn."""
    return " ".join(_words_of(key, in_ascii) for key in keys.split(","))


def _words_of(key: str, in_ascii: bool) -> str:
    *modifiers, base = whole_name(key).split("+")
    word = _WORDS.get(base) or _CHARACTERS.get(base, base)
    return "-".join((*modifiers, base if in_ascii and not word.isascii() else word))

"""The operator's taste and limits, from ``settings.toml``; every one has a default, and none is a secret."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.key_map import KeyMap, read_key_map
from colonies_tui.config.keys_file import near_miss
from colonies_tui.config.private_file import reason_of
from colonies_tui.config.toml_text import kind_of, line_numbers, parse_toml


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the console."""

    theme: str = "colonies-dark"
    """Name of the colours: colonies-dark, -light, -night, -contrast or -16, or any theme of Textual."""

    ascii: bool = False
    """Draw with plain ASCII only, for terminals and fonts without the glyphs."""

    mouse: bool = True
    """Listen to the mouse. Off, the terminal's own selection works without a modifier key."""

    reduced_motion: bool = False
    """No animation, no spinner, no glow on changed cells."""

    restore_tabs: bool = True
    """Open the tabs again that were open when the console was left."""

    counters_seconds: float = 1.0
    """How often the colony's counters are asked for while the console is looked at, seconds."""

    visible_seconds: float = 5.0
    """How old a list on the screen may become without any sign of change before it is asked for again, seconds."""

    hidden_seconds: float = 30.0
    """The same for a list that is not on the screen, seconds."""

    unfocused_factor: float = 4.0
    """How many times slower everything is asked for while the terminal is not in focus."""

    grace_seconds: float = 4.0
    """How long a confirmed cancelling or removing can be taken back before it is sent, seconds; 0 sends it at once."""

    requests_per_second: float = 10.0
    """The most requests sent to a server in a second, averaged over a few seconds."""

    keys: KeyMap = field(default_factory=KeyMap)
    """The table [keys]: other keys for what the console does, such as "processes.cancel" = "ctrl+k,K"."""

    watch_bell: bool = True
    """Ring the terminal's bell when something that is watched changes."""

    watch_terminal: str = "auto"
    """How the terminal is asked to show a notification of its own: off, osc9 (iTerm2, kitty, WezTerm, Windows
    Terminal), osc777 (foot, urxvt, VTE), or auto, which goes by what the terminal says of itself."""

    watch_focused: bool = False
    """Ask for it also while the terminal has the focus. A terminal that does not report its focus always has it."""

    watch_command: tuple[str, ...] = ()
    """A program and its arguments, run without a shell for all that happens to what is watched, with the news in the
    variables COLONIES_TUI_EVENT, _KIND, _NAME, _ID, _WORDS, _AWAY, _COLONY and _PROFILE."""


_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "counters_seconds": (0.2, 3600),
    "visible_seconds": (0.2, 3600),
    "hidden_seconds": (1, 86400),
    "unfocused_factor": (1, 1000),
    "grace_seconds": (0, 60),
    "requests_per_second": (0.5, 100),
}


_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {"watch_terminal": ("auto", "off", "osc9", "osc777")}


def load_settings(path: Path) -> Settings:
    """Read ``settings.toml``; where it is missing, the defaults.

    Raises:
        ConfigError: with file and line: not readable, not TOML, an unknown setting (with the nearest known one), a
            value of a wrong type or out of range.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise ConfigError(path, None, f"cannot be read: {reason_of(error)}") from None
    document = parse_toml(path, content)
    lines = line_numbers(content.decode("utf-8"))
    defaults = {each.name: getattr(Settings(), each.name) for each in dataclasses.fields(Settings)}
    values: dict[str, Any] = {}
    for name, value in document.items():
        if name not in defaults:
            reason = f'there is no setting "{name}"{near_miss(name, defaults)}'
            raise ConfigError(path, lines.get((name,)), reason)
        if name == "keys":
            values[name] = read_key_map(path, value, lines)
            continue
        if reason := _fault(name, value, defaults[name]):
            raise ConfigError(path, lines.get((name,)), f"{name} {reason}")
        if isinstance(defaults[name], tuple):
            values[name] = tuple(value)
        else:
            values[name] = float(value) if isinstance(defaults[name], float) else value
    return Settings(**values)


def _fault(name: str, value: Any, default: Any) -> str:
    """Return what is wrong with a value, nothing when it is right."""
    if isinstance(default, tuple):
        is_right = isinstance(value, list) and all(isinstance(word, str) and "\0" not in word for word in value)
        return "" if is_right and value[:1] != [""] else "should be a list of texts, a program and its arguments"
    if kind_of(value) != kind_of(default):
        return f"is {kind_of(value)}; it should be {kind_of(default)}"
    if name in _RANGES:
        least, most = _RANGES[name]
        if not least <= value <= most:
            return f"is {value}; it should be from {least:g} to {most:g}"
    if name in _CHOICES and value not in _CHOICES[name]:
        return f'is "{value}"; it should be {", ".join(_CHOICES[name][:-1])} or {_CHOICES[name][-1]}'
    return "is empty" if value == "" else ""

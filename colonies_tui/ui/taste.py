"""What the operator has set for keys and colours comes into force at the start, and what is wrong with it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from colonies_tui.ui.notify import say

if TYPE_CHECKING:
    from textual.app import App

    from colonies_tui.config.key_map import KeyMap

MAX_KEY_PROBLEMS: Final = 3
"""Most notices about the operator's keys at the start."""


def use_keys(app: App[Any], keys: KeyMap) -> None:
    """Let the operator's own keys work, and say what is wrong with them."""
    if not keys.keys:
        return
    from colonies_tui.ui.key_table import examine_keys

    keymap, problems = examine_keys(keys)
    app.set_keymap(keymap)
    for problem in problems[:MAX_KEY_PROBLEMS]:
        say(app, problem.words, "error" if problem.is_refused else "warning", title="Keys")
    if len(problems) > MAX_KEY_PROBLEMS:
        more = len(problems) - MAX_KEY_PROBLEMS
        say(app, f"{more} more: colonies-tui doctor says them all", "warning", title="Keys")


def say_theme_fault(app: App[Any], theme: str) -> None:
    """Say so where there is no theme of the name that is set."""
    if theme in app.available_themes:
        return
    from colonies_tui.ui.theme_choice import theme_fault

    if wrong := theme_fault(theme):
        say(app, f"{wrong}; this is {app.theme}", "warning", title="Theme")

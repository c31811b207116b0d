"""The commands that do the same as what is asked on the screen, as the screen shows and copies them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from textual.app import App

from colonies_tui.config.environment import PROFILE_NAME
from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.actions import Action
from colonies_tui.store.equivalent import NO_OFFICIAL, Commands, commands_for
from colonies_tui.store.session import Session
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.format.numbers import counted
from colonies_tui.ui.notify import say
from colonies_tui.ui.spans import Span

_MOST_COMMANDS: Final = 3
_MOST_CHARACTERS: Final = 480
"""Of all commands in a dialog, so that the answers stay on a small screen; what is copied is whole."""


def profile_option(name: str) -> str:
    """Return the name for ``--profile``: what the environment describes has none."""
    return "" if name == PROFILE_NAME else name


def as_commands(session: Session, *actions: Action) -> tuple[Commands, ...]:
    """Return the commands that do the same as actions of a session."""
    keys, profile = session.client.keys, profile_option(session.profile_name)
    return tuple(
        commands_for(action.request, profile=profile, key=keys.slot_for(action.request.role), keys=keys)
        for action in actions
    )


def command_fields(commands: Commands, *, most: int | None = None) -> list[Field]:
    """Return the commands as fields; ``most`` is how many characters of each are shown."""
    official = _shown(commands.official, most)
    fields = [
        Field("official", [Span(official) if official else Span(NO_OFFICIAL, "dim")]),
        Field("call", [Span(_shown(commands.call, most))]),
    ]
    return [*fields, Field("note", [Span(plain(commands.note), "dim")])] if commands.note else fields


def command_section(commands: Sequence[Commands]) -> Section:
    """Return the first commands of several for a dialog."""
    shown = commands[:_MOST_COMMANDS]
    most = _MOST_CHARACTERS // max(2 * len(shown), 1)
    rows = [field for each in shown for field in command_fields(each, most=most)]
    more = len(commands) - _MOST_COMMANDS
    if more > 0:
        rows.append(Field("", [Span(f"… and {counted(more, 'command')} more; they are copied too", "dim")]))
    return Section("", rows)


def copy_commands(app: App[Any], commands: Sequence[Commands], *, official: bool) -> None:
    """Copy the commands of the official client, or of this program, a line each."""
    lines = [each.official if official else each.call for each in commands]
    if not all(lines):
        say(app, f"not copied: {NO_OFFICIAL}; C copies the call command", "warning")
        return
    app.copy_to_clipboard("\n".join(lines))
    what = "the official client" if official else "colonies-tui call"
    say(app, f"copied: {counted(len(lines), 'command')} of {what}")


def _shown(text: str, most: int | None) -> str:
    text = plain(text)
    return text if most is None or len(text) <= most else f"{text[:most]}…"

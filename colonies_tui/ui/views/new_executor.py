"""A new executor with a key of its own: the key is made here and kept in a file, only its identity is sent."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from colonies_tui.config.errors import ConfigError, with_home
from colonies_tui.config.key_file import create_key_file
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import UnsafeRequest
from colonies_tui.protocol.guards import check_name
from colonies_tui.protocol.messages.executor import AddExecutor
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.roles import KeySlot
from colonies_tui.protocol.states import ExecutorState
from colonies_tui.store.actions import Outcome, register_executor
from colonies_tui.ui.document import Field
from colonies_tui.ui.equivalents import as_commands
from colonies_tui.ui.format.ids import evidence_id
from colonies_tui.ui.notify import say
from colonies_tui.ui.questions import KEEP, signer_line
from colonies_tui.ui.spans import Span
from colonies_tui.ui.views.view import View
from colonies_tui.ui.widgets.dialog import Choice, Question
from colonies_tui.ui.widgets.prompt import Prompt

_WORDS = (
    "It can do nothing until it is approved. The key is written to this file alone: "
    "bring it to the executor's machine, and remove it here."
)


def proposed_file(directory: Path, colony: str, name: str) -> Path:
    """Return where the key of a new executor is kept unless the operator names another file.

    Args:
        directory: of the operator's configuration.
        colony: name of its colony.
        name: of the executor; what has no place in the name of a file becomes a hyphen.
    """
    return directory / "executors" / (re.sub(r"[^A-Za-z0-9._-]+", "-", f"{colony}-{name}") + ".key")


async def register_new_executor(view: View) -> str:
    """Ask for name, type and file, make a key, and register its identity. Runs in a worker.

    Returns:
        The name of the executor; empty when none was registered.
    """
    session = view.session
    name = await _ask_name(view)
    if not name:
        return ""
    kind = await view.app.push_screen_wait(
        Prompt(f"Type of {name}", "processes are handed out by it", check=_not_empty)
    )
    if not kind:
        return ""
    place = await _ask_file(view, name)
    if place is None:
        return ""
    key = PrivateKey.new()
    executor = Executor(
        executorid=key.identity, executorname=name, executortype=kind.strip(), colonyname=session.colony
    )
    action = register_executor(executor)
    question = Question(
        title=f"Register {name}?",
        commands=as_commands(session, action),
        choices=[Choice(KEEP, "escape", "leave", acts=False), Choice("register", "y", "register", "success")],
        fields=[
            Field.of("type", plain(executor.executortype)),
            Field.of("identity", evidence_id(key.identity)),
            Field.of("its key", plain(with_home(place))),
        ],
        paragraphs=((Span(_WORDS),), signer_line(session, KeySlot.COLONY)),
        name_to_type=name,
    )
    if await view.ask(question, AddExecutor) != "register":
        return ""
    try:
        create_key_file(place, key)
    except ConfigError as error:
        say(view.app, f"{name}: not registered, {error}", "error")
        return ""
    result = await view.do(action)
    if result.outcome in (Outcome.REFUSED, Outcome.NOT_SENT):  # the key opens nothing
        with contextlib.suppress(OSError):
            place.unlink()
        return ""
    say(view.app, f"the key of {name} is in {with_home(place)}")
    return name if result.outcome is Outcome.DONE else ""


def _not_empty(text: str) -> str | None:
    return None if text.strip() else "this cannot be empty"


async def _ask_name(view: View) -> str:
    taken = {
        row.executorname for row in view.session.executors.rows.values() if row.state is not ExecutorState.UNREGISTERED
    }

    def check(text: str) -> str | None:
        try:
            check_name(text.strip(), "executor")
        except UnsafeRequest as error:
            return str(error)
        return "an executor has this name already" if text.strip() in taken else None

    text = await view.app.push_screen_wait(
        Prompt(f"New executor of {view.session.colony}", "its name; a key is made for it", check=check)
    )
    return (text or "").strip()


async def _ask_file(view: View, name: str) -> Path | None:
    def check(text: str) -> str | None:
        if not text.strip():
            return "this cannot be empty"
        return "there is a file already, and it is not overwritten" if _path(text).exists() else None

    proposed = with_home(proposed_file(view.context.paths.config_dir, view.session.colony, name))
    hint = "a new file that only you can read; enter takes the one proposed"
    text = await view.app.push_screen_wait(Prompt(f"File for the key of {name}", hint, value=proposed, check=check))
    return None if text is None else _path(text)


def _path(text: str) -> Path:
    return Path(text.strip()).expanduser().absolute()

"""What can be done with processes: submit, submit again edited, cancel, remove, remove all in one state."""

from __future__ import annotations

from colonies_tui.protocol.errors import ColoniesError
from colonies_tui.protocol.messages.process import CancelProcess, RemoveAllProcesses, SubmitProcess
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.roles import KeySlot
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.actions import Action, Outcome, cancel_process, remove_process
from colonies_tui.store.colony_actions import remove_all_processes, submit_process
from colonies_tui.store.reads import read_spec
from colonies_tui.store.session import Session
from colonies_tui.ui.document import Field
from colonies_tui.ui.equivalents import as_commands
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.numbers import counted, grouped
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.notify import say
from colonies_tui.ui.questions import KEEP, several, signer_line
from colonies_tui.ui.spans import Span
from colonies_tui.ui.tables.processes import process_title
from colonies_tui.ui.views.channel_screen import ChannelScreen
from colonies_tui.ui.views.editing import difference, edit_json, function_template, function_text, read_function
from colonies_tui.ui.views.view import View
from colonies_tui.ui.widgets.dialog import Choice, Dialog, Question

SHOWN_CHANGES = 24

VERBS = frozenset({"submit", "resubmit", "cancel", "remove", "remove_all"})
"""What :func:`reason_against` knows about."""


def reason_against(session: Session, action: str, row: ProcessRow | None) -> str | None:
    """Return why something cannot be done with a process, in words; ``None`` when it can.

    Args:
        session: whose keys sign.
        action: ``submit``, ``resubmit``, ``cancel``, ``remove`` or ``remove_all``.
        row: the process under the cursor.
    """
    if action == "submit":
        return session.actor.why_not(SubmitProcess)
    if action == "remove_all":
        return session.actor.why_not(RemoveAllProcesses)
    if row is None:
        return "there is no process under the cursor"
    if action == "resubmit":
        return session.actor.why_not(SubmitProcess)
    if row.processgraphid:
        return f"it belongs to a workflow: {action} that"
    if action == "cancel" and row.state.is_final:
        return f"it has ended: {process_face(row.state).word}"
    if action == "remove" and row.state is ProcessState.RUNNING:
        return "it is running: cancel it first"
    return session.actor.why_not(CancelProcess)


async def _do(view: View, action: Action, *, quietly: bool = False) -> bool:
    result = await view.session.actor.carry_out(action)
    is_done = result.outcome is Outcome.DONE
    if not (quietly and is_done):
        say(view.app, result.words, "information" if is_done else "error")
    return is_done


async def _ask(view: View, question: Question) -> str:
    return await view.app.push_screen_wait(Dialog(question))


async def submit(view: View) -> None:
    """Write a function specification and submit it. Runs in a worker."""
    text = function_template(view.session.colony)
    spec = await edit_json(view.app, "New process", text, read_function, accept="submit")
    if spec is not None:
        await _do(view, submit_process(spec))


async def resubmit(view: View, row: ProcessRow) -> None:
    """Submit a process again, edited or as it was; what is different is shown before. Runs in a worker."""
    try:
        spec = await read_spec(view.session, row.processid)
    except ColoniesError as error:
        say(view.app, f"{process_title(row)} cannot be read: {error}", "error")
        return
    before = function_text(spec)
    title = f"Resubmit {process_title(row)} {short_id(row.processid)}"
    edited = await edit_json(view.app, title, before, read_function, accept="compare")
    if edited is None:
        return
    question = Question(
        title=f"Submit {edited.funcname} again?",
        commands=as_commands(view.session, submit_process(edited)),
        choices=[Choice(KEEP, "escape", "leave", acts=False), Choice("submit", "y", "submit", "success")],
        fields=[
            Field.of("made from", short_id(row.processid)),
            Field.of("for", edited.conditions.executortype),
        ],
        paragraphs=(
            *difference(before, function_text(edited))[:SHOWN_CHANGES],
            signer_line(view.session, KeySlot.MEMBER),
        ),
    )
    if await _ask(view, question) == "submit":
        await _do(view, submit_process(edited))


def _facts(view: View, row: ProcessRow) -> list[Field]:
    face = process_face(row.state)
    rows = [Field("state", [Span(face.text, face.role)]), Field.of("type", row.executortype)]
    executor = view.session.executor_name(row.assignedexecutorid)
    if executor:
        rows.append(Field.of("executor", executor))
    rows.append(Field.of("id", row.processid[:16]))
    return rows


async def open_channels(view: View, row: ProcessRow) -> None:
    """Show what is said in the channels of a process. Runs in a worker."""
    try:
        spec = await read_spec(view.session, row.processid)
    except ColoniesError as error:
        say(view.app, f"{process_title(row)} cannot be read: {error}", "error")
        return
    if not spec.channels:
        say(view.app, f"{process_title(row)} has no channels: a specification names them", "warning")
        return
    title = f"{process_title(row)} {short_id(row.processid)}"
    await view.app.push_screen_wait(ChannelScreen(view.context, row.processid, title, spec.channels))


async def cancel(view: View, rows: list[ProcessRow]) -> None:
    """Cancel processes. Runs in a worker."""
    if len(rows) > 1:
        await _several(view, [cancel_process(row) for row in rows], "processes")
        return
    row = rows[0]
    words = "Its executor is not told: it learns of it when it closes the process."
    question = Question(
        title=f"Cancel {plain(process_title(row))}?",
        commands=as_commands(view.session, cancel_process(row)),
        choices=[Choice(KEEP, "escape", "leave", acts=False), Choice("cancel", "y", "cancel", "failed")],
        fields=_facts(view, row),
        paragraphs=(
            (Span(words if row.state is ProcessState.RUNNING else "It will not run."),),
            signer_line(view.session, KeySlot.MEMBER),
        ),
        grade="danger",
    )
    if await _ask(view, question) == "cancel":
        await _do(view, cancel_process(row))


async def remove(view: View, rows: list[ProcessRow]) -> None:
    """Remove processes. Runs in a worker."""
    if len(rows) > 1:
        await _several(view, [remove_process(row) for row in rows], "processes")
        return
    row = rows[0]
    question = Question(
        title=f"Remove {plain(process_title(row))}?",
        commands=as_commands(view.session, remove_process(row)),
        choices=[Choice(KEEP, "escape", "keep", acts=False), Choice("remove", "y", "remove", "failed")],
        fields=_facts(view, row),
        paragraphs=(
            (Span("Its log can then only be found by executor or search."),),
            signer_line(view.session, KeySlot.MEMBER),
        ),
        grade="danger",
    )
    if await _ask(view, question) == "remove":
        await _do(view, remove_process(row))


async def _several(view: View, actions: list[Action], things: str) -> None:
    question = several(view.session, actions, things)
    if await _ask(view, question) != actions[0].verb:
        return
    done = 0
    for action in actions:
        done += await _do(view, action, quietly=True)
    say(view.app, f"{done} of {counted(len(actions), 'process', 'processes')} {actions[0].done}")


async def remove_all(view: View, state: ProcessState | None) -> None:
    """Remove every process in one state. Runs in a worker."""
    session = view.session
    if state is ProcessState.RUNNING:
        say(view.app, "running processes cannot be removed: cancel them first", "warning")
        return
    word = "all" if state is None else process_face(state).word
    counts = [session.total(s) for s in ([state] if state is not None else list(ProcessState))]
    total = None if any(count is None for count in counts) else sum(count or 0 for count in counts)
    words = "Members of workflows stay."
    if state is None:
        words += " Running ones go, too, and every attribute of the colony: workflow members lose their environment."
    question = Question(
        title=f"Remove {word} processes of {session.colony}?",
        commands=as_commands(session, remove_all_processes(session.colony, state)),
        choices=[Choice(KEEP, "escape", "keep them", acts=False), Choice("remove", "y", "remove them", "failed")],
        fields=[
            Field.of("processes", f"{grouped(total)} (workflow members included)"),
            Field.of("colony", session.colony),
        ],
        paragraphs=((Span(words),), signer_line(session, KeySlot.COLONY)),
        grade="typed",
        name_to_type=session.colony,
    )
    if await _ask(view, question) == "remove":
        await _do(view, remove_all_processes(session.colony, state))

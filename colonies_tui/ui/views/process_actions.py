"""What can be done with processes: submit, submit again edited, cancel, remove, remove all in one state."""

from __future__ import annotations

from collections.abc import Sequence

from colonies_tui.protocol.errors import ColoniesError
from colonies_tui.protocol.messages.process import CancelProcess, RemoveAllProcesses, RemoveProcess, SubmitProcess
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.roles import KeySlot
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.actions import cancel_process, remove_process
from colonies_tui.store.colony_actions import remove_all_processes, submit_process
from colonies_tui.store.reads import read_spec
from colonies_tui.store.session import Session
from colonies_tui.ui.document import Field
from colonies_tui.ui.equivalents import as_commands
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.numbers import grouped
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.notify import say
from colonies_tui.ui.questions import KEEP, signer_line
from colonies_tui.ui.spans import Span
from colonies_tui.ui.tables.bulk import Candidate
from colonies_tui.ui.tables.processes import process_title
from colonies_tui.ui.views.bulk import act_on_marked
from colonies_tui.ui.views.channel_screen import ChannelScreen
from colonies_tui.ui.views.editing import difference, edit_json, function_template, function_text, read_function
from colonies_tui.ui.views.view import View
from colonies_tui.ui.widgets.dialog import Choice, Question
from colonies_tui.ui.widgets.live_table import LiveTable

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


async def submit(view: View) -> None:
    """Write a function specification and submit it. Runs in a worker."""
    text = function_template(view.session.colony)
    spec = await edit_json(view.app, "New process", text, read_function, accept="submit")
    if spec is not None:
        await view.propose(submit_process(spec))


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
        name_to_type=edited.funcname,
    )
    if await view.ask(question, SubmitProcess) == "submit":
        await view.do(submit_process(edited))


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


_NOTES = {
    "cancel": "Executors that run one are not told: they learn of it when they close it.",
    "remove": "Their logs can then only be found by executor or search.",
}


def candidates(session: Session, verb: str, rows: Sequence[ProcessRow], alphabet: Alphabet) -> list[Candidate]:
    """Return marked processes as what can be done to each, or why it cannot."""
    make = cancel_process if verb == "cancel" else remove_process
    found = []
    for row in rows:
        reason = reason_against(session, verb, row)
        action = make(row) if reason is None else None
        face = process_face(row.state, alphabet)
        found.append(Candidate(row.processid, process_title(row), action, reason or "", face, row.executortype))
    return found


async def act_on_many(view: View, table: LiveTable[ProcessRow], verb: str, rows: Sequence[ProcessRow]) -> None:
    """Cancel or remove marked processes. Runs in a worker."""
    found = candidates(view.session, verb, rows, view.context.alphabet)
    await act_on_marked(view, table, found, ("process", "processes"), _NOTES[verb])


async def cancel(view: View, row: ProcessRow) -> None:
    """Cancel a process. Runs in a worker."""
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
        name_to_type=short_id(row.processid),
    )
    if await view.ask(question, CancelProcess) == "cancel":
        await view.do(cancel_process(row))


async def remove(view: View, row: ProcessRow) -> None:
    """Remove a process. Runs in a worker."""
    question = Question(
        title=f"Remove {plain(process_title(row))}?",
        commands=as_commands(view.session, remove_process(row)),
        choices=[Choice(KEEP, "escape", "keep", acts=False), Choice("remove", "y", "remove", "failed")],
        fields=_facts(view, row),
        paragraphs=(
            (Span("Its log can then only be found by executor or search."),),
            signer_line(view.session, KeySlot.MEMBER),
        ),
        name_to_type=short_id(row.processid),
    )
    if await view.ask(question, RemoveProcess) == "remove":
        await view.do(remove_process(row))


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
        name_to_type=session.colony,
    )
    if await view.ask(question, RemoveAllProcesses) == "remove":
        await view.do(remove_all_processes(session.colony, state))

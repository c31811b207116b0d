"""The answer to "why?" about a process: which screen gives it, and why there is none to give for some."""

from __future__ import annotations

from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.session import Session
from colonies_tui.ui.format.durations import short_age
from colonies_tui.ui.views.failure_questions import explain_failed_process, has_failed
from colonies_tui.ui.views.view import View


def reason_against(session: Session, row: ProcessRow | None) -> str | None:
    """Return why there is nothing to explain about a process, in words; ``None`` when there is.

    Args:
        session: knows who runs what.
        row: the process under the cursor.
    """
    if row is None:
        return "there is no process under the cursor"
    match row.state:
        case ProcessState.WAITING | ProcessState.FAILED | ProcessState.CANCELLED:
            return None
        case ProcessState.RUNNING:
            who = plain(session.executor_name(row.assignedexecutorid)) or "an executor"
            ago = "" if row.starttime is None else f" for {short_age(session.clock.now() - row.starttime)}"
            return f"it runs: {who} has had it{ago}"
        case ProcessState.SUCCESS:
            return "it succeeded: there is nothing to explain"


async def explain(view: View, row: ProcessRow) -> None:
    """Show why a process is in the state in which it is, and go where the answer leads. Runs in a worker."""
    if reason_against(view.session, row) is not None:
        return
    if has_failed(row.state):
        await explain_failed_process(view, row)
        return
    from colonies_tui.ui.views.waiting_screen import WaitingScreen

    target = await view.app.push_screen_wait(WaitingScreen(view.context, row))
    if target is not None:
        view.post_message(view.Go(target))

"""Asks why a process or a workflow failed, and goes where the answer leads."""

from __future__ import annotations

from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.views.view import View

_FAILED = (ProcessState.FAILED, ProcessState.CANCELLED)


def has_failed(state: ProcessState | None) -> bool:
    """Whether the question makes sense for a process or a workflow in a state."""
    return state in _FAILED


async def explain_failed_process(view: View, row: ProcessRow) -> None:
    """Show why a process failed or was cancelled. Runs in a worker."""
    await _ask(view, process_id=row.processid)


async def explain_failed_workflow(view: View, graph_id: str) -> None:
    """Show why a workflow failed. Runs in a worker."""
    await _ask(view, graph_id=graph_id)


async def _ask(view: View, *, process_id: str = "", graph_id: str = "") -> None:
    from colonies_tui.store.failure_inquiry import Asked
    from colonies_tui.ui.views.failure_screen import FailureScreen

    asked = Asked(process_id=process_id, graph_id=graph_id)
    target = await view.app.push_screen_wait(FailureScreen(view, asked))
    if target is not None:
        view.post_message(view.Go(target))

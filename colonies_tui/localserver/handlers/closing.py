"""What the executor that runs a process says about it: output and end (§ Process)."""

from __future__ import annotations

from colonies_tui.localserver.handlers.located import the_process
from colonies_tui.localserver.jsontext import EMPTY_OBJECT
from colonies_tui.localserver.records.process import ProcessRecord
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.localserver.registry import Call, handles
from colonies_tui.protocol.messages.process import CloseFailed, CloseSuccessful, SetOutput
from colonies_tui.protocol.states import ProcessState

_STATE_WORDS = {
    ProcessState.WAITING: "waiting",
    ProcessState.SUCCESS: "successful",
    ProcessState.FAILED: "failed",
    ProcessState.CANCELLED: "cancelled",
}


@handles(SetOutput, "set output", locate=the_process(500, "Failed to set output, process is nil"))
def set_output(call: Call[SetOutput, ProcessRecord]) -> str:
    process = call.found
    if process.assignedexecutorid != call.caller.identity:
        raise Refusal(403, "Failed to close process as successful, not allowed to close process as successful")
    if process.state != ProcessState.RUNNING:
        raise Refusal(403, "Failed to set output, process is not running")
    if call.request.out:
        call.server.lifecycle.set_output(process, list(call.request.out))
    return EMPTY_OBJECT


def _check_closer(process: ProcessRecord, identity: str, outcome: str) -> None:
    if not process.assignedexecutorid:
        raise Refusal(403, f"Failed to close process as {outcome}, process is not assigned")
    if process.assignedexecutorid != identity:
        raise Refusal(403, f"Failed to close process as {outcome}, not allowed to close process as {outcome}")


@handles(
    CloseSuccessful,
    "close successful",
    mismatch_words="close process as successful",
    locate=the_process(500, "Failed to close process as successful, process is nil"),
)
def close_successful(call: Call[CloseSuccessful, ProcessRecord]) -> str:
    process = call.found
    _check_closer(process, call.caller.identity, "successful")
    # Closing a success again succeeds, overwrites the output and counts again, as on a real server.
    if process.state not in (ProcessState.RUNNING, ProcessState.SUCCESS):
        raise Refusal(400, f"Tried to set {_STATE_WORDS[ProcessState(process.state)]} process as successful")
    if call.caller.executor is None:
        raise Refusal(400, "Failed to close process as successful, executor not found")
    call.server.lifecycle.close_successful(process, call.caller.executor, call.request.out)
    return EMPTY_OBJECT


@handles(
    CloseFailed,
    "close failed",
    mismatch_words="close process as failed",
    locate=the_process(500, "Failed to close process as failed, process is nil"),
)
def close_failed(call: Call[CloseFailed, ProcessRecord]) -> str:
    process = call.found
    _check_closer(process, call.caller.identity, "failed")
    if process.state != ProcessState.RUNNING:
        raise Refusal(400, f"Tried to set {_STATE_WORDS[ProcessState(process.state)]} process as failed")
    call.server.lifecycle.close_failed(process, call.request.errors)
    return EMPTY_OBJECT

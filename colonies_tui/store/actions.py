"""Actions: the one way from a decision of the operator to a request that changes something.

The target is fixed by identity when the action is made and checked again before the request goes out. The journal says
"asked" before it is sent and how it ended after; it is sent once, whatever happens.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from colonies_tui.client.client import ColoniesClient
from colonies_tui.protocol.errors import (
    ColoniesError,
    KeyMissing,
    NotFound,
    NotReached,
    OutcomeUnknown,
    Refused,
    UnsafeRequest,
)
from colonies_tui.protocol.messages.executor import (
    AddExecutor,
    ApproveExecutor,
    GetExecutors,
    RejectExecutor,
    RemoveExecutor,
)
from colonies_tui.protocol.messages.process import CancelProcess, RemoveProcess
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.request import Request
from colonies_tui.protocol.states import ExecutorState
from colonies_tui.store.clock import Clock
from colonies_tui.store.journal import Journal, new_entry_id, without_secrets, writer


class Outcome(Enum):
    """How an action ended."""

    DONE = "done"
    REFUSED = "refused"
    """The server, or a check before sending, said no: nothing changed."""
    NOT_SENT = "not sent"
    """The server could not be reached: nothing changed."""
    UNKNOWN = "unknown"
    """It was sent and no answer came: look before trying again."""


@dataclass(frozen=True, slots=True)
class ActionResult:
    """How an action ended, in one word and in a sentence for the operator."""

    outcome: Outcome
    words: str


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to be done to one object.

    ``verb`` and ``done`` are the words for asking and telling (``approve``, ``approved``); ``target`` names the object
    and its identity for the journal; ``feeds`` are due at once afterwards.
    """

    verb: str
    done: str
    object_name: str
    request: Request[Any]
    target: Mapping[str, str]
    feeds: tuple[str, ...] = ()
    recheck: Callable[[ColoniesClient], Awaitable[str | None]] | None = field(default=None, compare=False)
    """Looks again right before sending; returns why it must not be sent."""


def _same_executor(executor: Executor) -> Callable[[ColoniesClient], Awaitable[str | None]]:
    """Messages about executors name them; make sure that the name still belongs to the same key."""

    async def look(client: ColoniesClient) -> str | None:
        name = executor.executorname
        now = {row.executorname: row for row in await client.send(GetExecutors(colonyname=executor.colonyname))}
        present = now.get(name)
        if present is None or present.state is ExecutorState.UNREGISTERED:
            return f"{name} is no longer registered"
        if present.executorid != executor.executorid:
            return f"the name {name} belongs to another key now: look at it again"
        if present.executortype != executor.executortype:
            return f"{name} says that it is a {present.executortype} now: look at it again"
        return None

    return look


def _name_is_free(executor: Executor) -> Callable[[ColoniesClient], Awaitable[str | None]]:
    """A server may let a second registration take a name over: make sure that nobody has it."""

    async def look(client: ColoniesClient) -> str | None:
        rows = await client.send(GetExecutors(colonyname=executor.colonyname))
        taken = any(
            row.executorname == executor.executorname and row.state is not ExecutorState.UNREGISTERED for row in rows
        )
        return f"the name {executor.executorname} belongs to an executor already" if taken else None

    return look


def _is_gone(error: Refused) -> bool:
    """Whether a server refused because it does not know the object: many of its messages say that in words only."""
    words = error.message.rstrip(".").casefold()
    return isinstance(error, NotFound) or words.endswith((" is nil", "does not exist", "does not exists", "not found"))


def _executor_target(executor: Executor) -> dict[str, str]:
    return {
        "kind": "executor",
        "name": executor.executorname,
        "id": executor.executorid,
        "type": executor.executortype,
    }


def _executor_action(verb: str, done: str, request: type[Any], executor: Executor) -> Action:
    return Action(
        verb=verb,
        done=done,
        object_name=executor.executorname,
        request=request(colonyname=executor.colonyname, executorname=executor.executorname),
        target=_executor_target(executor),
        feeds=("executors", "statistics"),
        recheck=_same_executor(executor),
    )


def register_executor(executor: Executor) -> Action:
    """Return the action that registers an executor under a name that is free; it then waits for approval."""
    return Action(
        verb="register",
        done="registered",
        object_name=executor.executorname,
        request=AddExecutor(executor=executor),
        target=_executor_target(executor),
        feeds=("executors", "statistics"),
        recheck=_name_is_free(executor),
    )


def approve_executor(executor: Executor) -> Action:
    """Return the action that lets an executor take work."""
    return _executor_action("approve", "approved", ApproveExecutor, executor)


def reject_executor(executor: Executor) -> Action:
    """Return the action that refuses an executor."""
    return _executor_action("reject", "rejected", RejectExecutor, executor)


def remove_executor(executor: Executor) -> Action:
    """Return the action that unregisters an executor; what it runs waits again."""
    return _executor_action("remove", "removed", RemoveExecutor, executor)


def _process_action(verb: str, done: str, request: Request[Any], row: ProcessRow) -> Action:
    return Action(
        verb=verb,
        done=done,
        object_name=f"{row.funcname or 'process'} {row.processid[:8]}",
        request=request,
        target={"kind": "process", "name": row.funcname, "id": row.processid, "type": row.executortype},
        feeds=("statistics",),
    )


def cancel_process(row: ProcessRow) -> Action:
    """Return the action that cancels a waiting or running process."""
    return _process_action("cancel", "cancelled", CancelProcess(processid=row.processid), row)


def remove_process(row: ProcessRow) -> Action:
    """Return the action that removes a process that is neither running nor part of a workflow."""
    return _process_action("remove", "removed", RemoveProcess(processid=row.processid), row)


class Actor:
    """Carries actions out with one client, and writes them down."""

    def __init__(
        self,
        client: ColoniesClient,
        clock: Clock,
        journal: Journal,
        *,
        profile_name: str,
        look_again: Callable[[Action], None],
        refusal: Callable[[], str | None],
    ) -> None:
        """
        Args:
            client: sends.
            clock: stamps.
            journal: remembers.
            profile_name: for the journal.
            look_again: told about an action that may have changed something, to have its object read again.
            refusal: returns why nothing may be changed now (read-only profile, server lost), or ``None``.
        """
        self._client = client
        self._clock = clock
        self._journal = journal
        self._profile_name = profile_name
        self._look_again = look_again
        self._refusal = refusal

    def why_not(self, request: type[Request[Any]]) -> str | None:
        """Return why a request of this type cannot be sent now, in words for a disabled key; ``None`` when it can."""
        missing = self._client.keys.missing(request.role)
        return f"needs the {missing}'s key" if missing else self._refusal()

    async def carry_out(self, action: Action) -> ActionResult:
        """Send an action's request once and return how it ended. Raises nothing of the error tree."""
        reason = self.why_not(type(action.request))
        if reason:
            return ActionResult(Outcome.REFUSED, f"{action.object_name}: not {action.done}, {reason}")
        start = self._clock.monotonic()
        entry_id = new_entry_id()
        try:
            self._write(entry_id, action, {"outcome": "asked"})
        except OSError as error:
            words = f"{action.object_name}: not {action.done}, the journal cannot be written ({error.strerror})"
            return ActionResult(Outcome.REFUSED, words)
        try:
            result = await self._send(action)
        except asyncio.CancelledError:
            words = f"{action.object_name}: it is not known whether it was {action.done} (given up here)"
            self._finish(entry_id, action, ActionResult(Outcome.UNKNOWN, words), start)
            raise
        return self._finish(entry_id, action, result, start)

    def _finish(self, entry_id: str, action: Action, result: ActionResult, start: float) -> ActionResult:
        seconds = round(self._clock.monotonic() - start, 3)
        try:
            ended = {"outcome": result.outcome.value, "words": result.words, "seconds": seconds}
            self._write(entry_id, action, ended)
        except OSError as error:
            result = ActionResult(result.outcome, f"{result.words} (the journal cannot be written: {error.strerror})")
        self._look_again(action)
        return result

    async def _send(self, action: Action) -> ActionResult:
        name = action.object_name
        try:
            if action.recheck is not None:
                change = await action.recheck(self._client)
                if change is not None:
                    return ActionResult(Outcome.REFUSED, f"{name}: not {action.done}, {change}")
        except ColoniesError as error:
            return ActionResult(
                Outcome.NOT_SENT, f"{name}: not {action.done}, it could not be looked at again ({error})"
            )
        try:
            await self._client.send(action.request)
        except Refused as error:
            gone = "it is gone; " if _is_gone(error) else ""
            return ActionResult(Outcome.REFUSED, f"{name}: not {action.done}, {gone}the server says: {error.message}")
        except UnsafeRequest as error:
            return ActionResult(Outcome.REFUSED, f"{name}: not {action.done}, {error}")
        except (NotReached, KeyMissing) as error:
            return ActionResult(Outcome.NOT_SENT, f"{name}: not {action.done}, {error}")
        except OutcomeUnknown as error:
            return ActionResult(Outcome.UNKNOWN, f"{name}: it is not known whether it was {action.done} ({error})")
        except ColoniesError as error:
            return ActionResult(Outcome.UNKNOWN, f"{name}: {action.verb} was sent, the answer cannot be read ({error})")
        return ActionResult(Outcome.DONE, f"{name} {action.done}")

    def _write(self, entry_id: str, action: Action, more: Mapping[str, Any]) -> None:
        keys = self._client.keys
        key = keys.key_for(action.request.role)
        entry = {
            "profile": self._profile_name,
            "server": str(self._client.address),
            "role": action.request.role.value,
            "key": keys.slot_for(action.request.role),
            "signer": key.identity if key else "",
            "verb": action.verb,
            "target": dict(action.target),
            "request": action.request.payload(),
            **more,
        }
        self._journal.write(self._clock.now(), {"id": entry_id, **writer(), **without_secrets(entry, keys)})

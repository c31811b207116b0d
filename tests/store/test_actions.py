"""Actions: sent once, to the object that was seen, and written down."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from colonies_tui.protocol.errors import (
    ColoniesError,
    NotAllowed,
    NotDecodable,
    NotReached,
    OutcomeUnknown,
    Refused,
    UnsafeRequest,
)
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.executor import ApproveExecutor, GetExecutors, RejectExecutor, RemoveExecutor
from colonies_tui.protocol.messages.process import CancelProcess, RemoveProcess
from colonies_tui.protocol.models.executor import Executor
from colonies_tui.protocol.request import Empty, Request
from colonies_tui.protocol.states import ExecutorState, ProcessState
from colonies_tui.store.actions import (
    Action,
    Actor,
    Outcome,
    approve_executor,
    cancel_process,
    reject_executor,
    remove_executor,
    remove_process,
)
from colonies_tui.store.journal import FileJournal, MemoryJournal, writer

from .fake_client import ADDRESS, MEMBER, OWNER, FakeClient
from .fake_clock import FakeClock
from .rows import COLONY, executor, identity, process_row

PENDING = executor("worker", ExecutorState.PENDING)


class Desk:
    """An actor with a fake client, and what it did."""

    def __init__(self, keys: Keyring | None = None) -> None:
        self.client = FakeClient(keys)
        self.clock = FakeClock()
        self.journal = MemoryJournal()
        self.looked_at: list[Action] = []
        self.refusal: str | None = None
        self.registered: tuple[Executor, ...] = (PENDING,)
        self.client.answers[GetExecutors] = lambda request: self.registered
        for kind in (ApproveExecutor, RejectExecutor, RemoveExecutor, CancelProcess, RemoveProcess):
            self.client.answers[kind] = lambda request: Empty()
        self.actor = Actor(
            self.client,
            self.clock,
            self.journal,
            profile_name="prod",
            look_again=self.looked_at.append,
            refusal=lambda: self.refusal,
        )

    def fail(self, kind: type[Request[Any]], error: ColoniesError) -> None:
        def answer(request: Request[Any]) -> None:
            raise error

        self.client.answers[kind] = answer

    @property
    def outcomes(self) -> list[str]:
        return [entry["outcome"] for entry in self.journal.entries]


@pytest.mark.parametrize(
    ("make", "kind", "words"),
    [
        (approve_executor, ApproveExecutor, "worker approved"),
        (reject_executor, RejectExecutor, "worker rejected"),
        (remove_executor, RemoveExecutor, "worker removed"),
    ],
)
async def test_an_action_on_an_executor(
    make: Callable[[Executor], Action], kind: type[Request[Any]], words: str
) -> None:
    desk = Desk()
    action = make(PENDING)
    result = await desk.actor.carry_out(action)
    assert (result.outcome, result.words) == (Outcome.DONE, words)
    assert [type(request) for request in desk.client.asked] == [GetExecutors, kind]
    assert desk.client.asked[1].payload()["executorname"] == "worker"
    assert desk.looked_at == [action]
    assert "executors" in action.feeds


async def test_both_ends_of_an_action_are_written_down() -> None:
    desk = Desk()
    await desk.actor.carry_out(approve_executor(PENDING))
    asked, done = desk.journal.entries
    assert asked["id"] == done["id"]
    assert asked == {
        "id": asked["id"],
        **writer(),
        "time": desk.clock.now(),
        "profile": "prod",
        "server": str(ADDRESS),
        "role": "colony owner",
        "key": "colony",
        "signer": OWNER.identity,
        "verb": "approve",
        "target": {"kind": "executor", "name": "worker", "id": PENDING.executorid, "type": "cli"},
        "request": {"msgtype": "approveexecutormsg", "colonyname": COLONY, "executorname": "worker"},
        "outcome": "asked",
    }
    assert done == {**asked, "outcome": "done", "words": "worker approved", "seconds": 0.0}


async def test_asked_is_written_before_anything_is_sent() -> None:
    desk = Desk()
    written: list[list[str]] = []

    def answer(request: GetExecutors) -> tuple[Executor, ...]:
        written.append(desk.outcomes)
        return desk.registered

    desk.client.answers[GetExecutors] = answer
    await desk.actor.carry_out(approve_executor(PENDING))
    assert written == [["asked"]]


@pytest.mark.parametrize(
    ("registered", "words"),
    [
        ((executor("worker", ExecutorState.PENDING, executor_id=identity("thief")),), "belongs to another key now"),
        ((executor("worker", ExecutorState.PENDING, kind="gpu"),), "says that it is a gpu now"),
        ((executor("worker", ExecutorState.UNREGISTERED),), "no longer registered"),
        ((executor("other"),), "no longer registered"),
        ((), "no longer registered"),
    ],
)
async def test_an_executor_that_is_not_the_one_that_was_seen_is_left_alone(
    registered: tuple[Executor, ...], words: str
) -> None:
    desk = Desk()
    desk.registered = registered
    result = await desk.actor.carry_out(approve_executor(PENDING))
    assert result.outcome is Outcome.REFUSED
    assert words in result.words
    assert desk.client.sent(ApproveExecutor) == 0
    assert desk.outcomes == ["asked", "refused"]


async def test_an_executor_that_cannot_be_looked_at_again_is_left_alone() -> None:
    for error in (NotReached("nobody there"), OutcomeUnknown("late"), NotAllowed(403, "no")):
        desk = Desk()
        desk.fail(GetExecutors, error)
        result = await desk.actor.carry_out(approve_executor(PENDING))
        assert result.outcome is Outcome.NOT_SENT
        assert desk.client.sent(ApproveExecutor) == 0
        assert desk.outcomes == ["asked", "not sent"]


@pytest.mark.parametrize(
    ("error", "outcome", "words"),
    [
        (Refused(400, "already finished"), Outcome.REFUSED, "the server says: already finished"),
        (NotAllowed(403, "no"), Outcome.REFUSED, "the server says: no"),
        (UnsafeRequest("would crash it"), Outcome.REFUSED, "would crash it"),
        (NotReached("nobody there"), Outcome.NOT_SENT, "nobody there"),
        (OutcomeUnknown("no answer"), Outcome.UNKNOWN, "not known whether it was cancelled"),
        (NotDecodable("what is this"), Outcome.UNKNOWN, "the answer cannot be read"),
    ],
)
async def test_a_request_that_fails_is_told_and_never_sent_again(
    error: ColoniesError, outcome: Outcome, words: str
) -> None:
    desk = Desk()
    desk.fail(CancelProcess, error)
    action = cancel_process(process_row("a" * 64))
    result = await desk.actor.carry_out(action)
    assert result.outcome is outcome
    assert words in result.words
    assert desk.client.sent(CancelProcess) == 1
    assert desk.outcomes == ["asked", outcome.value]
    assert desk.looked_at == [action]


async def test_a_process_is_acted_on_by_its_id() -> None:
    desk = Desk()
    row = process_row("a" * 64, ProcessState.SUCCESS)
    await desk.actor.carry_out(remove_process(row))
    assert desk.client.asked == [RemoveProcess(processid=row.processid)]
    assert desk.journal.entries[0]["target"]["id"] == row.processid


async def test_nothing_is_sent_or_written_without_the_key_for_it() -> None:
    desk = Desk(Keyring(member=MEMBER))
    assert desk.actor.why_not(ApproveExecutor) == "needs the colony owner's key"
    assert desk.actor.why_not(CancelProcess) is None
    result = await desk.actor.carry_out(approve_executor(PENDING))
    assert (result.outcome, result.words) == (Outcome.REFUSED, "worker: not approved, needs the colony owner's key")
    assert desk.client.asked == []
    assert desk.journal.entries == []


@pytest.mark.parametrize("refusal", ["this profile is read-only", "the server does not answer"])
async def test_nothing_is_sent_while_it_is_refused_here(refusal: str) -> None:
    desk = Desk()
    desk.refusal = refusal
    assert desk.actor.why_not(ApproveExecutor) == refusal
    result = await desk.actor.carry_out(approve_executor(PENDING))
    assert (result.outcome, result.words) == (Outcome.REFUSED, f"worker: not approved, {refusal}")
    assert desk.client.asked == []


async def test_what_cannot_be_written_down_is_not_done(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the directory should be")
    desk = Desk()
    desk.actor = Actor(
        desk.client,
        desk.clock,
        FileJournal(tmp_path / "state" / "journal.jsonl"),
        profile_name="prod",
        look_again=desk.looked_at.append,
        refusal=lambda: None,
    )
    result = await desk.actor.carry_out(approve_executor(PENDING))
    assert result.outcome is Outcome.REFUSED
    assert "the journal cannot be written" in result.words
    assert desk.client.asked == []


async def test_an_action_that_is_given_up_is_written_down_as_unknown() -> None:
    desk = Desk()

    async def hang(request: CancelProcess) -> None:
        await asyncio.Event().wait()

    desk.client.answers[CancelProcess] = hang
    action = cancel_process(process_row("a"))
    task = asyncio.create_task(desk.actor.carry_out(action))
    await desk.clock.settle()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert task.cancelled()
    assert desk.outcomes == ["asked", "unknown"]
    assert desk.looked_at == [action]


async def test_no_key_is_ever_in_the_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    desk = Desk()
    for error in (None, Refused(500, "broken"), OutcomeUnknown("no answer")):
        desk.actor = Actor(
            desk.client,
            desk.clock,
            FileJournal(path),
            profile_name="prod",
            look_again=desk.looked_at.append,
            refusal=lambda: None,
        )
        if error is not None:
            desk.fail(ApproveExecutor, error)
        await desk.actor.carry_out(approve_executor(PENDING))
    text = path.read_text()
    assert len(text.splitlines()) == 6
    assert json.loads(text.splitlines()[0])["signer"] == OWNER.identity
    for key in (MEMBER, OWNER):
        assert key.reveal() not in text

"""Many actions in a row, against a real server: every one of them has a result."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from colonies_tui.protocol.errors import NotFound, Refused
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.store.actions import Action, Actor, Outcome, _is_gone, cancel_process
from colonies_tui.store.bulk import BulkRun
from colonies_tui.store.clock import SystemClock
from colonies_tui.store.journal import MemoryJournal
from tests.ui.console.colony import Colony, living_colony


@pytest.fixture
async def colony() -> AsyncIterator[Colony]:
    async with living_colony() as colony:
        yield colony


class Reason:
    """Why nothing may be sent, set by hand."""

    words: str | None = None

    def __call__(self) -> str | None:
        return self.words


def actor_of(colony: Colony, reason: Reason, journal: MemoryJournal) -> Actor:
    return Actor(
        colony.operator,
        SystemClock(),
        journal,
        profile_name="test",
        look_again=lambda action: None,
        refusal=reason,
    )


async def cancellations(colony: Colony, count: int) -> list[Action]:
    return [cancel_process(ProcessRow.of(process)) for process in await colony.submit_many(count)]


async def test_every_action_has_its_own_result(colony: Colony) -> None:
    actions = await cancellations(colony, 12)
    for place in (3, 7):
        await colony.operator.cancel_process(processid=actions[place].target["id"])
    await colony.operator.remove_process(processid=actions[9].target["id"])
    run = BulkRun(actor_of(colony, Reason(), MemoryJournal()), actions)
    await run.run()
    results = [result for result in run.results if result is not None]
    assert len(results) == 12
    assert {place for place, result in enumerate(results) if result.outcome is Outcome.REFUSED} == {3, 7, 9}
    assert "already cancelled" in results[3].words
    assert "it is gone" in results[9].words
    assert (run.count(Outcome.DONE), run.ended) == (9, 12)


async def test_what_was_not_sent_when_it_stops_is_not_sent(colony: Colony) -> None:
    actions = await cancellations(colony, 10)
    journal = MemoryJournal()
    run = BulkRun(actor_of(colony, Reason(), journal), actions, at_once=1, on_change=lambda: stop_after(3))

    def stop_after(count: int) -> None:
        if run.ended >= count:
            run.stop("stopped here")

    await run.run()
    outcomes = [result.outcome for result in run.results if result is not None]
    assert outcomes == [Outcome.DONE] * 3 + [Outcome.NOT_SENT] * 7
    assert run.results[9] is not None
    assert run.results[9].words.endswith("not cancelled, stopped here")
    assert len(journal.entries) == 6, "asked and done, three times"
    assert (await colony.counters()).waitingprocesses == 7


async def test_a_lost_server_stops_the_rest(colony: Colony) -> None:
    actions = await cancellations(colony, 6)
    reason = Reason()

    def lose() -> None:
        reason.words = "the server does not answer"

    run = BulkRun(actor_of(colony, reason, MemoryJournal()), actions, at_once=1, on_change=lose)
    await run.run()
    assert (run.count(Outcome.DONE), run.count(Outcome.NOT_SENT)) == (1, 5)
    assert run.why_stopped == "the server does not answer"
    assert (await colony.counters()).waitingprocesses == 5


async def test_when_it_is_given_up_what_is_on_its_way_is_unknown(colony: Colony) -> None:
    actions = await cancellations(colony, 5)
    began = asyncio.Event()

    class Slow(Actor):
        async def carry_out(self, action: Action):  # type: ignore[no-untyped-def]  # never returns
            began.set()
            await asyncio.Event().wait()

    run = BulkRun(Slow.__new__(Slow), actions, at_once=2)
    run._actor.why_not = lambda request: None  # type: ignore[method-assign]  # it has no client
    task = asyncio.create_task(run.run())
    await began.wait()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    outcomes = [result.outcome for result in run.results if result is not None]
    assert outcomes == [Outcome.UNKNOWN] * 2 + [Outcome.NOT_SENT] * 3


@pytest.mark.parametrize(
    ("error", "is_gone"),
    [
        (NotFound(404, "x"), True),
        (Refused(500, "Failed to remove process, process is nil"), True),
        (Refused(400, "Tried to cancel successful process"), False),
    ],
)
def test_a_refusal_because_of_a_missing_object_is_told_apart(error: Refused, is_gone: bool) -> None:
    assert _is_gone(error) is is_gone

"""``colonies-tui watch``: prints a process as a JSON line whenever it enters a state.

A line is the process as the server told it, which may be behind what it knows: ``out`` and ``endtime`` can be missing.
When one process is watched, it is read again for its last line.

A general subscription to waiting processes is opened only on a server that says that it keeps observers apart: on
others it would take wake-ups away from executors.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from colonies_tui.cli.event_lines import EventLines, drop_output, telling_when_reader_leaves
from colonies_tui.cli.exit_codes import FAILED, OK, USAGE, code_of
from colonies_tui.cli.message_fields import WrongInput, member_named
from colonies_tui.cli.output import complain, words_of
from colonies_tui.cli.profile_in_use import profile_in_use
from colonies_tui.client.client import ColoniesClient
from colonies_tui.config.paths import paths_from_environment
from colonies_tui.config.profile import Profile
from colonies_tui.protocol.errors import ColoniesError, NotReached, OutcomeUnknown, Refused
from colonies_tui.protocol.messages.colony import GetServerInfo
from colonies_tui.protocol.messages.executor import GetExecutors
from colonies_tui.protocol.messages.process import GetProcess
from colonies_tui.protocol.messages.subscription import SubscribeProcess, SubscribeProcesses
from colonies_tui.protocol.models.process import Process
from colonies_tui.protocol.states import ExecutorState, ProcessState

SUBSCRIPTION_SECONDS: Final = 60
"""How long one subscription lasts before it is renewed: a lost listener stays registered that long."""

LOOK_SECONDS: Final = 5.0
"""How often a watched process is read: some of its ends are told to nobody."""

MOST_SUBSCRIPTIONS: Final = 256
"""Most sockets that are opened."""

_FINAL: Final = frozenset(state for state in ProcessState if state.is_final)

_Subscribe = SubscribeProcess | SubscribeProcesses


class CannotWatch(Exception):
    """There is nothing that could be watched; ``str`` says why."""


def run(
    *,
    types: Sequence[str],
    process: str | None,
    states: Sequence[str],
    count: int | None,
    profile: str | None,
    keys_file: Path | None,
) -> int:
    """Print events until interrupted, until the process has ended, or until nobody reads; return the exit code.

    Raises:
        ConfigError: there is no usable profile.
    """
    if sys.stdout is None:  # closed before we began: nobody could ever read a line
        return OK
    try:
        wanted = frozenset(ProcessState(member_named(ProcessState, text)) for text in states) or frozenset(ProcessState)
    except WrongInput as error:
        complain(f"--state: {error}")
        return USAGE
    chosen = profile_in_use(profile, keys_file, paths_from_environment(os.environ))
    try:
        asyncio.run(_watch(chosen, EventLines(count), types=types, processid=process, states=wanted))
    except ColoniesError as error:
        complain(words_of(error))
        return code_of(error)
    except CannotWatch as error:
        complain(str(error))
        return FAILED
    except BrokenPipeError:
        drop_output()
    return OK


async def _watch(
    profile: Profile,
    lines: EventLines,
    *,
    types: Sequence[str],
    processid: str | None,
    states: frozenset[ProcessState],
) -> None:
    async with ColoniesClient(profile.address, profile.keys) as client:
        if processid is not None:
            await _watch_process(client, profile, processid, states, lines)
            return
        requests = await _general(client, profile, types, states)
        async with _Events(client, requests) as events:
            while not lines.is_enough and (event := await events.next()) is not None:
                lines.write(event)


async def _watch_process(
    client: ColoniesClient, profile: Profile, processid: str, states: frozenset[ProcessState], lines: EventLines
) -> None:
    process = await client.send(GetProcess(processid=processid))
    if process.state.is_final:
        if process.state in states:
            lines.write(process)
        return
    requests = [
        SubscribeProcess(
            colonyname=profile.colony,
            processid=processid,
            executortype=process.spec.conditions.executortype,
            state=state,
            timeout=SUBSCRIPTION_SECONDS,
        )
        for state in sorted(states | _FINAL)
    ]
    seen: ProcessState | None = None
    async with _Events(client, requests, also_look_at=processid) as events:
        while not lines.is_enough and (event := await events.next()) is not None:
            if event.state is seen:  # a renewed subscription tells the present state once more
                continue
            seen = event.state
            if seen.is_final:
                with contextlib.suppress(ColoniesError):  # what was told is still true
                    event = await client.send(GetProcess(processid=processid))
            if event.state in states:
                lines.write(event)
            if event.state.is_final:
                return


async def _general(
    client: ColoniesClient, profile: Profile, types: Sequence[str], states: frozenset[ProcessState]
) -> list[_Subscribe]:
    """Return the subscriptions to whole executor types that are safe on this server.

    Raises:
        CannotWatch: there is none.
    """
    try:
        are_apart = (await client.send(GetServerInfo())).observersapart is True
    except Refused:  # an older server, which does not know the question
        are_apart = False
    executors = await client.send(GetExecutors(colonyname=profile.colony))
    if not are_apart:
        member = profile.keys.member
        if member is None or member.identity not in {executor.executorid for executor in executors}:
            raise CannotWatch(
                "this server tells only executors of whole executor types, and the member key here is none's:"
                " watch one process with --process"
            )
        if ProcessState.WAITING in states:
            states -= {ProcessState.WAITING}
            complain(
                "waiting processes are not watched: this server does not keep observers apart,"
                " so it would take wake-ups away from executors"
            )
        if not states:
            raise CannotWatch("nothing is left to watch")
    known = {executor.executortype for executor in executors if executor.state is not ExecutorState.UNREGISTERED}
    chosen = sorted(set(types) or known)
    if not chosen:
        raise CannotWatch(f"no executor type is known in {profile.colony}: name one with --type")
    if len(chosen) * len(states) > MOST_SUBSCRIPTIONS:
        raise CannotWatch(
            f"{len(chosen)} executor types in {len(states)} states need more than {MOST_SUBSCRIPTIONS} connections:"
            " name fewer with --type or --state"
        )
    return [
        SubscribeProcesses(colonyname=profile.colony, executortype=kind, state=state, timeout=SUBSCRIPTION_SECONDS)
        for kind in chosen
        for state in sorted(states)
    ]


class _Events:
    """All subscriptions as one stream; each has a socket of its own."""

    def __init__(
        self, client: ColoniesClient, requests: Iterable[_Subscribe], *, also_look_at: str | None = None
    ) -> None:
        self._client = client
        self._requests = list(requests)
        self._process_to_read = also_look_at
        self._queue: asyncio.Queue[Process | BaseException | None] = asyncio.Queue()
        self._links = _Links()
        self._tasks: list[asyncio.Task[None]] = []
        self._reader = telling_when_reader_leaves(lambda: self._queue.put_nowait(None))

    async def next(self) -> Process | None:
        """Return the next event; ``None`` when nobody reads what is printed.

        Raises:
            ColoniesError: the server refuses a subscription, or sends what is no event.
        """
        event = await self._queue.get()
        if isinstance(event, BaseException):
            raise event
        return event

    async def __aenter__(self) -> _Events:
        self._reader.__enter__()
        self._tasks = [asyncio.create_task(self._listen(request)) for request in self._requests]
        if self._process_to_read is not None:
            self._tasks.append(asyncio.create_task(self._look(self._process_to_read)))
        for task in self._tasks:
            task.add_done_callback(self._ended)
        return self

    async def __aexit__(self, *raised: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._reader.__exit__(None, None, None)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Hand on what ended a task, for :meth:`next` to raise."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self._queue.put_nowait(error)

    async def _listen(self, request: _Subscribe) -> None:
        async with self._client.subscribe(request, on_state=self._links.told_by(request)) as events:
            async for event in events:
                self._queue.put_nowait(event.process)

    async def _look(self, processid: str) -> None:
        """Read the process now and then; that the server cannot be reached is said by the subscriptions."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            with contextlib.suppress(NotReached, OutcomeUnknown):
                self._queue.put_nowait(await self._client.send(GetProcess(processid=processid)))


class _Links:
    """Says once that connections were lost, and once that all are back."""

    def __init__(self) -> None:
        self._lost: set[tuple[str, str, ProcessState]] = set()

    def told_by(self, request: _Subscribe) -> Callable[[bool, ColoniesError | None], None]:
        """Return what a subscription tells about its link."""
        name = (request.executortype, getattr(request, "processid", ""), request.state)

        def tell(is_up: bool, error: ColoniesError | None) -> None:
            if is_up and name in self._lost:
                self._lost.discard(name)
                if not self._lost:
                    complain("connected again; what happened meanwhile was not seen")
            elif not is_up:
                if not self._lost:
                    complain(f"{error}; trying again")
                self._lost.add(name)

        return tell

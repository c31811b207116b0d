"""Channels over HTTP: order, positions, limits, who may, and their end (§ Channels, Constants)."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.localserver import channels as limits
from colonies_tui.localserver.channels import Entry, insert
from colonies_tui.localserver.records.process import ProcessRecord, process_by_id
from colonies_tui.localserver.refusal import Refusal
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.errors import ColoniesError, NotAllowed, NotFound, Refused
from colonies_tui.protocol.messages.channel import AppendToChannel, ReadChannel
from colonies_tui.protocol.messages.process import CancelProcess, RemoveProcess
from colonies_tui.protocol.models.channel import ChannelEntry
from colonies_tui.protocol.models.process import Process
from tests.localserver.harness import Harness


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


async def append(
    bench: Harness, process: Process, sequence: int, text: str = "", *, key: PrivateKey | None = None, **more: Any
) -> None:
    """Append an entry, as the user if no key is given."""
    content = encoded(text or str(sequence))
    request = AppendToChannel(processid=process.processid, name="c", sequence=sequence, content=content, **more)
    await bench.send(request, key)


async def read(
    bench: Harness, process: Process, after: int = 0, limit: int = 0, *, key: PrivateKey | None = None
) -> tuple[ChannelEntry, ...]:
    request = ReadChannel(processid=process.processid, name="c", afterseq=after, limit=limit)
    return await bench.send(request, key)


def texts(entries: tuple[ChannelEntry, ...]) -> list[str]:
    return [base64.b64decode(entry.payload).decode() for entry in entries]


async def running(bench: Harness) -> tuple[Process, PrivateKey]:
    """Return a running process with the channel ``c``, and the key of its executor."""
    key = await bench.register("worker")
    await bench.submit(channels=["c"])
    return await bench.assign(key), key


def record(bench: Harness, process: Process) -> ProcessRecord:
    found = process_by_id(bench.server.database, process.processid)
    assert found is not None
    return found


async def test_submitter_and_executor_talk(bench: Harness) -> None:
    process, executor = await running(bench)
    await append(bench, process, 1, "question")
    bench.clock.advance(1)
    await append(bench, process, 1, "answer", key=executor, inreplyto=1)
    await append(bench, process, 2, "", key=executor, payloadtype="end")
    for key in (None, executor):
        first, second, third = await read(bench, process, key=key)
        assert (first.senderid, second.senderid) == (bench.user_key.identity, executor.identity)
        assert (first.inreplyto, second.inreplyto) == (None, 1)
        assert (first.type, second.type, third.type) == ("data", "data", "end")
        assert first.error is None
        assert first.timestamp is not None
        assert second.timestamp is not None
        assert (second.timestamp - first.timestamp).total_seconds() == 1


async def test_reading_goes_by_position_and_not_by_sequence(bench: Harness) -> None:
    process, executor = await running(bench)
    for sequence in (10, 20, 30):
        await append(bench, process, sequence)
    await append(bench, process, 1, key=executor)
    assert texts(await read(bench, process)) == ["10", "20", "30", "1"]
    assert texts(await read(bench, process, 1)) == ["20", "30", "1"]
    assert texts(await read(bench, process, 1, 2)) == ["20", "30"]
    assert texts(await read(bench, process, -5, 1)) == ["10"]
    assert await read(bench, process, 4) == await read(bench, process, 99) == ()


async def test_a_late_entry_of_a_sender_is_put_before_its_later_ones(bench: Harness) -> None:
    process, executor = await running(bench)
    await append(bench, process, 1)
    await append(bench, process, 7, "theirs", key=executor)
    await append(bench, process, 3)
    assert texts(await read(bench, process)) == ["1", "theirs", "3"]
    await append(bench, process, 2)
    assert texts(await read(bench, process)) == ["1", "theirs", "2", "3"]


ARRIVALS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 5)), max_size=30)


@given(ARRIVALS)
def test_each_senders_entries_stand_by_sequence_and_equal_ones_by_arrival(arrivals: list[tuple[str, int]]) -> None:
    log: list[Entry] = []
    for stamp, (senderid, sequence) in enumerate(arrivals):
        insert(log, Entry(sequence, 0, stamp, senderid, "", "data"))
    assert sorted(entry.stamp for entry in log) == list(range(len(arrivals)))
    for sender in "ab":
        own = [(entry.sequence, entry.stamp) for entry in log if entry.senderid == sender]
        assert own == sorted(own)


@given(ARRIVALS)
def test_where_senders_count_upwards_the_order_is_that_of_arrival(arrivals: list[tuple[str, int]]) -> None:
    log: list[Entry] = []
    for stamp, (senderid, _) in enumerate(arrivals):
        insert(log, Entry(stamp, 0, stamp, senderid, "", "data"))
    assert [entry.stamp for entry in log] == list(range(len(arrivals)))


@given(ARRIVALS)
def test_an_entry_moves_nothing_of_other_senders_out_of_order(arrivals: list[tuple[str, int]]) -> None:
    log: list[Entry] = []
    for stamp, (senderid, sequence) in enumerate(arrivals):
        before = list(log)
        entry = Entry(sequence, 0, stamp, senderid, "", "data")
        insert(log, entry)
        log_without = [one for one in log if one is not entry]
        assert log_without == before


async def test_only_who_started_and_who_runs_the_process_may(bench: Harness) -> None:
    process, _ = await running(bench)
    other = await bench.register("other")
    for key, words in (
        (other, "Not authorized to write to channel"),
        (bench.colony_key, "not a member"),
        (bench.outsider_key, "not a member"),
    ):
        with pytest.raises(NotAllowed, match=words):
            await append(bench, process, 1, key=key)
    with pytest.raises(NotAllowed, match="Not authorized to read from channel"):
        await read(bench, process, key=other)
    waiting = await bench.submit(channels=["c"])
    await append(bench, waiting, 1)
    with pytest.raises(NotAllowed):
        await append(bench, waiting, 1, key=other)


async def test_a_requeued_process_keeps_its_channel_for_its_next_executor(bench: Harness) -> None:
    first = await bench.register("first")
    await bench.submit(channels=["c"], maxexectime=5, maxretries=1)
    process = await bench.assign(first)
    await append(bench, process, 1, "hello", key=first)
    await bench.advance(7)
    with pytest.raises(NotAllowed):
        await read(bench, process, key=first)
    second = await bench.register("second")
    await bench.assign(second)
    assert texts(await read(bench, process, key=second)) == ["hello"]


async def test_only_channels_of_the_specification_exist(bench: Harness) -> None:
    names = [str(number) for number in range(101)]
    process = await bench.submit(channels=names)
    without = await bench.submit()
    for processid, name, exists in (
        (process.processid, "0", True),
        (process.processid, "99", True),
        (process.processid, "100", False),
        (process.processid, "c", False),
        (without.processid, "c", False),
    ):
        request = ReadChannel(processid=processid, name=name)
        if exists:
            assert await bench.send(request) == ()
        else:
            with pytest.raises(NotFound, match="Channel not found"):
                await bench.send(request)


async def succeed(bench: Harness, process: Process, key: PrivateKey) -> None:
    await bench.succeed(process, key)


async def fail(bench: Harness, process: Process, key: PrivateKey) -> None:
    await bench.fail(process, key, "x")


async def cancel(bench: Harness, process: Process, key: PrivateKey) -> None:
    await bench.send(CancelProcess(processid=process.processid))


@pytest.mark.parametrize("end", [succeed, fail, cancel])
async def test_the_end_of_a_process_is_the_end_of_its_channels(
    bench: Harness, end: Callable[[Harness, Process, PrivateKey], Awaitable[None]]
) -> None:
    process, executor = await running(bench)
    await append(bench, process, 1)
    await end(bench, process, executor)
    for attempt in (read(bench, process), append(bench, process, 2)):
        with pytest.raises(NotFound, match="Channel not found"):
            await attempt
    assert bench.server.channels.processids == ()


async def test_channels_of_removed_processes_are_forgotten(bench: Harness) -> None:
    process = await bench.submit(channels=["c"])
    await append(bench, process, 1)
    await bench.send(RemoveProcess(processid=process.processid))
    with pytest.raises(NotFound, match="Process not found"):
        await read(bench, process)
    await bench.advance(61)
    assert bench.server.channels.processids == ()


async def test_bytes_may_be_a_list_of_numbers_and_must_be_bytes(bench: Harness) -> None:
    process = await bench.submit(channels=["c"])
    channel = {"msgtype": "channelappendmsg", "processid": process.processid, "name": "c", "sequence": 1}
    for payload, status in (
        ([104, 105, 0, 255], 200),
        ([], 200),
        (None, 200),
        ([256], 400),
        ([-1], 400),
        (["a"], 400),
        ("***", 400),
        ("aGk", 400),
        (5, 400),
    ):
        response = await bench.post("channelappendmsg", {**channel, "payload": payload}, bench.user_key)
        assert response.status_code == status, payload
    entries = await read(bench, process)
    assert [base64.b64decode(entry.payload) for entry in entries] == [b"hi\x00\xff", b"", b""]


async def test_a_process_may_say_much_at_once_but_not_for_long(bench: Harness) -> None:
    process, executor = await running(bench)

    said = 0

    async def talk_on() -> None:
        nonlocal said
        while True:
            await append(bench, process, said, key=executor if said % 2 else None)
            said += 1

    async def until_refused() -> int:
        before = said
        with pytest.raises(Refused, match="rate limit exceeded") as refused:
            await talk_on()
        assert refused.value.status == 500
        return said - before

    assert await until_refused() == limits.BURST
    bench.clock.advance(1)
    assert await until_refused() == limits.MESSAGES_PER_SECOND
    bench.clock.advance(60)
    assert await until_refused() == limits.BURST


async def test_a_log_is_full_at_its_limit(bench: Harness) -> None:
    process, _ = await running(bench)
    channels, owner = bench.server.channels, record(bench, process)

    def say(number: int) -> None:
        channels.append(owner, "c", bench.user_key.identity, sequence=number, inreplyto=0, payload="", kind="")

    for number in range(limits.MAX_ENTRIES):
        bench.clock.advance(0.02)
        say(number)
    bench.clock.advance(1)
    with pytest.raises(Refusal, match="full") as full:
        say(0)
    assert full.value.status == 500
    assert len(await read(bench, process, limits.MAX_ENTRIES - 3)) == 3


async def test_a_large_entry_passes_and_a_larger_one_does_not(bench: Harness) -> None:
    process = await bench.submit(channels=["c"])
    channel = {"msgtype": "channelappendmsg", "processid": process.processid, "name": "c", "sequence": 1}
    for size, status in ((10 * 1024 * 1024, 200), (10 * 1024 * 1024 + 1, 500)):
        content = base64.b64encode(bytes(size)).decode()
        response = await bench.post("channelappendmsg", {**channel, "payload": content}, bench.user_key)
        assert response.status_code == status


async def test_what_is_too_large_is_not_even_sent(bench: Harness) -> None:
    process = await bench.submit(channels=["c"])
    request = AppendToChannel(
        processid=process.processid,
        name="c",
        sequence=1,
        content=base64.b64encode(bytes(10 * 1024 * 1024 + 3)).decode(),
    )
    with pytest.raises(ColoniesError, match="10 MiB"):
        request.check()

"""A request goes out in one piece when its answer is waited for, and a refusal to take it hides no answer."""

from __future__ import annotations

import httpcore
import pytest

from colonies_tui.client.whole_requests import _MOST_KEPT, _WholeRequests


class Wire(httpcore.AsyncNetworkStream):
    """Notes what is written to it, and answers."""

    def __init__(self, fails: Exception | None = None) -> None:
        self.written: list[tuple[bytes, float | None]] = []
        self.fails = fails

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if self.fails is not None:
            raise self.fails
        self.written.append((buffer, timeout))

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return b"answer"


async def test_what_is_written_goes_out_at_once_with_its_own_limit_when_the_answer_is_waited_for() -> None:
    wire = Wire()
    stream = _WholeRequests(wire)
    await stream.write(b"head ", 3.0)
    await stream.write(b"body", 3.0)
    assert wire.written == []
    assert await stream.read(10, 9.0) == b"answer"
    assert await stream.read(10, 9.0) == b"answer"
    assert wire.written == [(b"head body", 3.0)]


async def test_much_is_not_kept_back() -> None:
    wire = Wire()
    stream = _WholeRequests(wire)
    await stream.write(b"x" * _MOST_KEPT)
    await stream.write(b"y")
    assert wire.written == [(b"x" * _MOST_KEPT + b"y", None)]


async def test_an_answer_is_read_from_a_server_that_takes_no_more() -> None:
    stream = _WholeRequests(Wire(httpcore.WriteError("broken")))
    await stream.write(b"head")
    assert await stream.read(10) == b"answer"


async def test_a_network_that_takes_nothing_is_told() -> None:
    stream = _WholeRequests(Wire(httpcore.WriteTimeout("late")))
    await stream.write(b"head")
    with pytest.raises(httpcore.WriteTimeout):
        await stream.read(10)

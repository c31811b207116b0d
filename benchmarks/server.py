"""The local server with its data on the disk: requests a second, against a bare server with the same durability."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks import population
from benchmarks.programs import PYTHON, Program, environment, home, program
from benchmarks.raw_http import Connection, connections, share
from benchmarks.results import Result, of_pairs
from benchmarks.scale import Scale
from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.envelope import encode_request, open_reply, read_reply
from colonies_tui.protocol.messages.process import AssignProcess, CloseSuccessful, SubmitProcess
from colonies_tui.protocol.request import Request

R = TypeVar("R")
Work = Callable[[int, Connection], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast something went."""

    wall: float
    """In a second."""
    cpu: float
    """In a second of the server's processor."""


def results(scale: Scale) -> Iterator[Result]:
    """Measure."""
    submits: list[tuple[Rate, Rate]] = []
    pairs: list[tuple[Rate, Rate]] = []
    with home() as where:
        env = environment(where)
        for number in range(min(scale.runs, 3)):
            ours, floor = where / f"ours-{number}", where / f"floor-{number}"
            one, two = our_rates(env, ours, scale.requests)
            other_one, other_two = floor_rates(env, floor, scale.requests)
            submits.append((one, other_one))
            pairs.append((two, other_two))
    floor_is = "starlette, uvicorn and an insert, same durability"
    for what, measured, other in (
        ("local server: signed submits", submits, floor_is),
        ("local server: assign and close", pairs, "two such requests, one after the other"),
    ):
        yield of_pairs(
            what,
            [(ours.wall, floor.wall) for ours, floor in measured],
            unit="1/s",
            target=0.4,
            floor_is=other,
            at_least=True,
        )
        yield of_pairs(
            f"{what}, of its processor",
            [(ours.cpu, floor.cpu) for ours, floor in measured],
            unit="1/s CPU",
            target=None,
            floor_is="the same",
        )


def our_rates(env: Mapping[str, str], directory: Path, count: int) -> tuple[Rate, Rate]:
    """Return the rates of submits, and of pairs of an assign and a close."""
    with program([*PYTHON, "-m", "benchmarks.served", "0", str(time.time_ns()), str(directory)], env) as served:
        port = int(served.hello["COLONIES_SERVER_HTTP_PORT"])
        key = PrivateKey(served.hello["COLONIES_PRVKEY"])
        worker = PrivateKey(served.control.ask("register", count=1)[0])
        bodies = _submissions(key, count)

        async def submit(number: int, connection: Connection) -> None:
            await connection.post(bodies[number])

        assign = AssignProcess(colonyname=population.COLONY, timeout=1)

        async def carry_out(number: int, connection: Connection) -> None:
            process = _read(assign, await connection.post(encode_request(assign, worker)))
            close = CloseSuccessful(processid=process.processid, out=("done",))
            await connection.post(encode_request(close, worker))

        return _rate(served, port, count, submit), _rate(served, port, count // 2, carry_out)


def floor_rates(env: Mapping[str, str], file: Path, count: int) -> tuple[Rate, Rate]:
    """Return the same of the floor, for which every body is only bytes."""
    with program([*PYTHON, "-m", "benchmarks.floor_servers", "store", str(file)], env) as served:
        key = PrivateKey.new()
        bodies = _submissions(key, count)
        assign = AssignProcess(colonyname=population.COLONY, timeout=1)
        close = CloseSuccessful(processid="0" * 64, out=("done",))

        async def submit(number: int, connection: Connection) -> None:
            await connection.post(bodies[number])

        async def carry_out(number: int, connection: Connection) -> None:
            for request in (assign, close):
                await connection.post(encode_request(request, key))

        return _rate(served, served.hello, count, submit), _rate(served, served.hello, count // 2, carry_out)


def _submissions(key: PrivateKey, count: int) -> list[bytes]:
    return [encode_request(SubmitProcess(spec=population.spec(number)), key) for number in range(count)]


def _read(request: Request[R], body: bytes) -> R:
    return read_reply(open_reply(body), request.reply_adapter(), msgtype=request.msgtype)


def _rate(served: Program, port: int, count: int, work: Work) -> Rate:
    async def run() -> float:
        async with connections("127.0.0.1", port, "/api") as opened:
            began = time.perf_counter()
            await share(opened, count, work)
            return time.perf_counter() - began

    cpu = served.processor_seconds
    seconds = asyncio.run(run())
    return Rate(count / seconds, count / max(1e-6, served.processor_seconds - cpu))

"""2,000 events a second from the socket to the screen: what the screen costs over the same session without one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from benchmarks.control import Control
from benchmarks.programs import PYTHON, environment, home, program, terminal
from benchmarks.results import Result, alone, of_pairs
from benchmarks.scale import Scale

RATE = 2_000


@dataclass(frozen=True, slots=True)
class Streamed:
    """What a session made of the events."""

    cpu: float
    """Seconds of its processor for a second of events."""
    lag_p95: float
    differing: int
    rate: float
    """Events a second that the server really brought about."""


def results(scale: Scale) -> Iterator[Result]:
    """Measure."""
    runs: list[tuple[Streamed, Streamed]] = []
    with home() as where:
        env = environment(where)
        for _ in range(min(scale.runs, 3)):
            runs.append((streamed("screen", env, scale), streamed("no-screen", env, scale)))
    yield of_pairs(
        f"{RATE:,} events/s to the screen",
        [(100 * screen.cpu, 100 * bare.cpu) for screen, bare in runs],
        unit="% CPU",
        target=3.0,
        floor_is="the same session without a screen",
    )
    yield alone("… event loop lag, p95", [1000 * screen.lag_p95 for screen, _ in runs], unit="ms", target=10.0)
    yield alone("… rows that differ at last", [screen.differing for screen, _ in runs], unit="rows", target=0.0)
    yield alone("… events really sent in a second", [screen.rate for screen, _ in runs], unit="1/s", target=None)


def streamed(kind: str, env: Mapping[str, str], scale: Scale) -> Streamed:
    """Bring the events about before a console of its own, and look at what it knows at last."""
    base, count = time.time_ns(), str(scale.few_rows)
    with program([*PYTHON, "-m", "benchmarks.served", count, str(base)], env) as served:
        command = [*PYTHON, "-m", "benchmarks.consoles", kind, count, str(base)]
        with_server = {**env, **served.hello}
        if kind == "screen":
            with terminal(command, with_server, controlled=True) as console:
                assert console.control is not None
                console.control.hear()
                console.press("2")
                console.settle()
                return _measure(console.control, served.control, scale.seconds)
        with program(command, with_server) as bare:
            return _measure(bare.control, served.control, scale.seconds)


def _measure(console: Control, served: Control, seconds: float) -> Streamed:
    console.ask("begin")
    sent = served.ask("events", rate=RATE, seconds=seconds)
    measured = console.ask("end")
    differing = console.ask("differing", states=served.ask("states"))
    return Streamed(measured["cpu"] / sent["seconds"], measured["lag_p95"], differing, sent["sent"] / sent["seconds"])

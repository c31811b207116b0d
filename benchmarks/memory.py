"""Resident memory of the console with nothing, with some and with very many processes, in a pseudo-terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

from benchmarks.floor_app import MARKER
from benchmarks.population import KIND
from benchmarks.programs import COMMAND, PYTHON, environment, home, program, resident_bytes, terminal
from benchmarks.results import Result, of_pairs
from benchmarks.scale import Scale

MEBIBYTE = 1 << 20


def results(scale: Scale) -> Iterator[Result]:
    """Measure."""
    with home() as where:
        env = environment(where)
        runs = min(scale.runs, 3)  # memory varies far less than time
        for count, target in ((0, 1.8), (scale.middle_rows, 2.2), (scale.rows, 5.0)):
            base = time.time_ns()
            with program([*PYTHON, "-m", "benchmarks.served", str(count), str(base)], env) as served:
                with_server = {**env, **served.hello}
                pairs = [(console_memory(with_server, count, base), floor_memory(env)) for _ in range(runs)]
            yield of_pairs(
                f"memory with {count:,} processes" if count else "memory of the empty console",
                pairs,
                unit="MiB",
                target=target,
                floor_is="the smallest Textual application",
            )


def console_memory(env: Mapping[str, str], count: int, base: int) -> float:
    """Return the resident mebibytes of the console once its rows are on the screen; with many, as the list of them."""
    if not count:
        with terminal(COMMAND, env) as console:
            console.drawn_at(KIND.encode())
            console.settle()
            return resident_bytes(console.process.pid) / MEBIBYTE
    command = [*PYTHON, "-m", "benchmarks.consoles", "screen", str(count), str(base)]
    with terminal(command, env, controlled=True) as console:
        assert console.control is not None
        console.control.hear()
        console.press("2")
        console.drawn_at(b"render_tile")
        console.settle()
        return resident_bytes(console.process.pid) / MEBIBYTE


def floor_memory(env: Mapping[str, str]) -> float:
    """Return the same of the floor."""
    with terminal([*PYTHON, "-m", "benchmarks.floor_app"], env) as app:
        app.drawn_at(MARKER)
        app.settle()
        return resident_bytes(app.process.pid) / MEBIBYTE

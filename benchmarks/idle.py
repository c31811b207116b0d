"""What the console costs while nothing happens: its clock, the colony's counters once a second, and little else."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.floor_app import MARKER
from benchmarks.population import KIND
from benchmarks.programs import COMMAND, PYTHON, Terminal, environment, home, program, terminal
from benchmarks.results import Result, of_pairs
from benchmarks.scale import Scale


def results(scale: Scale) -> Iterator[Result]:
    """Measure: both run at the same time, each for itself, and are looked at over the same seconds."""
    pairs = []
    with home() as where:
        env = environment(where)
        with (
            program([*PYTHON, "-m", "benchmarks.served", "0", str(time.time_ns())], env) as served,
            terminal(COMMAND, {**env, **served.hello}) as console,
            terminal([*PYTHON, "-m", "benchmarks.floor_app"], env) as floor,
        ):
            console.drawn_at(KIND.encode())
            floor.drawn_at(MARKER)
            console.settle(1.5, at_most=3.0)
            for _ in range(max(1, scale.runs // 2)):
                pairs.append(_shares(console, floor, scale.idle_seconds))
    yield of_pairs(
        "idle on a quiet colony",
        pairs,
        unit="% CPU",
        target=3.0,
        floor_is="the smallest Textual application, without a timer",
    )


def _shares(console: Terminal, floor: Terminal, seconds: float) -> tuple[float, float]:
    began = console.processor_seconds, floor.processor_seconds
    time.sleep(seconds)  # what is measured is that nothing happens
    ended = console.processor_seconds, floor.processor_seconds
    console.forget()
    ours, other = (100 * (after - before) / seconds for before, after in zip(began, ended, strict=True))
    return ours, max(other, 0.001)

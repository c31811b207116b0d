"""From the start of the installed command to its first frame, and to what the server has, in a pseudo-terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from functools import partial

from benchmarks.floor_app import MARKER
from benchmarks.population import KIND
from benchmarks.programs import COMMAND, PYTHON, environment, home, program, terminal
from benchmarks.results import Result, of_pairs
from benchmarks.scale import Scale

FIRST_FRAME = b"Overview"
"""A text of the first frame, drawn before anything is known of the server."""


def results(scale: Scale) -> Iterator[Result]:
    """Measure."""
    with home() as where:
        env = environment(where)
        with program([*PYTHON, "-m", "benchmarks.served", "300", str(time.time_ns())], env) as served:
            frames, rows = [], []
            for _ in range(scale.starts):
                first, live = console_seconds({**env, **served.hello})
                floor = floor_seconds(env)
                frames.append((1000 * first, 1000 * floor))
                rows.append((1000 * live, 1000 * floor))
    said = partial(of_pairs, unit="ms", floor_is="the smallest Textual application")
    yield said("start to the first frame", frames, target=1.8)
    yield said("start to the server's rows on the screen", rows, target=2.4)


def console_seconds(env: Mapping[str, str]) -> tuple[float, float]:
    """Return the seconds to the first frame, and to the rows of the server."""
    with terminal(COMMAND, env) as console:
        return console.seconds_to(FIRST_FRAME), console.seconds_to(KIND.encode())


def floor_seconds(env: Mapping[str, str]) -> float:
    """Return the seconds to the first frame of the floor."""
    with terminal([*PYTHON, "-m", "benchmarks.floor_app"], env) as app:
        return app.seconds_to(MARKER)

"""From a key to its paint in the pseudo-terminal, among many rows and while events arrive."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Iterator, Mapping

from benchmarks.floor_app import MARKER
from benchmarks.programs import PYTHON, Terminal, environment, home, program, terminal
from benchmarks.results import Result, of_pairs, percentile
from benchmarks.scale import Scale

RATE = 500
"""Events a second."""

PACE = 0.05
"""Seconds between two keys: a hand that holds a key down is as fast."""


def results(scale: Scale) -> Iterator[Result]:
    """Measure."""
    middles, worst = [], []
    with home() as where:
        env = environment(where)
        for _ in range(max(1, scale.runs // 2)):
            ours = console_latencies(env, scale)
            floor = floor_latencies(env, scale)
            middles.append((statistics.median(ours), statistics.median(floor)))
            worst.append((percentile(ours, 95), percentile(floor, 95)))
    what = f"key to paint, {RATE} events/s, {scale.middle_rows:,} rows"
    floor_is = "the smallest Textual application"
    yield of_pairs(f"{what}: p50", middles, unit="ms", target=1.5, floor_is=floor_is)
    yield of_pairs(f"{what}: p95", worst, unit="ms", target=3.0, floor_is=floor_is)


def console_latencies(env: Mapping[str, str], scale: Scale) -> list[float]:
    """Return the milliseconds from a key to the paint of the cursor's new line."""
    base = time.time_ns()
    count = str(scale.middle_rows)
    with program([*PYTHON, "-m", "benchmarks.served", count, str(base)], env) as served:
        command = [*PYTHON, "-m", "benchmarks.consoles", "screen", count, str(base)]
        with terminal(command, {**env, **served.hello}, controlled=True) as console:
            assert console.control is not None
            console.control.hear()
            console.press("2")
            console.settle()
            cursor = cursor_paint(console)
            served.control.tell("events", rate=RATE, seconds=scale.keys * PACE * 1.5)
            latencies = press_all(console, scale.keys, lambda: console.drawn_at(cursor))
            served.control.hear()
            return latencies


def cursor_paint(console: Terminal) -> bytes:
    """Return the escape sequence that only the line under the cursor is painted with: the one of its background."""
    seen: list[set[bytes]] = []
    for key in "jk":
        console.press(key)
        seen.append(set(re.findall(rb"48;2;\d+;\d+;\d+", console.settle(0.3))))
    common = seen[0] & seen[1]
    console.press("j")
    painted = console.settle(0.3)
    # The line that the cursor has left is painted in the usual background, which many sequences end with.
    return min(common, key=lambda sequence: (painted.count(sequence) == 0, -_brightness(sequence)))


def _brightness(sequence: bytes) -> int:
    return sum(int(part) for part in sequence.split(b";")[2:])


def floor_latencies(env: Mapping[str, str], scale: Scale) -> list[float]:
    """Return the same of the floor, to whatever it paints."""
    with terminal([*PYTHON, "-m", "benchmarks.floor_app"], env) as app:
        app.drawn_at(MARKER)
        app.settle()
        return press_all(app, scale.keys, app.drawn_at)


def press_all(shown: Terminal, keys: int, drawn: Callable[[], float]) -> list[float]:
    """Press keys one after another, each after the paint of the one before."""
    latencies = []
    for number in range(keys):
        shown.forget()
        pressed = shown.press("j" if number % 20 < 10 else "k")
        latencies.append(1000 * (drawn() - pressed))
        time.sleep(PACE)  # the load: so many keys a second
    return latencies

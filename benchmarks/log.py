"""The log view against its floors: a list of the same strings, and Textual's own `Log` under the same load.

Run with ``python -m benchmarks.log``. Ratios count, not milliseconds; floors are measured in the same run.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from textual.app import App, ComposeResult
from textual.widget import Widget
from textual.widgets import Log

from colonies_tui.ui.log_buffer import LogLine
from colonies_tui.ui.log_query import LogQuery
from colonies_tui.ui.themed_app import ThemedApp
from colonies_tui.ui.widgets.log_view import LogView

BATCH = 1000
MILLION = 1_000_000
SIZE = (160, 50)
START_NS = 1_770_000_000_000_000_000


def text_of(number: int) -> str:
    """One line of about 96 characters, different from every other."""
    return (
        f"decoding band {number:>9} of scene S2A_20260211T101031 on worker-{number % 40:02d}: 1.2 GiB read, none left"
    )


def line_of(number: int) -> LogLine:
    """The same line with its source and time."""
    return LogLine(f"worker-{number % 40:02d}", START_NS + number * 1_000_000, text_of(number))


def resident_bytes() -> int:
    """Resident memory of this process (Linux)."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def run_headless(app: App[None], body: Callable[[], Coroutine[Any, Any, float]]) -> float:
    """Run ``body`` inside a headless app and return what it returns."""

    async def run() -> float:
        async with app.run_test(size=SIZE):
            return await body()

    return asyncio.run(run())


class OneWidget(ThemedApp[None]):
    """An app that shows one widget."""

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        """Show the widget."""
        yield self.widget


def list_memory(count: int) -> float:
    """Bytes a line of a plain list of the texts."""
    gc.collect()
    before = resident_bytes()
    texts = [text_of(number) for number in range(count)]
    after = resident_bytes()
    return (after - before) / len(texts)


def view_memory(count: int) -> float:
    """Bytes a line of a mounted log view."""
    view = LogView(max_lines=count)

    async def body() -> float:
        gc.collect()
        before = resident_bytes()
        for start in range(0, count, BATCH):
            view.append([line_of(number) for number in range(start, start + BATCH)])
        await asyncio.sleep(0)
        return (resident_bytes() - before) / count

    return run_headless(OneWidget(view), body)


def view_append(count: int) -> float:
    """CPU microseconds a line, batches painted as the app comes to it."""
    view = LogView(max_lines=count)
    lines = [line_of(number) for number in range(count)]

    async def body() -> float:
        began = time.process_time()
        for start in range(0, count, BATCH):
            view.append(lines[start : start + BATCH])
            await asyncio.sleep(0)
        return (time.process_time() - began) / count * 1e6

    return run_headless(OneWidget(view), body)


def log_append(count: int) -> float:
    """The same for Textual's log."""
    log = Log(max_lines=count)
    lines = [text_of(number) for number in range(count)]

    async def body() -> float:
        began = time.process_time()
        for start in range(0, count, BATCH):
            log.write_lines(lines[start : start + BATCH])
            await asyncio.sleep(0)
        await log.workers.wait_for_complete()
        return (time.process_time() - began) / count * 1e6

    return run_headless(OneWidget(log), body)


def follow(
    write: Callable[[int, int], object], seconds: float, period: float
) -> Callable[[], Coroutine[Any, Any, float]]:
    """5,000 lines a second in batches of one period each; the share of one core that this takes."""

    async def body() -> float:
        per_batch = int(5000 * period)
        began, cpu = time.perf_counter(), time.process_time()
        for number in range(int(seconds / period)):
            write(number * per_batch, per_batch)
            await asyncio.sleep(max(began + (number + 1) * period - time.perf_counter(), 0))
        return (time.process_time() - cpu) / (time.perf_counter() - began)

    return body


def follow_view(period: float) -> float:
    """CPU share of following with the log view."""
    view = LogView()

    def write(start: int, count: int) -> None:
        view.append([line_of(number) for number in range(start, start + count)])

    return run_headless(OneWidget(view), follow(write, 4.0, period))


def follow_log(period: float) -> float:
    """CPU share of following with Textual's log."""
    log = Log()

    def write(start: int, count: int) -> None:
        log.write_lines([text_of(number) for number in range(start, start + count)])

    return run_headless(OneWidget(log), follow(write, 4.0, period))


def search_seconds(count: int) -> float:
    """Seconds to search all lines for a word that none has."""
    texts = [text_of(number) for number in range(count)]
    began = time.process_time()
    LogQuery("out of memory").scan(texts, 0)
    return time.process_time() - began


def alone(measure: Callable[..., float], *arguments: float) -> float:
    """Measure in a process of its own, where nothing else has left its mark on memory."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, *arguments).result()


def report(what: str, value: float, floor: float, target: float, unit: str) -> bool:
    """Print one measurement as a ratio to its floor and return whether the target is met."""
    ratio = value / floor
    verdict = "ok" if ratio <= target else "TOO MUCH"
    print(f"{what:<40} {value:8.2f} {unit:<9} floor {floor:8.2f}   {ratio:5.2f}x of at most {target:.2f}x   {verdict}")
    return ratio <= target


def main() -> int:
    """Measure everything; 1 when a target is missed."""
    met = [
        report("memory of 1M lines", alone(view_memory, MILLION), alone(list_memory, MILLION), 1.5, "B/line"),
        report("append 1M lines", alone(view_append, MILLION), alone(log_append, MILLION), 0.3, "us/line"),
        report("follow 5k lines/s, 100 ms batches", alone(follow_view, 0.1), alone(follow_log, 0.1), 1.0, "of a core"),
        report("follow 5k lines/s, 10 ms batches", alone(follow_view, 0.01), alone(follow_log, 0.01), 1.0, "of a core"),
    ]
    print(f"{'search 1M lines':<40} {alone(search_seconds, MILLION):8.2f} s")
    return 0 if all(met) else 1


if __name__ == "__main__":
    raise SystemExit(main())

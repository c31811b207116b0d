"""The log view against a list of the same strings, a plain scan, and Textual's own `Log` under the same load."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from textual.widgets import Log

from benchmarks.programs import resident_bytes
from benchmarks.results import Result, compared
from benchmarks.scale import Scale
from benchmarks.screens import OneWidget, run_headless
from colonies_tui.ui.log_buffer import LogLine
from colonies_tui.ui.widgets.log_view import LogView

BATCH = 1000
START_NS = 1_770_000_000_000_000_000
RATE = 5_000
PERIOD = 0.1
"""Seconds between two batches of a log that is followed."""

ANY_CASE, EXACT_CASE = "out of memory", "Out of memory"
"""What is searched for; one line has it, the last. A capital letter makes case matter."""


def results(scale: Scale) -> Iterator[Result]:
    """Measure."""
    count, runs = scale.log_lines, min(scale.runs, 3)
    lines = f"{count:,} log lines"
    yield compared(
        f"{lines}: memory",
        partial(alone, view_memory, count),
        partial(alone, list_memory, count),
        runs=runs,
        unit="B/line",
        target=1.5,
        floor_is="a list of the same strings",
    )
    yield compared(
        f"{lines}: append",
        partial(alone, view_append, count),
        partial(alone, log_append, count),
        runs=runs,
        unit="µs/line",
        target=0.3,
        floor_is="Textual's Log",
    )
    for text, how in ((ANY_CASE, "whatever the case"), (EXACT_CASE, "by case")):
        yield compared(
            f"{lines}: first hit, {how}",
            partial(alone, view_search, count, text),
            partial(alone, plain_scan, count, text),
            runs=runs,
            unit="ms CPU",
            target=3.0,
            floor_is=f"a plain scan, {how}",
        )
    yield compared(
        f"follow {RATE:,} lines/s",
        partial(alone, view_follow, scale.seconds),
        partial(alone, log_follow, scale.seconds),
        runs=runs,
        unit="% CPU",
        target=1.0,
        floor_is="Textual's Log",
    )


def alone(measure: Callable[..., float], *arguments: float | str) -> float:
    """Measure in a process of its own, where nothing else has left its mark on memory."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, *arguments).result()


def text_of(number: int) -> str:
    """One line of about 96 characters, different from every other."""
    return (
        f"decoding band {number:>9} of scene S2A_20260211T101031 on worker-{number % 40:02d}: 1.2 GiB read, none left"
    )


def line_of(number: int) -> LogLine:
    """The same line with its source and time."""
    return LogLine(f"worker-{number % 40:02d}", START_NS + number * 1_000_000, text_of(number))


def texts_of(count: int) -> list[str]:
    """All lines; the last has what is searched for."""
    return [*(text_of(number) for number in range(count - 1)), f"Exit 137: {EXACT_CASE}"]


def list_memory(count: int) -> float:
    """Bytes a line of a plain list of the texts."""
    gc.collect()
    before = resident_bytes()
    texts = [text_of(number) for number in range(count)]
    return max(1.0, (resident_bytes() - before) / len(texts))


def view_memory(count: int) -> float:
    """Bytes a line of a mounted log view."""
    view = LogView(max_lines=count)

    async def body(app: OneWidget) -> float:
        gc.collect()
        before = resident_bytes()
        for start in range(0, count, BATCH):
            view.append([line_of(number) for number in range(start, start + BATCH)])
        await app.painted()
        return (resident_bytes() - before) / count

    return run_headless(lambda: view, body)


def view_append(count: int) -> float:
    """CPU microseconds a line, batches painted as the app comes to it."""
    view = LogView(max_lines=count)
    lines = [line_of(number) for number in range(count)]

    async def body(app: OneWidget) -> float:
        began = time.process_time()
        for start in range(0, count, BATCH):
            view.append(lines[start : start + BATCH])
            await asyncio.sleep(0)
        await app.painted()
        return (time.process_time() - began) / count * 1e6

    return run_headless(lambda: view, body)


def log_append(count: int) -> float:
    """The same for Textual's log."""
    log = Log(max_lines=count)
    lines = [text_of(number) for number in range(count)]

    async def body(app: OneWidget) -> float:
        began = time.process_time()
        for start in range(0, count, BATCH):
            log.write_lines(lines[start : start + BATCH])
            await asyncio.sleep(0)
        await log.workers.wait_for_complete()
        await app.painted()
        return (time.process_time() - began) / count * 1e6

    return run_headless(lambda: log, body)


def view_search(count: int, text: str) -> float:
    """CPU milliseconds from a search to its first hit on the screen."""
    view = LogView(max_lines=count)

    async def body(app: OneWidget) -> float:
        view.append([LogLine("worker-00", START_NS + number, text) for number, text in enumerate(texts_of(count))])
        await app.painted()
        began = time.process_time()
        view.search(text)
        await app.painted()
        if view.search_status != "1/1":
            raise RuntimeError(f"the line was not found: {view.search_status}")
        return (time.process_time() - began) * 1000

    return run_headless(lambda: view, body)


def plain_scan(count: int, text: str) -> float:
    """CPU milliseconds to find the lines that hold a text."""
    texts = texts_of(count)
    began = time.process_time()
    if text == text.lower():
        found = [number for number, line in enumerate(texts) if text in line.lower()]
    else:
        found = [number for number, line in enumerate(texts) if text in line]
    if found != [count - 1]:
        raise RuntimeError("the line was not found")
    return (time.process_time() - began) * 1000


def view_follow(seconds: float) -> float:
    """Percent of a processor that following takes with the log view."""
    view = LogView()

    def write(start: int, count: int) -> None:
        view.append([line_of(number) for number in range(start, start + count)])

    return run_headless(lambda: view, lambda app: _follow(write, seconds))


def log_follow(seconds: float) -> float:
    """The same with Textual's log."""
    log = Log()

    def write(start: int, count: int) -> None:
        log.write_lines([text_of(number) for number in range(start, start + count)])

    return run_headless(lambda: log, lambda app: _follow(write, seconds))


async def _follow(write: Callable[[int, int], object], seconds: float) -> float:
    batch = int(RATE * PERIOD)
    began, cpu = time.perf_counter(), time.process_time()
    for number in range(max(1, int(seconds / PERIOD))):
        write(number * batch, batch)
        await asyncio.sleep(max(began + (number + 1) * PERIOD - time.perf_counter(), 0))
    return 100 * (time.process_time() - cpu) / (time.perf_counter() - began)

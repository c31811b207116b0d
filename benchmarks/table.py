"""The table of processes at its largest, in a pseudo-terminal: load, sort, filter, and the movements of the cursor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

from benchmarks.control import Control
from benchmarks.programs import PYTHON, Terminal, environment, home, terminal
from benchmarks.results import Result, of_pairs
from benchmarks.scale import Scale
from benchmarks.table_program import FIELD, FREE_TEXT

_ACTS: tuple[tuple[str, str, dict[str, Any], float | None, str], ...] = (
    ("load {rows} rows", "load", {}, 2.0, "building the dict of the rows"),
    ("sort {rows} rows", "sort", {}, 2.0, "list.sort by the same key"),
    (f"filter {{rows}} rows: {FIELD}, on and off", "filter", {"text": FIELD}, 3.0, "list comprehensions, same test"),
    (f"filter {{rows}} rows: {FREE_TEXT}, on and off", "filter", {"text": FREE_TEXT}, 3.0, "the same"),
    ("10 of {rows} rows change and move", "change", {"frames": 10}, None, "copying the dict of all rows"),
)


def results(scale: Scale) -> Iterator[Result]:
    """Measure."""
    with home() as where:
        env = environment(where)
        with started(env) as many, started(env) as few:
            ask = control_of(many).ask
            ask("rows", count=scale.rows)
            for what, command, arguments, target, floor_is in _ACTS:
                pairs = [ask(command, **arguments) for _ in range(scale.runs)]
                yield of_pairs(
                    what.format(rows=f"{scale.rows:,}"), pairs, unit="ms CPU", target=target, floor_is=floor_is
                )
            control_of(few).ask("rows", count=scale.few_rows)
            control_of(few).ask("load")
            ask("load")
            for how in ("line", "page", "jump"):
                pairs = [
                    (
                        ask("move", how=how, frames=scale.frames),
                        control_of(few).ask("move", how=how, frames=scale.frames),
                    )
                    for _ in range(scale.runs)
                ]
                yield of_pairs(
                    f"move by a {how} among {scale.rows:,} rows",
                    pairs,
                    unit="ms CPU",
                    target=1.2,
                    floor_is=f"the same among {scale.few_rows:,} rows",
                )


def started(env: dict[str, str], kind: str = "live") -> AbstractContextManager[Terminal]:
    """Start a table in a terminal of its own."""
    return terminal([*PYTHON, "-m", "benchmarks.table_program", kind], env, controlled=True)


def control_of(shown: Terminal) -> Control:
    """Return how a program is asked, once it is ready."""
    assert shown.control is not None
    if not shown.is_ready:
        shown.is_ready = bool(shown.control.hear())
    return shown.control

"""1,000 changes a second of rows on the screen, painted ten times a second, against Textual's own table."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.programs import environment, home
from benchmarks.results import Result, compared
from benchmarks.scale import Scale
from benchmarks.table import control_of, started


def results(scale: Scale) -> Iterator[Result]:
    """Measure."""
    with home() as where:
        env = environment(where)

        def share(kind: str) -> float:
            with started(env, kind) as table:
                control_of(table).ask("rows", count=scale.few_rows)
                return float(control_of(table).ask("updates", seconds=scale.seconds))

        yield compared(
            "1,000 visible changes a second, 10 frames/s",
            lambda: share("live"),
            lambda: share("data-table"),
            runs=min(scale.runs, 3),
            unit="% CPU",
            target=0.15,
            floor_is="Textual's DataTable, as many rows and columns",
        )

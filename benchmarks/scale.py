"""How much is measured: everything, a quick look, or so little that only rot would show."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Scale:
    """Sizes and repetitions."""

    runs: int = 5
    """Pairs of a measurement and its floor."""
    starts: int = 11
    """The same for programs that are started and end by themselves."""
    seconds: float = 5.0
    """How long a steady load lasts."""
    idle_seconds: float = 20.0
    rows: int = 100_000
    middle_rows: int = 10_000
    few_rows: int = 1_000
    frames: int = 60
    """Paints of one kind that are measured together."""
    keys: int = 150
    log_lines: int = 1_000_000
    nodes: tuple[int, ...] = (200, 1_000, 5_000)
    requests: int = 4_000
    """Requests to a server in one run."""
    subscribers: int = 1_000
    events: int = 100
    decodes: int = 50


FULL = Scale()
QUICK = replace(FULL, runs=3, starts=5, seconds=3.0, idle_seconds=8.0, frames=30, keys=60, requests=1_500, events=30)
TINY = Scale(
    runs=1,
    starts=1,
    seconds=0.3,
    idle_seconds=0.3,
    rows=500,
    middle_rows=300,
    few_rows=200,
    frames=3,
    keys=4,
    log_lines=2_000,
    nodes=(30,),
    requests=20,
    subscribers=5,
    events=3,
    decodes=2,
)

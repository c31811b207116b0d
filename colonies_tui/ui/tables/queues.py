"""The queues of the overview: one line per executor type."""

from __future__ import annotations

from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.executor_condition import ExecutorCondition
from colonies_tui.store.queues import Queue
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.export import moment
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.durations import duration, short_age
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.numbers import grouped
from colonies_tui.ui.table_layout import Column, with_values

_SHOWN = (ExecutorCondition.PENDING, ExecutorCondition.STALE)


def queue_columns(alphabet: Alphabet) -> list[Column[Queue]]:
    """Return the columns."""

    def waiting(queue: Queue, now: float) -> Cell:
        role = "waiting" if queue.is_blocked else "text" if queue.waiting else "dim"
        return Cell(grouped(queue.waiting) + ("+" if queue.is_cut else ""), role)

    def oldest(queue: Queue, now: float) -> Cell:
        age = None if queue.oldest_since is None else now - queue.oldest_since
        return Cell(short_age(age), "waiting" if queue.is_blocked else "dim" if age is None else "text")

    def rate(queue: Queue, now: float) -> Cell:
        value = queue.done_per_minute
        return Cell(alphabet.none if value is None else grouped(round(value)), "dim" if not value else "text")

    def executors(queue: Queue, now: float) -> Cell:
        approved = queue.executors.get(ExecutorCondition.APPROVED, 0)
        others = "".join(
            f"  {count} {getattr(alphabet, condition.value)}"
            for condition in _SHOWN
            if (count := queue.executors.get(condition, 0))
        )
        return Cell(f"{approved} {alphabet.approved}", "approved" if approved else "dim", others, "pending")

    def why(queue: Queue, now: float) -> Cell:
        return Cell(queue.why, "waiting" if queue.is_blocked else "dim")

    columns: list[Column[Queue]] = [
        Column(
            "type",
            "type",
            lambda queue, now: Cell(plain(queue.executortype) or "(no type)", "strong"),
            width=20,
            min_width=12,
            flex=1,
        ),
        Column("waiting", "waiting", waiting, width=8, align="right", fields=frozenset({"waiting"})),
        Column(
            "running",
            "running",
            lambda queue, now: Cell(grouped(queue.running), "running" if queue.running else "dim"),
            width=7,
            align="right",
            fields=frozenset({"running"}),
        ),
        Column("oldest", "oldest", oldest, width=6, align="right", ticks=True),
        Column(
            "wait",
            "wait p50",
            lambda queue, now: Cell(duration(queue.median_wait), "dim"),
            width=8,
            align="right",
            rank=2,
        ),
        Column("rate", "done/min", rate, width=8, align="right", rank=1),
        Column("executors", "executors", executors, width=14),
        Column("why", "why it waits", why, width=36, min_width=20, flex=3, rank=3),
    ]
    return with_values(
        columns,
        {
            "type": lambda queue, now: queue.executortype,
            "waiting": lambda queue, now: queue.waiting,
            "running": lambda queue, now: queue.running,
            "oldest": lambda queue, now: moment(queue.oldest_since),
            "wait": lambda queue, now: queue.median_wait,
            "rate": lambda queue, now: queue.done_per_minute,
            "executors": lambda queue, now: queue.executors.get(ExecutorCondition.APPROVED, 0),
            "why": lambda queue, now: queue.why,
        },
        {"oldest": "oldest_since", "executors": "approved"},
    )


def queue_fields() -> Fields[Queue]:
    """Return what a filter can ask of queues."""
    return Fields(
        texts={"type": lambda queue: queue.executortype, "why": lambda queue: queue.why},
        numbers={
            "waiting": lambda queue, now: float(queue.waiting),
            "running": lambda queue, now: float(queue.running),
            "oldest": lambda queue, now: None if queue.oldest_since is None else now - queue.oldest_since,
            "wait": lambda queue, now: queue.median_wait,
            "rate": lambda queue, now: queue.done_per_minute,
        },
    )

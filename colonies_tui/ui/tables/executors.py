"""The list of executors: pending ones first, with what each runs, how it did, and what it says that it is."""

from __future__ import annotations

from dataclasses import dataclass

from colonies_tui.protocol.models.executor import Executor, Hardware
from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.executor_condition import ExecutorCondition, heard_at
from colonies_tui.store.session import Session
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.export import moment
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.durations import short_age
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.table_layout import Column, with_values

_ORDER = {
    ExecutorCondition.PENDING: 0,
    ExecutorCondition.STALE: 1,
    ExecutorCondition.APPROVED: 2,
    ExecutorCondition.REJECTED: 3,
    ExecutorCondition.GONE: 4,
}


@dataclass(frozen=True, slots=True)
class ExecutorLine:
    """One executor with everything that its line shows. Texts are not cleaned."""

    executor: Executor
    condition: ExecutorCondition
    running: tuple[tuple[str, float], ...]
    """What it runs now: function and start (seconds since 1970), the oldest first."""
    succeeded: int
    failed: int


def executor_line(session: Session, executor: Executor) -> ExecutorLine:
    """Return an executor's line as of now."""
    tally = session.book.tally(executor.executorid)
    running = sorted((row.starttime or 0.0, row.funcname) for row in tally.running.values())
    return ExecutorLine(
        executor=executor,
        condition=session.executor_condition(executor),
        running=tuple((name, start) for start, name in running),
        succeeded=tally.succeeded,
        failed=tally.failed,
    )


def hardware_words(hardware: Hardware) -> str:
    """Return a machine in a few words (``2 × A100 40Gi · 32 cores · 256Gi``); not cleaned."""
    parts = []
    if hardware.nodes > 1:
        parts.append(f"{hardware.nodes} nodes")
    gpu = hardware.gpu
    if gpu.name or gpu.count:
        parts.append(" ".join(part for part in (f"{gpu.count} ×", gpu.name, gpu.mem) if part))
    if hardware.cores:
        parts.append(f"{hardware.cores} cores")
    elif hardware.cpu:
        parts.append(hardware.cpu)
    if hardware.mem:
        parts.append(hardware.mem)
    return " · ".join(parts) or hardware.model


def machine_words(executor: Executor) -> str:
    """Return what an executor says that it runs on, in a few words; not cleaned."""
    machines = executor.capabilities.hardware
    words = hardware_words(machines[0]) if machines else ""
    return f"{words} (+{len(machines) - 1})" if len(machines) > 1 else words


def executor_columns(alphabet: Alphabet) -> list[Column[ExecutorLine]]:
    """Return the columns."""

    def glyph(line: ExecutorLine, now: float) -> Cell:
        return Cell(getattr(alphabet, line.condition.value), line.condition.value)

    def heard(line: ExecutorLine, now: float) -> Cell:
        at = heard_at(line.executor)
        if at is None:
            return Cell(alphabet.none, "dim")
        return Cell(short_age(now - at), "stale" if line.condition is ExecutorCondition.STALE else "dim")

    def running(line: ExecutorLine, now: float) -> Cell:
        if not line.running:
            return Cell(alphabet.none, "dim")
        name, start = line.running[0]
        more = f" +{len(line.running) - 1}" if len(line.running) > 1 else ""
        return Cell(plain(name), "text", f" {short_age(now - start)}{more}", "dim")

    def record(line: ExecutorLine, now: float) -> Cell:
        if not line.succeeded and not line.failed:
            return Cell(alphabet.none, "dim")
        return Cell(f"{line.succeeded}/", "dim", str(line.failed), "failed" if line.failed else "dim")

    columns: list[Column[ExecutorLine]] = [
        Column("glyph", "", glyph, sort=lambda line: _ORDER[line.condition], width=1, fields=frozenset({"condition"})),
        Column(
            "name",
            "name",
            lambda line, now: Cell(plain(line.executor.executorname), "strong"),
            sort=lambda line: line.executor.executorname.casefold(),
            width=18,
            min_width=12,
            flex=2,
        ),
        Column(
            "type",
            "type",
            lambda line, now: Cell(plain(line.executor.executortype)),
            sort=lambda line: line.executor.executortype,
            width=14,
        ),
        Column(
            "state",
            "state",
            lambda line, now: Cell(line.condition.value, line.condition.value),
            sort=lambda line: (_ORDER[line.condition], line.executor.executortype, line.executor.executorname),
            width=8,
            fields=frozenset({"condition"}),
        ),
        Column(
            "heard",
            "heard",
            heard,
            sort=lambda line: -(heard_at(line.executor) or 0.0),
            width=6,
            align="right",
            ticks=True,
        ),
        Column(
            "running",
            "running",
            running,
            sort=lambda line: -len(line.running),
            width=20,
            min_width=16,
            flex=1,
            ticks=True,
            rank=1,
            fields=frozenset({"running"}),
        ),
        Column(
            "record",
            "ok/failed",
            record,
            sort=lambda line: -line.failed,
            width=10,
            align="right",
            rank=2,
            fields=frozenset({"failed"}),
        ),
        Column(
            "location",
            "location",
            lambda line, now: Cell(plain(line.executor.locationname or ""), "dim"),
            sort=lambda line: line.executor.locationname or None,
            width=10,
            rank=4,
        ),
        Column(
            "hardware",
            "hardware",
            lambda line, now: Cell(plain(machine_words(line.executor)), "dim"),
            width=30,
            min_width=16,
            flex=2,
            rank=3,
        ),
        Column("id", "id", lambda line, now: Cell(short_id(line.executor.executorid), "dim"), width=8, rank=5),
    ]
    return with_values(
        columns,
        {
            "name": lambda line, now: line.executor.executorname,
            "type": lambda line, now: line.executor.executortype,
            "state": lambda line, now: line.condition.value,
            "heard": lambda line, now: moment(heard_at(line.executor)),
            "running": lambda line, now: [name for name, _ in line.running],
            "record": lambda line, now: f"{line.succeeded}/{line.failed}",
            "location": lambda line, now: line.executor.locationname or "",
            "hardware": lambda line, now: machine_words(line.executor),
            "id": lambda line, now: line.executor.executorid,
        },
    )


def executor_fields() -> Fields[ExecutorLine]:
    """Return what a filter can ask of executors."""

    def silent(line: ExecutorLine, now: float) -> float | None:
        at = heard_at(line.executor)
        return None if at is None else now - at

    def registered(line: ExecutorLine, now: float) -> float | None:
        at = line.executor.commissiontime
        return None if at is None else now - at.timestamp()

    return Fields(
        texts={
            "name": lambda line: line.executor.executorname,
            "type": lambda line: line.executor.executortype,
            "state": lambda line: line.condition.value,
            "location": lambda line: line.executor.locationname or "",
            "hardware": lambda line: machine_words(line.executor),
            "running": lambda line: " ".join(name for name, _ in line.running),
            "id": lambda line: line.executor.executorid,
        },
        numbers={
            "heard": silent,
            "age": registered,
            "failed": lambda line, now: float(line.failed),
        },
    )

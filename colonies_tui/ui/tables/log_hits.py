"""The hits of a search over all logs of a colony, grouped by who wrote them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from colonies_tui.protocol.models.log import Log
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.times import NANOSECONDS
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.export import moment
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.durations import short_age
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.table_layout import Column, with_values


@dataclass(frozen=True, slots=True)
class HitLine:
    """One hit. Texts are not cleaned."""

    log: Log
    source: str
    """What the process is called, or the executor."""
    count: int
    """Hits of the same source; shown with its first one."""
    is_first: bool


def hit_lines(rows: Sequence[Log], text: str, process_name: Callable[[str], str]) -> dict[str, HitLine]:
    """Return the hits by id: sources with the newest hit first, and within one the newest first.

    Args:
        rows: what the server found, newest first.
        text: what was searched for; a server takes ``%`` and ``_`` in it as wildcards.
        process_name: names a process by its id.
    """
    groups: dict[tuple[str, str], list[Log]] = {}
    for row in rows:
        groups.setdefault((row.processid, row.executorname), []).append(row)
    lines: dict[str, HitLine] = {}
    for (process_id, executor), hits in groups.items():
        source = f"{process_name(process_id)} · {executor}" if process_id else executor
        for place, row in enumerate(hits):
            lines[f"{process_id} {executor} {row.timestamp} {place}"] = HitLine(row, source, len(hits), place == 0)
    return lines


def excerpt(message: str, text: str, room: int = 200) -> str:
    """Return the line of a message in which the text stands, from shortly before it; cleaned.

    A server takes ``%`` and ``_`` as wildcards: where the text itself is nowhere, the first line that is not empty.
    """
    at = message.find(text)
    if at < 0:
        line = next((each for each in message.splitlines() if each.strip()), "")
        return plain(line.strip()[:room])
    begin = message.rfind("\n", 0, at) + 1
    end = message.find("\n", at + len(text))
    line = message[begin : end if end >= 0 else len(message)]
    lead = len(line) - len(line.lstrip())
    start = max(lead, at - begin - 24)
    return ("…" if start > lead else "") + plain(line[start : start + room].rstrip())


def hit_columns(text: str) -> list[Column[HitLine]]:
    """Return the columns for the hits of one search."""

    def source(line: HitLine, now: float) -> Cell:
        if not line.is_first:
            return Cell("", "dim")
        return Cell(plain(line.source), "strong", f"  {line.count}" if line.count > 1 else "", "dim")

    columns: list[Column[HitLine]] = [
        Column("source", "log of", source, width=28, min_width=22, flex=1),
        Column(
            "age",
            "age",
            lambda line, now: Cell(short_age(now - line.log.timestamp / NANOSECONDS), "dim"),
            width=5,
            align="right",
            ticks=True,
        ),
        Column(
            "message",
            "message",
            lambda line, now: Cell(excerpt(line.log.message, text)),
            width=40,
            flex=3,
            min_width=36,
        ),
        Column("id", "process", lambda line, now: Cell(short_id(line.log.processid), "dim"), width=8, rank=1),
    ]
    return with_values(
        columns,
        {
            "source": lambda line, now: line.source,
            "age": lambda line, now: moment(line.log.timestamp / NANOSECONDS),
            "message": lambda line, now: line.log.message,
            "id": lambda line, now: line.log.processid,
        },
        {"age": "time", "id": "process"},
    )


def hit_fields() -> Fields[HitLine]:
    """Return what a filter can ask of hits."""
    return Fields(
        texts={
            "source": lambda line: line.source,
            "executor": lambda line: line.log.executorname,
            "message": lambda line: line.log.message,
            "id": lambda line: line.log.processid,
        },
        numbers={"age": lambda line, now: now - line.log.timestamp / NANOSECONDS},
    )

"""The list of crons: when each runs, in words, and how its last runs ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from colonies_tui.protocol.cron import Schedule, schedule_of
from colonies_tui.protocol.models.schedule import BY_EXPRESSION, Cron
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.graphs import GraphRow
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.durations import duration, short_age
from colonies_tui.ui.format.glyphs import ASCII, Alphabet
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.table_layout import Column, with_values

OVERDUE_SECONDS = 15.0
"""A cron that should have run so long ago and did not cannot start."""


@dataclass(frozen=True, slots=True)
class CronLine:
    """One cron with what follows from it. Texts are not cleaned."""

    cron: Cron
    words: str
    """When it runs, or why its expression cannot be read."""
    problem: str
    """Why it does not run, in words; empty when it does."""
    outcomes: tuple[ProcessState, ...]
    """States of the workflows that it was seen to start, the newest last."""


def read_schedule(cron: Cron, zone: tzinfo = UTC) -> Schedule | None:
    """Return when a cron runs; ``None`` when its expression cannot be read."""
    try:
        return schedule_of(cron, zone=zone)
    except ValueError:
        return None


def cron_line(cron: Cron, previous: GraphRow | None, outcomes: tuple[ProcessState, ...], now: float) -> CronLine:
    """Return a cron's line.

    Args:
        cron: as the server has it.
        previous: the workflow that it started last, if that is known.
        outcomes: states of those that it was seen to start.
        now: seconds since 1970.
    """
    schedule = read_schedule(cron)
    words = schedule.words() if schedule is not None else f"cannot be read: {cron.cronexpression}"
    problem = ""
    waits = cron.waitforprevprocessgraph and cron.prevprocessgraphid
    if schedule is None:
        problem = "its expression cannot be read"
    elif waits and previous is not None and previous.state is ProcessState.CANCELLED:
        problem = "blocked: the workflow before was cancelled; remove that one"
    elif waits and previous is not None and not previous.state.is_final:
        problem = "waits for the one before"
    elif cron.nextrun is not None and now - cron.nextrun.timestamp() > OVERDUE_SECONDS:
        problem = "overdue: its start fails, or the server stands still"
    return CronLine(cron, words, problem, outcomes)


def next_run(cron: Cron) -> float | None:
    """Return when the server says that a cron runs next, seconds since 1970."""
    return None if cron.nextrun is None else cron.nextrun.timestamp()


def last_run(cron: Cron) -> float | None:
    """Return when a cron ran last, seconds since 1970."""
    return None if cron.lastrun is None else cron.lastrun.timestamp()


def following_runs(cron: Cron, now: float, count: int, zone: tzinfo = UTC) -> list[datetime]:
    """Return when a cron runs next: the server's own next run, then what follows from it."""
    schedule = read_schedule(cron, zone)
    if schedule is None:
        return []
    start = next_run(cron)
    if start is None or start < now:
        return schedule.following(datetime.fromtimestamp(now, UTC), count)
    first = datetime.fromtimestamp(start, UTC)
    return [first, *schedule.following(first, count - 1)]


def cron_columns(alphabet: Alphabet) -> list[Column[CronLine]]:
    """Return the columns."""

    def coming(line: CronLine, now: float) -> Cell:
        at = next_run(line.cron)
        if at is None:
            return Cell(alphabet.none, "dim")
        return Cell(
            f"in {duration(at - now)}" if at > now else f"{short_age(now - at)} late", "text" if at > now else "warning"
        )

    def last(line: CronLine, now: float) -> Cell:
        at = last_run(line.cron)
        return Cell("never" if at is None else f"{short_age(now - at)} ago", "dim")

    def outcomes(line: CronLine, now: float) -> Cell:
        newest = line.outcomes[-8:]
        if not newest:
            return Cell(alphabet.none, "dim")
        face = process_face(newest[-1], alphabet)
        if alphabet is ASCII:  # its glyphs alone say too little
            return Cell(face.text, face.role)
        before = "".join(process_face(state, alphabet).glyph for state in newest[:-1])
        return Cell(before, "dim", face.glyph, face.role)

    columns: list[Column[CronLine]] = [
        Column(
            "name",
            "cron",
            lambda line, now: Cell(plain(line.cron.name), "strong"),
            sort=lambda line: line.cron.name.casefold(),
            width=28,
            min_width=18,
            flex=1,
        ),
        Column(
            "words",
            "runs",
            lambda line, now: Cell(plain(line.words)),
            sort=lambda line: line.words,
            width=34,
            min_width=22,
            flex=2,
            fields=frozenset({"words"}),
        ),
        Column(
            "next",
            "next",
            coming,
            sort=lambda line: next_run(line.cron),
            width=10,
            align="right",
            ticks=True,
        ),
        Column(
            "last", "last", last, sort=lambda line: -(last_run(line.cron) or 0.0), width=9, align="right", ticks=True
        ),
        Column("outcomes", "ended", outcomes, width=9, fields=frozenset({"outcomes"}), rank=1),
        Column(
            "problem",
            "",
            lambda line, now: Cell(line.problem, "warning"),
            sort=lambda line: line.problem or None,
            width=25,
            flex=2,
            rank=2,
            fields=frozenset({"problem"}),
        ),
        Column(
            "expression",
            "expression",
            lambda line, now: Cell(
                plain(line.cron.cronexpression)
                if line.cron.interval == BY_EXPRESSION
                else f"every {line.cron.interval}s",
                "dim",
            ),
            width=16,
            rank=6,
        ),
        Column("by", "by", lambda line, now: Cell(plain(line.cron.initiatorname), "dim"), width=12, rank=4),
        Column("id", "id", lambda line, now: Cell(short_id(line.cron.cronid), "dim"), width=8, rank=5),
    ]
    return with_values(
        columns,
        {
            "name": lambda line, now: line.cron.name,
            "words": lambda line, now: line.words,
            "next": lambda line, now: line.cron.nextrun,
            "last": lambda line, now: line.cron.lastrun,
            "outcomes": lambda line, now: [process_face(state).word for state in line.outcomes],
            "problem": lambda line, now: line.problem,
            "expression": lambda line, now: (
                line.cron.cronexpression if line.cron.interval == BY_EXPRESSION else f"every {line.cron.interval}s"
            ),
            "by": lambda line, now: line.cron.initiatorname,
            "id": lambda line, now: line.cron.cronid,
        },
        {"words": "runs", "outcomes": "ended"},
    )


def cron_fields() -> Fields[CronLine]:
    """Return what a filter can ask of crons."""

    def until(line: CronLine, now: float) -> float | None:
        at = next_run(line.cron)
        return None if at is None else at - now

    def since(line: CronLine, now: float) -> float | None:
        at = last_run(line.cron)
        return None if at is None else now - at

    return Fields(
        texts={
            "name": lambda line: line.cron.name,
            "runs": lambda line: line.words,
            "problem": lambda line: line.problem,
            "state": lambda line: process_face(line.outcomes[-1]).word if line.outcomes else "",
            "by": lambda line: line.cron.initiatorname,
            "id": lambda line: line.cron.cronid,
        },
        numbers={"next": until, "age": since},
    )

"""The lists of colonies and of the users of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from colonies_tui.protocol.models.colony import Colony, Statistics, User
from colonies_tui.protocol.models.location import Location
from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.colony_standing import ColonyStanding, ColonyTotals
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.numbers import grouped
from colonies_tui.ui.spans import Line, Span, joined
from colonies_tui.ui.table_layout import Column, with_values


@dataclass(frozen=True, slots=True)
class ColonyLine:
    """One colony and how it stands, where this profile may read that."""

    colony: Colony
    standing: ColonyStanding
    is_current: bool


def _note(line: ColonyLine, now: float) -> Cell:
    if line.standing.is_forbidden:
        return Cell("not allowed", "warning")
    return Cell("" if line.standing.statistics is not None else "asking", "dim")


def _pending(line: ColonyLine, now: float) -> Cell:
    value = line.standing.pending
    return Cell(grouped(value), "pending" if value else "dim")


def colony_columns(alphabet: Alphabet) -> list[Column[ColonyLine]]:
    """Return the columns."""

    def counter(name: str, role: str, rank: int = 0) -> Column[ColonyLine]:
        def number(line: ColonyLine) -> int | None:
            counts = line.standing.statistics
            return None if counts is None else int(getattr(counts, name))

        def cell(line: ColonyLine, now: float) -> Cell:
            value = number(line)
            return Cell(grouped(value), role if value else "dim")

        title = name.removesuffix("processes").replace("activeexecutors", "executors").replace("successful", "success")
        return Column(
            name,
            title,
            cell,
            sort=lambda line: -(number(line) or 0),
            width=max(8, len(title)),
            align="right",
            rank=rank,
            fields=frozenset({"standing"}),
            value=lambda line, now: number(line),
        )

    columns: list[Column[ColonyLine]] = [
        Column(
            "current",
            "",
            lambda line, now: Cell(alphabet.approved if line.is_current else "", "accent"),
            width=1,
        ),
        Column(
            "name",
            "colony",
            lambda line, now: Cell(plain(line.colony.name), "strong"),
            sort=lambda line: line.colony.name.casefold(),
            width=24,
            min_width=20,
            flex=1,
        ),
        counter("waitingprocesses", "waiting"),
        counter("runningprocesses", "running"),
        counter("failedprocesses", "failed"),
        counter("successfulprocesses", "text", 1),
        counter("cancelledprocesses", "text", 3),
        counter("activeexecutors", "text", 2),
        Column(
            "pending",
            "pending",
            _pending,
            sort=lambda line: -(line.standing.pending or 0),
            width=7,
            align="right",
            fields=frozenset({"standing"}),
        ),
        Column("note", "", _note, width=11),
        Column("id", "owner", lambda line, now: Cell(short_id(line.colony.colonyid), "dim"), width=8, rank=4),
    ]
    return with_values(
        columns,
        {
            "name": lambda line, now: line.colony.name,
            "pending": lambda line, now: line.standing.pending,
            "id": lambda line, now: line.colony.colonyid,
        },
        {"id": "owner"},
    )


def totals_line(totals: ColonyTotals, alphabet: Alphabet) -> Line:
    """Return all colonies together in one line, for the title."""
    parts = (
        (f"{alphabet.waiting} {grouped(totals.waiting)} waiting", "waiting" if totals.waiting else "dim"),
        (f"{alphabet.running} {grouped(totals.running)} running", "running" if totals.running else "dim"),
        (f"{alphabet.failed} {grouped(totals.failed)} failed", "failed" if totals.failed else "dim"),
        (f"{alphabet.pending} {grouped(totals.pending)} pending", "pending" if totals.pending else "dim"),
    )
    return joined([[Span(text, role)] for text, role in parts], Span("  "))


def user_columns() -> list[Column[User]]:
    """Return the columns of users."""
    columns: list[Column[User]] = [
        Column(
            "name",
            "user",
            lambda user, now: Cell(plain(user.name), "strong"),
            sort=lambda user: user.name.casefold(),
            width=20,
            min_width=12,
            flex=1,
        ),
        Column(
            "email",
            "email",
            lambda user, now: Cell(plain(user.email), "dim"),
            sort=lambda user: user.email or None,
            width=24,
            flex=1,
            min_width=12,
            rank=1,
        ),
        Column("phone", "phone", lambda user, now: Cell(plain(user.phone), "dim"), width=16, rank=2),
        Column("id", "identity", lambda user, now: Cell(short_id(user.userid), "dim"), width=8),
    ]
    return with_values(
        columns,
        {
            "name": lambda user, now: user.name,
            "email": lambda user, now: user.email,
            "phone": lambda user, now: user.phone,
            "id": lambda user, now: user.userid,
        },
    )


def location_columns() -> list[Column[Location]]:
    """Return the columns of locations."""
    columns: list[Column[Location]] = [
        Column(
            "name",
            "location",
            lambda row, now: Cell(plain(row.name), "strong"),
            sort=lambda row: row.name.casefold(),
            width=20,
            min_width=12,
            flex=1,
        ),
        Column(
            "description",
            "description",
            lambda row, now: Cell(plain(row.description), "dim"),
            width=28,
            min_width=12,
            flex=2,
            rank=1,
        ),
        Column(
            "place",
            "lat, long",
            lambda row, now: Cell(f"{row.lat:.3f}, {row.longitude:.3f}" if row.lat or row.longitude else "", "dim"),
            width=18,
            align="right",
        ),
    ]
    return with_values(
        columns,
        {
            "name": lambda row, now: row.name,
            "description": lambda row, now: row.description,
            "place": lambda row, now: f"{row.lat} {row.longitude}",
        },
        {"place": "latlong"},
    )


def _counted(statistics: Statistics | None, name: str) -> float | None:
    return None if statistics is None else float(getattr(statistics, name))


def colony_fields() -> Fields[ColonyLine]:
    """Return what a filter can ask of colonies."""

    def counter(name: str) -> Callable[[ColonyLine, float], float | None]:
        return lambda line, now: _counted(line.standing.statistics, name)

    return Fields(
        texts={"name": lambda line: line.colony.name, "id": lambda line: line.colony.colonyid},
        numbers={
            "waiting": counter("waitingprocesses"),
            "running": counter("runningprocesses"),
            "success": counter("successfulprocesses"),
            "failed": counter("failedprocesses"),
            "cancelled": counter("cancelledprocesses"),
            "executors": counter("activeexecutors"),
        },
    )


def user_fields() -> Fields[User]:
    """Return what a filter can ask of users."""
    return Fields(
        texts={
            "name": lambda user: user.name,
            "email": lambda user: user.email,
            "phone": lambda user: user.phone,
            "id": lambda user: user.userid,
        },
        numbers={},
    )


def location_fields() -> Fields[Location]:
    """Return what a filter can ask of locations."""
    return Fields(
        texts={
            "name": lambda row: row.name,
            "description": lambda row: row.description,
            "id": lambda row: row.locationid,
        },
        numbers={"lat": lambda row, now: row.lat, "long": lambda row, now: row.longitude},
    )

"""The lists of colonies and of the users of one."""

from __future__ import annotations

from dataclasses import dataclass

from colonies_tui.protocol.models.colony import Colony, Statistics, User
from colonies_tui.protocol.models.location import Location
from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.format.numbers import grouped
from colonies_tui.ui.table_layout import Column


@dataclass(frozen=True, slots=True)
class ColonyLine:
    """One colony with its counters, where this profile may read them."""

    colony: Colony
    statistics: Statistics | None
    is_current: bool


def colony_columns(alphabet: Alphabet) -> list[Column[ColonyLine]]:
    """Return the columns."""

    def counter(name: str, role: str) -> Column[ColonyLine]:
        def number(line: ColonyLine) -> int | None:
            return None if line.statistics is None else int(getattr(line.statistics, name))

        def cell(line: ColonyLine, now: float) -> Cell:
            value = number(line)
            return Cell(grouped(value), role if value else "dim")

        title = name.removesuffix("processes").replace("activeexecutors", "executors").replace("successful", "success")
        return Column(
            name,
            title,
            cell,
            sort=lambda line: -(number(line) or 0),
            width=9,
            align="right",
            rank={"cancelledprocesses": 3, "runningprocesses": 1, "activeexecutors": 2}.get(name, 0),
            fields=frozenset({"statistics"}),
        )

    return [
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
            width=20,
            min_width=12,
            flex=1,
        ),
        counter("waitingprocesses", "text"),
        counter("runningprocesses", "running"),
        counter("successfulprocesses", "text"),
        counter("failedprocesses", "failed"),
        counter("cancelledprocesses", "text"),
        counter("activeexecutors", "text"),
        Column("id", "owner", lambda line, now: Cell(short_id(line.colony.colonyid), "dim"), width=8, rank=4),
    ]


def user_columns() -> list[Column[User]]:
    """Return the columns of users."""
    return [
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


def location_columns() -> list[Column[Location]]:
    """Return the columns of locations."""
    return [
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

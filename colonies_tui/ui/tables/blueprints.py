"""The list of blueprints: what should be, and whether it is."""

from __future__ import annotations

from dataclasses import dataclass

from colonies_tui.protocol.models.blueprint import Blueprint, BlueprintDefinition
from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.durations import short_age
from colonies_tui.ui.format.glyphs import Alphabet
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.table_layout import Column, with_values


@dataclass(frozen=True, slots=True)
class BlueprintLine:
    """One blueprint with its kind's definition, where that is known."""

    blueprint: Blueprint
    definition: BlueprintDefinition | None

    @property
    def handler(self) -> str:
        """Executor type that reconciles it; not cleaned."""
        return "" if self.definition is None else self.definition.spec.handler.executor_type


def differing(blueprint: Blueprint) -> list[str]:
    """Return the keys that the spec and the reported status both have and in which they differ."""
    status = blueprint.status or {}
    return [key for key, value in blueprint.spec.items() if key in status and status[key] != value]


def condition_words(blueprint: Blueprint) -> tuple[str, str]:
    """Return in words, with their role, how what is compares with what should be."""
    if not blueprint.status:
        return "nothing reported", "dim"
    different = differing(blueprint)
    if different:
        return f"differs in {plain(', '.join(different))}", "warning"
    return "as it should be", "success"


def blueprint_columns(alphabet: Alphabet) -> list[Column[BlueprintLine]]:
    """Return the columns."""

    def condition(line: BlueprintLine, now: float) -> Cell:
        words, role = condition_words(line.blueprint)
        return Cell(words, role)

    def reconciled(line: BlueprintLine, now: float) -> Cell:
        at = line.blueprint.metadata.last_reconciliation_time
        return Cell("never" if at is None else f"{short_age(now - at.timestamp())} ago", "dim")

    columns: list[Column[BlueprintLine]] = [
        Column(
            "name",
            "blueprint",
            lambda line, now: Cell(plain(line.blueprint.metadata.name), "strong"),
            sort=lambda line: line.blueprint.metadata.name.casefold(),
            width=22,
            min_width=14,
            flex=2,
        ),
        Column(
            "kind",
            "kind",
            lambda line, now: Cell(plain(line.blueprint.kind)),
            sort=lambda line: line.blueprint.kind,
            width=16,
        ),
        Column("condition", "condition", condition, width=24, min_width=16, flex=1, fields=frozenset({"blueprint"})),
        Column(
            "generation",
            "gen",
            lambda line, now: Cell(str(line.blueprint.metadata.generation or 0)),
            sort=lambda line: -(line.blueprint.metadata.generation or 0),
            width=5,
            align="right",
            fields=frozenset({"blueprint"}),
        ),
        Column("reconciled", "reconciled", reconciled, width=11, align="right", ticks=True, rank=1),
        Column("handler", "reconciler", lambda line, now: Cell(plain(line.handler), "dim"), width=16, rank=2),
        Column(
            "location",
            "location",
            lambda line, now: Cell(plain(line.blueprint.metadata.locationname or ""), "dim"),
            width=12,
            rank=3,
        ),
        Column("id", "id", lambda line, now: Cell(short_id(line.blueprint.blueprintid), "dim"), width=8, rank=4),
    ]
    return with_values(
        columns,
        {
            "name": lambda line, now: line.blueprint.metadata.name,
            "kind": lambda line, now: line.blueprint.kind,
            "generation": lambda line, now: line.blueprint.metadata.generation or 0,
            "reconciled": lambda line, now: line.blueprint.metadata.last_reconciliation_time,
            "handler": lambda line, now: line.handler,
            "location": lambda line, now: line.blueprint.metadata.locationname or "",
            "id": lambda line, now: line.blueprint.blueprintid,
        },
    )


def blueprint_fields() -> Fields[BlueprintLine]:
    """Return what a filter can ask of blueprints."""
    return Fields(
        texts={
            "name": lambda line: line.blueprint.metadata.name,
            "kind": lambda line: line.blueprint.kind,
            "location": lambda line: line.blueprint.metadata.locationname or "",
            "condition": lambda line: condition_words(line.blueprint)[0],
            "id": lambda line: line.blueprint.blueprintid,
        },
        numbers={"generation": lambda line, now: float(line.blueprint.metadata.generation or 0)},
    )

"""The lists of labels, of files under one label, and of snapshots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.cell import Cell
from colonies_tui.ui.filter import Fields
from colonies_tui.ui.format.durations import short_age
from colonies_tui.ui.format.numbers import bytes_size, grouped
from colonies_tui.ui.table_layout import Column, with_values

if TYPE_CHECKING:
    from colonies_tui.protocol.models.file import FileData, Snapshot

MAX_DEPTH = 32
"""Folders within each other that are shown as such; what lies deeper stands as one name."""


@dataclass(frozen=True, slots=True)
class LabelLine:
    """One folder of the label tree. ``label`` is the whole label; ``name`` its last part."""

    label: str
    name: str
    depth: int
    revisions: int
    """Revisions of files with exactly this label."""
    below: int
    """Revisions of files in it and everywhere below it."""


def label_lines(labels: dict[str, int]) -> dict[str, LabelLine]:
    """Return labels as a tree in reading order, folders that hold no file themselves included.

    Labels are plain texts; that ``/`` separates folders is a convention, so a label without one is a folder at the top.
    """
    every: set[str] = set()
    for label in labels:
        parts = label.split("/", MAX_DEPTH)
        for length in range(1, len(parts) + 1):
            prefix = "/".join(parts[:length])
            if prefix:
                every.add(prefix)
    lines: dict[str, LabelLine] = {}
    for label in sorted(every, key=lambda text: text.split("/")):
        depth = min(label.strip("/").count("/"), MAX_DEPTH)
        below = sum(n for other, n in labels.items() if other == label or other.startswith(f"{label}/"))
        name = label.rsplit("/", 1)[-1] or label
        lines[label] = LabelLine(label, name, depth, labels.get(label, 0), below)
    return lines


def label_columns() -> list[Column[LabelLine]]:
    """Return the columns of the tree."""
    columns: list[Column[LabelLine]] = [
        Column(
            "name",
            "label",
            lambda line, now: Cell("  " * line.depth + plain(line.name), "text" if line.revisions else "dim"),
            width=20,
            min_width=12,
            flex=1,
        ),
        Column(
            "files",
            "revs",
            lambda line, now: Cell(grouped(line.below), "dim"),
            width=6,
            align="right",
            fields=frozenset({"below"}),
        ),
    ]
    return with_values(
        columns,
        {
            "name": lambda line, now: line.label,
            "files": lambda line, now: line.below,
        },
        {"name": "label", "files": "revisions"},
    )


def file_data_columns() -> list[Column[FileData]]:
    """Return the columns of files: the newest revision of each."""
    columns: list[Column[FileData]] = [
        Column(
            "name",
            "file",
            lambda row, now: Cell(plain(row.name), "strong"),
            sort=lambda row: row.name.casefold(),
            width=24,
            min_width=14,
            flex=2,
        ),
        Column(
            "size",
            "size",
            lambda row, now: Cell(bytes_size(row.size)),
            sort=lambda row: -row.size,
            width=9,
            align="right",
            fields=frozenset({"size"}),
        ),
        Column(
            "checksum",
            "checksum",
            lambda row, now: Cell(plain(row.checksum[:16]), "dim"),
            width=16,
            rank=2,
            fields=frozenset({"checksum"}),
        ),
    ]
    return with_values(
        columns,
        {
            "name": lambda row, now: row.name,
            "size": lambda row, now: row.size,
            "checksum": lambda row, now: row.checksum,
        },
    )


def snapshot_columns() -> list[Column[Snapshot]]:
    """Return the columns of snapshots."""

    def added(row: Snapshot, now: float) -> Cell:
        return Cell("–" if row.added is None else f"{short_age(now - row.added.timestamp())} ago", "dim")

    columns: list[Column[Snapshot]] = [
        Column(
            "name",
            "snapshot",
            lambda row, now: Cell(plain(row.name), "strong"),
            sort=lambda row: row.name.casefold(),
            width=18,
            min_width=12,
            flex=1,
        ),
        Column(
            "label",
            "of label",
            lambda row, now: Cell(plain(row.label), "dim"),
            sort=lambda row: row.label,
            width=18,
            min_width=10,
            flex=1,
        ),
        Column("files", "files", lambda row, now: Cell(grouped(len(row.fileids))), width=6, align="right"),
        Column(
            "added",
            "taken",
            added,
            sort=lambda row: -(row.added.timestamp() if row.added else 0.0),
            width=10,
            align="right",
            ticks=True,
            rank=1,
        ),
    ]
    return with_values(
        columns,
        {
            "name": lambda row, now: row.name,
            "label": lambda row, now: row.label,
            "files": lambda row, now: len(row.fileids),
            "added": lambda row, now: row.added,
        },
    )


def label_fields() -> Fields[LabelLine]:
    """Return what a filter can ask of labels."""
    return Fields(
        texts={"label": lambda line: line.label, "name": lambda line: line.name},
        numbers={
            "files": lambda line, now: float(line.below),
            "depth": lambda line, now: float(line.depth),
        },
    )


def file_fields() -> Fields[FileData]:
    """Return what a filter can ask of files."""
    return Fields(
        texts={"name": lambda row: row.name, "checksum": lambda row: row.checksum},
        numbers={"size": lambda row, now: float(row.size)},
    )


def snapshot_fields() -> Fields[Snapshot]:
    """Return what a filter can ask of snapshots."""
    return Fields(
        texts={"name": lambda row: row.name, "label": lambda row: row.label, "id": lambda row: row.snapshotid},
        numbers={
            "files": lambda row, now: float(len(row.fileids)),
            "age": lambda row, now: None if row.added is None else now - row.added.timestamp(),
        },
    )

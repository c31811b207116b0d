"""Rows of a list as CSV or JSON: what they stand for, not how they are drawn. Pure, but for the writing of the file.

Texts are the originals, times ISO 8601 in UTC, durations seconds, ids whole. In CSV every text is quoted and none is
changed: a program that takes a text beginning with ``=`` for a formula has to be told that it is text.
"""

from __future__ import annotations

import csv
import io
import json
import math
import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from colonies_tui.ui.table_layout import Column, RowT, Value


@dataclass(frozen=True, slots=True)
class Records:
    """Rows with named values."""

    names: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def moment(seconds: float | None) -> datetime | None:
    """Return a time from seconds since 1970; ``None`` for none, and for one that no calendar holds."""
    if seconds is None:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def is_exported(column: Column[Any]) -> bool:
    """Whether a column stands for something: signs and bars without a title do not."""
    return bool(column.title) or column.value is not None


def records(columns: Sequence[Column[RowT]], rows: Iterable[RowT], now: float) -> Records:
    """Return what rows stand for; of two columns of one name the first.

    Args:
        columns: how the rows are shown.
        rows: in order.
        now: seconds since 1970, for values that depend on the time.
    """
    exported = list(
        {column.named or column.key: column for column in reversed(columns) if is_exported(column)}.values()
    )
    exported.reverse()
    return Records(
        tuple(column.named or column.key for column in exported),
        tuple(tuple(_value(column, row, now) for column in exported) for row in rows),
    )


def _value(column: Column[RowT], row: RowT, now: float) -> Value:
    if column.value is not None:
        return column.value(row, now)
    cell = column.cell(row, now)
    return f"{cell.text}{cell.tail}"


def to_csv(found: Records) -> str:
    """Return records as CSV with a line of names; every text quoted, nothing for nothing."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow(found.names)
    writer.writerows([_csv_value(value) for value in row] for row in found.rows)
    return text.getvalue()


def _csv_value(value: Value) -> str | int | float:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | str():
            return value
        case float():
            return value if math.isfinite(value) else ""
        case datetime():
            return _iso(value)
        case _:
            return " ".join(value)


def to_json(found: Records) -> str:
    """Return records as a JSON array of objects, one on a line."""
    lines = (json.dumps(record, ensure_ascii=False, allow_nan=False) for record in to_objects(found))
    inside = ",\n".join(lines)
    return f"[\n{inside}\n]\n" if inside else "[]\n"


def to_objects(found: Records) -> list[dict[str, Any]]:
    """Return records as what JSON can hold, by name."""
    return [dict(zip(found.names, map(_json_value, row), strict=True)) for row in found.rows]


def _json_value(value: Value) -> Any:
    match value:
        case float():
            return value if math.isfinite(value) else None
        case datetime():
            return _iso(value)
        case None | bool() | int() | str():
            return value
        case _:
            return list(value)


def _iso(when: datetime) -> str:
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def write_new(path: Path, text: str) -> None:
    """Write a file that only its owner can use and that was not there before; it appears whole or not at all.

    What UTF-8 cannot hold is written as a backslash escape, which JSON understands.

    Raises:
        FileExistsError: there is one already; it is as it was.
        OSError: it cannot be written.
    """
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(descriptor, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(temporary, path, follow_symlinks=False)  # unlike a renaming, this never takes another's place
        except FileExistsError:
            raise
        except OSError:  # a file system without second names
            if path.exists():
                raise FileExistsError(17, "File exists", str(path)) from None
            os.rename(temporary, path)
            temporary = ""
    finally:
        if temporary:
            os.unlink(temporary)

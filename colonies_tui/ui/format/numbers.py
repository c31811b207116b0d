"""Numbers as the console writes them: thousands set apart by a space, sizes in powers of 1024."""

from __future__ import annotations

from typing import Final

_SIZE_UNITS: Final = ("KiB", "MiB", "GiB", "TiB", "PiB", "EiB")


def grouped(number: int | None) -> str:
    """Return ``4 213`` for 4213, ``–`` for ``None``."""
    return "–" if number is None else f"{number:,}".replace(",", " ")


def of_total(shown: int, total: int | None) -> str:
    """Return ``100 of 4 213``, or only ``41`` when all are shown or the total is not known to be larger."""
    if total is None or total <= shown:
        return grouped(shown)
    return f"{grouped(shown)} of {grouped(total)}"


def bytes_size(size: int | None) -> str:
    """Return ``412 B``, ``1.2 KiB``, ``38 MiB``: two digits at least, units of 1024; ``–`` for ``None``."""
    if size is None:
        return "–"
    sign = "-" if size < 0 else ""
    size = abs(size)
    if size < 1024:
        return f"{sign}{size} B"
    value = float(size)
    for unit in _SIZE_UNITS:
        value /= 1024
        if round(value, 1) < 10:
            return f"{sign}{value:.1f} {unit}"
        if round(value) < 1024:
            return f"{sign}{value:.0f} {unit}"
    return f"{sign}{grouped(round(value))} {_SIZE_UNITS[-1]}"


def counted(number: int, singular: str, plural: str = "") -> str:
    """Return ``1 line``, ``4 213 lines``; the plural is the singular with an s unless given."""
    return f"{grouped(number)} {singular if number == 1 else plural or singular + 's'}"


def per_minute(rate: float | None, *, signed: bool = False) -> str:
    """Return a rate in events per minute: ``1 204/min``, ``0.4/min``; ``signed`` writes a plus before gains."""
    if rate is None:
        return "–"
    size = abs(rate)
    digits = f"{size:.1f}" if 0 < size < 9.95 and round(size, 1) != round(size) else grouped(round(size))
    sign = "-" if rate < 0 and digits != "0" else "+" if signed and digits != "0" else ""
    return f"{sign}{digits}/min"

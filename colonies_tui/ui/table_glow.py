"""Which cells of a table glow because they have just changed. Pure; time comes in as beats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from colonies_tui.ui.styles import Ground

BEAT = 0.2
"""Seconds between two beats."""
GLOWING_BEATS = 3
"""Beats of full glow, the first of them cut short by chance: 0.4 to 0.6 s."""
FADING_BEATS = 1
"""Beats of half glow after that."""

WHOLE_ROW = -1
"""Stands for all columns of a row that is new."""

NO_GLOW: Mapping[int, Ground] = {}


class Glow:
    """Ages of the glowing cells, by row id and column."""

    def __init__(self) -> None:
        self._ages: dict[str, dict[int, int]] = {}

    def __bool__(self) -> bool:
        return bool(self._ages)

    def light(self, id_: str, columns: Iterable[int]) -> None:
        """Make cells glow, from the start again if they already do."""
        if fresh := dict.fromkeys(columns, 0):
            self._ages.setdefault(id_, {}).update(fresh)

    def of(self, id_: str) -> Mapping[int, Ground]:
        """The grounds of a row's glowing cells, by column."""
        if (ages := self._ages.get(id_)) is None:
            return NO_GLOW
        return {column: "glow" if age < GLOWING_BEATS else "fading" for column, age in ages.items()}

    def beat(self) -> set[str]:
        """Let one beat pass; returns the ids of rows that look different now."""
        different = set()
        for id_, ages in list(self._ages.items()):
            for column, age in list(ages.items()):
                if age + 1 >= GLOWING_BEATS + FADING_BEATS:
                    del ages[column]
                else:
                    ages[column] = age + 1
                if age + 1 >= GLOWING_BEATS:
                    different.add(id_)
            if not ages:
                del self._ages[id_]
        return different

    def clear(self) -> set[str]:
        """Let nothing glow; returns the ids of rows that did."""
        lit = set(self._ages)
        self._ages.clear()
        return lit

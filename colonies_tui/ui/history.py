"""Where the operator has been: back, forward, and to the last place and back again. Pure; knows no widget.

Two places are the same when view, opened object and filters are: moving a cursor is not going anywhere. How a list
stood when it was left goes with the place, so that it can come back as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

MOST: Final = 50
"""Places that are remembered in each direction."""


@dataclass(frozen=True, slots=True)
class Stand:
    """How a list stood, in ids of its rows."""

    cursor_id: str | None
    top_id: str | None
    """The first row on the screen."""


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A view with what was open and filtered in it."""

    colony: str
    view: str
    opened: str = ""
    """Id of what is shown in full instead of the list; empty for the list."""
    filters: tuple[tuple[str, str], ...] = ()
    """Filter texts by the id of their list, without empty ones."""
    state: str = field(default="", compare=False)
    """The state that the list is narrowed to."""
    stands: Mapping[str, Stand] = field(default_factory=dict, compare=False)
    """How each list stood, by its id."""
    focus: str = field(default="", compare=False)
    """Id of what had the focus."""


class History:
    """The places before this one and, after going back, those after it. Where one is now is told at each call."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._before: list[Standpoint] = []
        self._after: list[Standpoint] = []
        self._last_is_after = False
        """Whether the place left last is the next one instead of the one before."""

    @property
    def before(self) -> tuple[Standpoint, ...]:
        """The places that going back leads to, the nearest last."""
        return tuple(self._before)

    @property
    def after(self) -> tuple[Standpoint, ...]:
        """The places that going forward leads to, the nearest last."""
        return tuple(self._after)

    def moved(self, left: Standpoint, here: Standpoint) -> None:
        """Note that one place was left for another; what was ahead is forgotten."""
        if left == here:
            return
        self._push(self._before, left)
        self._after.clear()
        self._last_is_after = False

    def stepped_out(self, left: Standpoint, here: Standpoint) -> None:
        """Note that what was open was closed: a step back where that is where one came from."""
        if left != here and self._before and self._before[-1] == here:
            self._before.pop()
            self._push(self._after, left)
            self._last_is_after = True
        else:
            self.moved(left, here)

    def back(self, here: Standpoint, wanted: Callable[[Standpoint], bool] = lambda place: True) -> Standpoint | None:
        """Go back to the nearest place that is another one and wanted; ``None`` when there is none."""
        found = self._go(here, self._before, self._after, wanted)
        if found is not None:
            self._last_is_after = True
        return found

    def forward(self, here: Standpoint) -> Standpoint | None:
        """Undo one :meth:`back`; ``None`` when there is nothing to undo."""
        found = self._go(here, self._after, self._before, lambda place: True)
        if found is not None:
            self._last_is_after = False
        return found

    def last(self, here: Standpoint) -> Standpoint | None:
        """Go to the place that was left last; a second time leads back. ``None`` when none was left."""
        goes_on = self._last_is_after and any(place != here for place in self._after)
        return self.forward(here) if goes_on else self.back(here)

    def _go(
        self, here: Standpoint, source: list[Standpoint], other: list[Standpoint], wanted: Callable[[Standpoint], bool]
    ) -> Standpoint | None:
        at = next((i for i in range(len(source) - 1, -1, -1) if source[i] != here and wanted(source[i])), None)
        if at is None:
            return None
        found, passed = source[at], source[at + 1 :]
        del source[at:]
        for place in (here, *reversed(passed)):
            if place != found:
                self._push(other, place)
        return found

    def _push(self, places: list[Standpoint], place: Standpoint) -> None:
        if places and places[-1] == place:
            places[-1] = place  # with the list as it stood now
        else:
            places.append(place)
        del places[: -self._most]

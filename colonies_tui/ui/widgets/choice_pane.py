"""A document in which some texts can be chosen: the cursor goes from one to the next, and Enter opens it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from colonies_tui.ui.document import Section
from colonies_tui.ui.spans import zone_at
from colonies_tui.ui.styles import RoleStyles
from colonies_tui.ui.widgets.detail import DetailPane


class ChoicePane(DetailPane):
    """Shows sections. Spans with the same zone are one choice; the cursor stays on its zone while others change."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "open", id="choice.open"),
        Binding("k,up", "step(-1)", "up", id="choice.up", show=False),
        Binding("j,down", "step(1)", "down", id="choice.down", show=False),
    ]

    class Chosen(Message):
        """Enter was pressed on a choice, or it was clicked."""

        def __init__(self, zone: str) -> None:
            super().__init__()
            self.zone = zone

    def __init__(self, sections: Sequence[Section] = (), *, id: str | None = None) -> None:  # noqa: A002 - Textual's
        super().__init__(sections, id=id)
        self._places: dict[str, tuple[int, int]] = {}
        """First and last row of each zone, in the order of the document."""
        self._zone = ""
        self._is_moved = False
        """Whether the reader has put the cursor somewhere; until then it is on what comes first."""

    @property
    def zone(self) -> str:
        """What the cursor is on; empty when there is nothing to choose."""
        return self._zone

    @property
    def zones(self) -> Sequence[str]:
        """What can be chosen, from top to bottom."""
        return tuple(self._places)

    def choose(self, zone: str) -> None:
        """Put the cursor on a zone that is there."""
        self._is_moved = True
        if zone in self._places and zone != self._zone:
            self._zone = zone
            self.refresh()
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is something to open only where the cursor is."""
        return bool(self._zone) if action == "open" else True

    def action_open(self) -> None:
        """Tell that the choice under the cursor is wanted."""
        if self._zone:
            self.post_message(self.Chosen(self._zone))

    def action_step(self, direction: int) -> None:
        """Go to the next choice where that is in sight, else move the document by a line."""
        zones = list(self._places)
        here = zones.index(self._zone) if self._zone in self._places else -1 if direction > 0 else len(zones)
        target = here + direction
        if 0 <= target < len(zones) and self._is_near(zones[target]):
            self.choose(zones[target])
            self._bring_in(zones[target])
        else:
            self.scroll_relative(y=direction, animate=False)

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked; what is chosen already is opened."""
        offset = event.get_content_offset(self)
        row = -1 if offset is None else offset.y + self.scroll_offset.y
        if offset is None or not 0 <= row < len(self._lines):
            return
        zone = zone_at(self._lines[row], offset.x)
        if zone and zone == self._zone:
            self.action_open()
        elif zone:
            self.choose(zone)

    def render_line(self, y: int) -> Strip:
        """Draw one row, the choice under the cursor on its own ground."""
        row = y + self.scroll_offset.y
        line = self._lines[row] if row < len(self._lines) else []
        if not self._zone or not any(span.zone == self._zone for span in line):
            return super().render_line(y)
        self._role_styles = styles = RoleStyles.current(self._role_styles, self.app)
        ground = "cursor" if self.has_focus else "blurred"
        segments = [
            Segment(span.text, styles.rich(span.role, ground if span.zone == self._zone else "base"))  # type: ignore[arg-type]  # a ground
            for span in line
        ]
        return Strip(segments).adjust_cell_length(self.scrollable_content_region.width, styles.rich("text"))

    def _lay_out(self) -> None:
        super()._lay_out()
        places: dict[str, tuple[int, int]] = {}
        for row, line in enumerate(self._lines):
            for span in line:
                if span.zone:
                    places[span.zone] = (places.get(span.zone, (row, row))[0], row)
        self._places = places
        first = next(iter(places), "")
        if self._zone not in places:
            self._is_moved = False
        if not self._is_moved and self._zone != first:
            self._zone = first
            self.refresh_bindings()

    def _is_near(self, zone: str) -> bool:
        first, last = self._places[zone]
        top = self.scroll_offset.y
        return first <= top + self.size.height and last >= top - 1

    def _bring_in(self, zone: str) -> None:
        first, last = self._places[zone]
        top, height = self.scroll_offset.y, self.size.height
        if first < top:
            self.scroll_to(y=first, animate=False)
        elif last >= top + height:
            self.scroll_to(y=min(first, last - height + 1), animate=False)

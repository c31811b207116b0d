"""The line of a replay: whether it plays, the time that is shown, how far it is, and how fast it goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from colonies_tui.store.replay.player import FRAME_SECONDS, Player
from colonies_tui.ui.format.durations import clock
from colonies_tui.ui.spans import Line, Span, line_width
from colonies_tui.ui.widgets.line_widget import LineWidget

KEYS: Final = ((".", "pause"), ("< >", "10 s"), ("( )", "speed"))
"""The keys that stand in it where there is room, and what they do."""

_SHORTEST_SLIDER: Final = 10
_LONGEST_SLIDER: Final = 96


@dataclass(frozen=True, slots=True)
class PlayerState:
    """What the line says."""

    time: str
    position: int
    """Whole seconds, as :attr:`length`."""
    length: int
    share: float
    """How much of the recording is over, from 0 to 1."""
    speed: float
    is_playing: bool
    is_jumping: bool

    @classmethod
    def of(cls, player: Player) -> PlayerState:
        """Return what there is to say of a player."""
        return cls(
            time=clock(player.now),
            position=int(player.position),
            length=int(player.length),
            share=player.position / player.length if player.length else 1.0,
            speed=player.speed,
            is_playing=player.is_playing,
            is_jumping=player.is_jumping,
        )


def minutes(seconds: int) -> str:
    """Return ``2:13`` or ``1:02:13``."""
    if seconds < 3600:
        return f"{seconds // 60}:{seconds % 60:02d}"
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


class PlayerLine(LineWidget):
    """One line; a click on the slider goes there, one on the sign plays or pauses."""

    def __init__(self, player: Player) -> None:
        super().__init__()
        self._player = player
        self._state = PlayerState.of(player)

    def on_mount(self) -> None:
        """Follow the player."""
        self.set_interval(FRAME_SECONDS, self.look)

    def look(self) -> None:
        """Say what has changed."""
        state = PlayerState.of(self._player)
        if state != self._state:
            self._state = state
            self.refresh()

    def compose_line(self, width: int) -> Line:
        """Give the slider what the rest leaves; the keys go first where there is little room."""
        state, alphabet = self._state, self.alphabet
        sign = alphabet.running if state.is_playing else alphabet.paused
        left = [
            Span(" "),
            Span(sign, "accent" if state.is_playing else "warning", "play"),
            Span(f" {state.time}", "text", "play"),
            Span("  "),
        ]
        length = minutes(state.length)
        right = [
            Span(f"  {minutes(state.position):>{len(length)}}", "text"),
            Span(f" of {length}", "dim"),
            Span(f"  {state.speed:g}x".ljust(7), "text" if state.speed != 1 else "dim"),
        ]
        keys = [span for key, what in KEYS for span in (Span(f"  {key}"), Span(f" {self._words(what)}", "dim"))]
        room = width - line_width(left) - line_width(right) - 1
        with_keys = room - line_width(keys) >= 2 * _SHORTEST_SLIDER
        if with_keys:
            room -= line_width(keys)
        return [*left, *self._slider(min(room, _LONGEST_SLIDER)), *right, *(keys if with_keys else ())]

    def _words(self, what: str) -> str:
        return what if what != "pause" or self._state.is_playing else "play "

    def _slider(self, width: int) -> Line:
        state, alphabet = self._state, self.alphabet
        if width < _SHORTEST_SLIDER:
            return []
        knob = min(width - 1, int(state.share * width))
        cells = []
        for cell in range(width):
            zone = f"to {cell / (width - 1):.4f}"
            if cell == knob:
                cells.append(Span(alphabet.live, "strong" if state.is_jumping else "accent", zone))
            else:
                is_over = cell < knob
                cells.append(Span(alphabet.bar if is_over else alphabet.rule, "accent" if is_over else "faint", zone))
        return cells

    def zone_chosen(self, zone: str) -> None:
        """Go where the slider was clicked, or play or pause."""
        if zone == "play":
            self._player.play_or_pause()
        else:
            self._player.want(float(zone.removeprefix("to ")) * self._player.length)
        self.look()

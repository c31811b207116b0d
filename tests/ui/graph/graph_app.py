"""An app with a graph view or a timeline, and helpers to read what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from textual import on
from textual.app import ComposeResult
from textual.geometry import Region

from colonies_tui.ui.format.glyphs import UNICODE, Alphabet
from colonies_tui.ui.graph.model import GraphNode
from colonies_tui.ui.themed_app import ThemedApp
from colonies_tui.ui.widgets.canvas import Canvas
from colonies_tui.ui.widgets.graph_view import GraphView
from colonies_tui.ui.widgets.node_messages import NodeCursorMoved, NodeOpened
from colonies_tui.ui.widgets.timeline import Timeline

NOW = 1_000.0


class GraphApp(ThemedApp[None]):
    """One view over the whole screen, and every message it posts."""

    def __init__(
        self, nodes: Sequence[GraphNode] = (), *, timeline: bool = False, alphabet: Alphabet = UNICODE
    ) -> None:
        super().__init__()
        self.alphabet = alphabet
        self.now = NOW
        self.view: GraphView | Timeline
        self.view = Timeline(clock=lambda: self.now) if timeline else GraphView(clock=lambda: self.now)
        self.nodes = list(nodes)
        self.heard: list[tuple[Any, ...]] = []
        self.painted: list[int] = []

    @property
    def graph(self) -> GraphView:
        """The view, when it is a graph."""
        assert isinstance(self.view, GraphView)
        return self.view

    @property
    def timeline(self) -> Timeline:
        """The view, when it is a timeline."""
        assert isinstance(self.view, Timeline)
        return self.view

    def compose(self) -> ComposeResult:
        yield self.view

    def on_mount(self) -> None:
        paint = self.view.paint_line

        def counted(y: int, width: int) -> Any:
            self.painted.append(y)
            return paint(y, width)

        self.view.paint_line = counted  # type: ignore[method-assign]  # to count what is painted
        self.view.focus()
        if self.nodes:
            self.view.show(self.nodes)

    @on(NodeCursorMoved)
    def moved(self, event: NodeCursorMoved) -> None:
        assert event.control is self.view
        self.heard.append(("moved", event.id, len(event.members)))

    @on(NodeOpened)
    def opened(self, event: NodeOpened) -> None:
        self.heard.append(("opened", event.id))

    def change(self, id_: str, **fields: Any) -> None:
        """Change one node and show all of them."""
        self.nodes = [replace(node, **fields) if node.id == id_ else node for node in self.nodes]
        self.view.show(self.nodes)

    def take_heard(self) -> list[tuple[Any, ...]]:
        """What was heard since the last time."""
        heard, self.heard = self.heard, []
        return heard

    def lines(self) -> list[str]:
        """What the view shows, without trailing blanks."""
        return lines_of(self.view)

    def place_of(self, text: str) -> tuple[int, int]:
        """Where a text is on the screen, from the left and from the top."""
        for y, line in enumerate(self.lines()):
            if (x := line.find(text)) >= 0:
                return x, y
        raise AssertionError(f"{text!r} is not on the screen")

    def color_of(self, x: int, y: int) -> str:
        """The colour of one cell."""
        (strip,) = self.view.render_lines(Region(x, y, 1, 1))
        style = next(iter(strip)).style
        assert style is not None
        assert style.color is not None
        return style.color.get_truecolor().hex


def lines_of(view: Canvas) -> list[str]:
    return [strip.text.rstrip() for strip in view.render_lines(view.size.region)]

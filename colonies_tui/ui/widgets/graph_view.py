"""The graph of a workflow: boxes and lines that are walked by keys, live, with siblings folded."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.graph.model import Box, GraphNode
from colonies_tui.ui.graph.scene import Scene, make_scene
from colonies_tui.ui.graph.walk import Step, next_such, reading_order, step
from colonies_tui.ui.widgets.graph_canvas import GraphCanvas
from colonies_tui.ui.widgets.node_messages import NodeCursorMoved, NodeOpened

MANY_NODES: Final = 600
"""Nodes from which on a graph is laid out beside the event loop."""


class GraphView(GraphCanvas, can_focus=True, inherit_bindings=False):
    """Shows a workflow. Cursor, folds and window stay on ids while it lives."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "process", id="graph.open"),
        Binding("up", "walk('up')", "parent", show=False, id="graph.up"),
        Binding("down", "walk('down')", "child", show=False, id="graph.down"),
        Binding("left", "walk('left')", "sibling to the left", show=False, id="graph.left"),
        Binding("right", "walk('right')", "sibling to the right", show=False, id="graph.right"),
        Binding("f", "first_failure", "first failure", id="graph.first-failure"),
        Binding("n", "next_news(False)", "next failed or running", show=False, id="graph.next"),
        Binding("N", "next_news(True)", "previous failed or running", show=False, id="graph.previous"),
        Binding("plus,equals_sign", "unfold", "unfold", id="graph.unfold"),
        Binding("minus", "fold", "fold", id="graph.fold"),
        Binding("g,home", "first", "first root", show=False, id="graph.first"),
        Binding("G,end", "last", "last leaf", show=False, id="graph.last"),
        Binding("m", "toggle_map", "map", show=False, id="graph.map"),
        Binding("ctrl+d", "scroll_pages(0, 0.5)", "half a page down", show=False, id="graph.half-page-down"),
        Binding("ctrl+u", "scroll_pages(0, -0.5)", "half a page up", show=False, id="graph.half-page-up"),
        Binding("pagedown", "scroll_pages(0, 1.0)", "page down", show=False, id="graph.page-down"),
        Binding("pageup", "scroll_pages(0, -1.0)", "page up", show=False, id="graph.page-up"),
        Binding("shift+left", "scroll_pages(-0.5, 0)", "scroll left", show=False, id="graph.scroll-left"),
        Binding("shift+right", "scroll_pages(0.5, 0)", "scroll right", show=False, id="graph.scroll-right"),
    ]

    class CursorMoved(NodeCursorMoved):
        """The cursor is on another box, or on none."""

    class Opened(NodeOpened):
        """A node was chosen; never a fold."""

    _layout_wanted: tuple[tuple[GraphNode, ...], frozenset[str]] | None = None
    """What is to be laid out beside the event loop once that is free."""
    _laying_out = False
    _goal: str | None = None
    """Where the cursor goes once the scene is there."""
    _clicked_id: str | None = None

    # -- nodes -----------------------------------------------------------------------------------------------------

    def show(self, nodes: Iterable[GraphNode]) -> None:
        """Show nodes. When only their states have changed, only their boxes are painted anew."""
        known = tuple(nodes)
        scene = self._scene
        if scene is not None and self._layout_wanted is None and not self._laying_out:
            changed = scene.with_states(known)
            if changed is not None:
                self._change(*changed)
                return
        self._lay_out(known, frozenset() if scene is None else scene.unfolded)

    @property
    def cursor_members(self) -> tuple[str, ...]:
        """Ids of the nodes that the box under the cursor stands for."""
        box = self.cursor_box
        return () if box is None else tuple(member.id for member in box.members)

    def move_to(self, id_: str | None) -> bool:
        """Put the cursor on a node, or on the fold that holds it; False when there is none such (yet)."""
        scene = self._scene
        home = None if scene is None or id_ is None else scene.home.get(id_)
        if home is None:
            self._goal = id_
            return False
        self._move(home)
        return True

    def _lay_out(self, nodes: tuple[GraphNode, ...], unfolded: frozenset[str]) -> None:
        if len(nodes) < MANY_NODES and not self._laying_out:
            self._take(make_scene(nodes, unfolded, max(self.size.width, 120), self._scene))
            return
        self._layout_wanted = (nodes, unfolded)
        if not self._laying_out:
            self._laying_out = True
            if self._scene is None:
                self.set_message("loading", f"Laying out {len(nodes)} processes")
            self.run_worker(self._lay_out_beside(), group="graph-layout")

    async def _lay_out_beside(self) -> None:
        """Lay out what is wanted in a thread, and again when something else is wanted by then."""
        try:
            while (wanted := self._layout_wanted) is not None:
                nodes, unfolded = wanted
                room = max(self.size.width, 120)
                scene = await asyncio.to_thread(make_scene, nodes, unfolded, room, self._scene)
                newest = self._newest_wanted()
                if newest is None or newest is wanted:
                    self._layout_wanted = None
                elif newest[1] == unfolded and (changed := scene.with_states(newest[0])) is not None:
                    scene, self._layout_wanted = changed[0], None
                self._take(scene)
        finally:
            self._laying_out = False

    def _newest_wanted(self) -> tuple[tuple[GraphNode, ...], frozenset[str]] | None:
        """What is to be laid out by now; it may have changed during the last layout."""
        return self._layout_wanted

    def _take(self, scene: Scene) -> None:
        """Show a new scene with the cursor where it was, as far as possible."""
        before = (self.cursor_id, self.cursor_members)
        self._adopt(scene, self._cursor_for(scene))
        if (self.cursor_id, self.cursor_members) != before:
            self._say_moved()

    def _cursor_for(self, scene: Scene) -> str | None:
        """The box for the cursor in another scene: the goal, the same box, one of its nodes, or what is nearest."""
        goal, self._goal = self._goal, None
        if goal is not None:
            if goal in scene.home:
                return scene.home[goal]
            self._goal = goal
        box = self.cursor_box
        if box is not None and self._picture is not None:
            for id_ in (box.id, *(member.id for member in box.members)):
                if id_ in scene.home:
                    return scene.home[id_]
            if scene.boxes:
                old = self._picture.layout.boxes[box.id]
                placed = scene.layout.boxes.values()
                return min(placed, key=lambda new: abs(new.middle - old.middle) + 2 * abs(new.y - old.y)).id
        return next(iter(reading_order(scene.layout)), None)

    # -- keys ------------------------------------------------------------------------------------------------------

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without boxes there is nothing to open or fold."""
        box, scene = self.cursor_box, self._scene
        if action == "open":
            return None if box is None else True
        if action == "unfold":
            return True if box is not None and box.folded else None
        if action == "fold":
            return True if box is not None and scene is not None and self._fold_of(box, scene) else None
        return True

    def action_open(self) -> None:
        """Open the node under the cursor; a fold is unfolded."""
        box = self.cursor_box
        if box is None:
            return
        if box.folded:
            self.action_unfold()
            return
        self.post_message(self.Opened(self, box.id, self.cursor_members))

    def action_walk(self, where: Step) -> None:
        """Go along an edge or along the level."""
        if self._picture is not None and self.cursor_id is not None:
            self._move(step(self._picture.layout, self.cursor_id, where))

    def action_first(self) -> None:
        """Go to the first root."""
        self._move(next(iter(self._order()), None))

    def action_last(self) -> None:
        """Go to the last leaf."""
        layout = None if self._picture is None else self._picture.layout
        self._move(next((id_ for id_ in reversed(self._order()) if layout and not layout.children[id_]), None))

    def action_first_failure(self) -> None:
        """Go to the node that failed first by itself; without one, to the first that failed with its workflow."""
        scene = self._scene
        failed = [] if scene is None else [node for node in scene.nodes if node.state is ProcessState.FAILED]
        if not failed:
            self.app.bell()
            return
        node = min(failed, key=lambda node: (node.cascaded, node.ended or node.started or float("inf")))
        self.move_to(node.id)

    def action_next_news(self, backwards: bool) -> None:
        """Go to the next box that failed or runs."""
        if self._picture is not None:
            boxes = self._picture.boxes
            self._move(next_such(self._order(), self.cursor_id, lambda id_: _is_news(boxes[id_]), backwards=backwards))

    def action_unfold(self) -> None:
        """Show the nodes of the fold under the cursor one by one."""
        box, scene = self.cursor_box, self._scene
        if box is not None and box.folded and scene is not None:
            self._goal = box.members[0].id
            self._lay_out(scene.nodes, scene.unfolded | {box.id})

    def action_fold(self) -> None:
        """Fold the nodes around the cursor again."""
        box, scene = self.cursor_box, self._scene
        if box is not None and scene is not None and (fold := self._fold_of(box, scene)):
            self._goal = box.members[0].id
            self._lay_out(scene.nodes, scene.unfolded - {fold})

    def action_toggle_map(self) -> None:
        """Show the map, or do not."""
        self._map_wanted = not self._map_wanted
        self.repaint()

    def action_scroll_pages(self, across: float, along: float) -> None:
        """Scroll by parts of the screen; the cursor stays on its box."""
        self._scroll_window(int(across * self.size.width), int(along * self.size.height))

    def _order(self) -> list[str]:
        return [] if self._picture is None else reading_order(self._picture.layout)

    def _fold_of(self, box: Box, scene: Scene) -> str | None:
        fold = scene.folds.get(box.members[0].id)
        return fold if fold in scene.unfolded else None

    def _move(self, id_: str | None) -> None:
        """Put the cursor on a box and show it; None stays where it is."""
        if id_ is None or self._picture is None:
            return
        if id_ != self.cursor_id:
            self._set_cursor(id_)
            self._clicked_id = None
            self._say_moved()
        self._show_cursor()

    def _say_moved(self) -> None:
        self.post_message(self.CursorMoved(self, self.cursor_id, self.cursor_members))
        if self.is_attached:
            self.refresh_bindings()

    # -- focus and mouse -------------------------------------------------------------------------------------------

    def on_focus(self) -> None:
        """Paint the cursor in full."""
        self._set_focused(True)

    def on_blur(self) -> None:
        """Paint the cursor dimmer."""
        self._set_focused(False)

    def on_click(self, event: events.Click) -> None:
        """A click selects a box, a second one opens it; on the map it shows what is there."""
        event.stop()
        picture, found = self._picture, self._ready_map()
        if picture is None:
            return
        if found is not None and event.y in (rows := self._map_rows()):
            frame = found[0]
            column = event.x - (self.size.width - 1 - frame.columns)
            if 0 <= column < frame.columns:
                x, y = frame.place(column, event.y - rows.start)
                self._put_window(x - self.size.width // 2, y - self.size.height // 2)
                return
        id_ = picture.layout.box_at(event.x + self._left, event.y + self._top)
        if id_ is None:
            return
        if id_ == self._clicked_id and id_ == self.cursor_id:
            self.action_open()
            return
        self._move(id_)
        self._clicked_id = id_


def _is_news(box: Box) -> bool:
    return box.alive or any(member.failed_itself for member in box.members)

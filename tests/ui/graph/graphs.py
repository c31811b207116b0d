"""Graphs for tests, and a reader that follows painted lines from box to box by nothing but their characters."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.graph.critical_path import critical_path
from colonies_tui.ui.graph.layout import Layout
from colonies_tui.ui.graph.linework import DOWN, LEFT, RIGHT, UNICODE_LINES, UP
from colonies_tui.ui.graph.model import GraphNode
from colonies_tui.ui.graph.paint import Picture
from colonies_tui.ui.graph.scene import Scene, make_scene
from colonies_tui.ui.graph.strokes import strokes_along, strokes_around

NOW = 1_000.0

_MOVES = {UP: (0, -1), DOWN: (0, 1), LEFT: (-1, 0), RIGHT: (1, 0)}
_BACK = {UP: DOWN, DOWN: UP, LEFT: RIGHT, RIGHT: LEFT}
_ARMS = {text: arms for arms, row in enumerate(UNICODE_LINES.joints) for text in row if text != " "}
_TOP_PORTS, _BOTTOM_PORTS = "┴┸╧", "┬┰╤"


def graph(edges: str, nodes: str = "") -> list[GraphNode]:
    """Make nodes from `a>b a>c`; `nodes` fixes their order or adds ones without edges."""
    pairs = [edge.split(">") for edge in edges.split()]
    names = dict.fromkeys([*nodes.split(), *(name for pair in pairs for name in pair)])
    return [GraphNode(name, name, tuple(a for a, b in pairs if b == name)) for name in names]


def random_graph(count: int, seed: int, parents: int = 3, spread: int = 3) -> list[GraphNode]:
    """Make a random acyclic graph: a few roots and parts, edges over one level or several."""
    rnd = random.Random(seed)
    depth = max(2, int(count**0.5))
    level = sorted(rnd.randrange(depth) for _ in range(count))
    reach = max(2, spread * count // depth)
    nodes = []
    for number in range(count):
        above = [other for other in range(max(0, number - reach), number) if level[other] < level[number]]
        chosen = (
            {rnd.choice(above) for _ in range(rnd.randint(0 if rnd.random() < 0.1 else 1, parents))} if above else ()
        )
        state = rnd.choice(list(ProcessState))
        started = None if state is ProcessState.WAITING else 10.0 * level[number]
        ended = None if started is None or state is ProcessState.RUNNING else started + rnd.random() * 20
        names = tuple(f"n{other}" for other in sorted(chosen))
        nodes.append(
            GraphNode(f"n{number}", f"task_{chr(97 + number % 26)}x{number}y", names, state, 0.0, started, ended)
        )
    order = list(range(count))
    rnd.shuffle(order)
    return [nodes[number] for number in order]


def picture_of(
    scene: Scene | Sequence[GraphNode], cursor: str | None = None, *, path: bool = True, now: float = NOW
) -> Picture:
    """Paint a scene, with its critical path."""
    if not isinstance(scene, Scene):
        scene = make_scene(scene)
    picture = Picture(scene.layout, scene.boxes, now, cursor=cursor)
    if cursor is not None:
        picture.lit = strokes_around(scene.layout, cursor)
    if path:
        durations = {id_: box.longest(now) for id_, box in scene.boxes.items()}
        picture.heavy = strokes_along(scene.layout, critical_path(durations, scene.layout.parents))
    return picture


def grid_of(picture: Picture) -> list[list[str]]:
    """Paint the whole picture, one string per cell."""
    layout = picture.layout
    rows = []
    for y in range(layout.height):
        row = "".join(run.text for run in picture.row(y, 0, layout.width))
        assert len(row) == layout.width
        rows.append(list(row))
    return rows


class Reader:
    """Follows lines on a painted grid: through corners and joints, straight on under what crosses."""

    def __init__(self, layout: Layout, grid: list[list[str]]) -> None:
        self.grid = grid
        self.layout = layout
        self._top_of: dict[tuple[int, int], str] = {}
        self._bottom_of: dict[tuple[int, int], str] = {}
        for id_, box in layout.boxes.items():
            for x in range(box.x, box.x + box.width):
                self._top_of[x, box.y] = id_
                self._bottom_of[x, box.y + box.height - 1] = id_

    def children(self, id_: str) -> set[str]:
        """The boxes that lines from the bottom of a box come into at their tops."""
        box = self.layout.boxes[id_]
        y = box.y + box.height - 1
        ports = [x for x in range(box.x, box.x + box.width) if self.grid[y][x] in _BOTTOM_PORTS]
        return self._follow([(x, y, DOWN) for x in ports])[0]

    def parents(self, id_: str) -> set[str]:
        """The boxes that lines from the top of a box come into at their bottoms."""
        box = self.layout.boxes[id_]
        ports = [x for x in range(box.x, box.x + box.width) if self.grid[box.y][x] in _TOP_PORTS]
        return self._follow([(x, box.y, UP) for x in ports])[1]

    def _follow(self, starts: Iterable[tuple[int, int, int]]) -> tuple[set[str], set[str]]:
        """Walk from ports, as one reads: who goes down never turns up, and the other way round.

        Returns:
            Boxes whose tops were met, and boxes whose bottoms were met.
        """
        tops: set[str] = set()
        bottoms: set[str] = set()
        todo = list(starts)
        seen = set(todo)
        never = {UP: DOWN, DOWN: UP}[todo[0][2]] if todo else 0
        while todo:
            x, y, direction = todo.pop()
            dx, dy = _MOVES[direction]
            x, y = x + dx, y + dy
            text = self.grid[y][x]
            if direction == DOWN and (x, y) in self._top_of:
                assert text in _TOP_PORTS, (x, y, text)
                tops.add(self._top_of[x, y])
                continue
            if direction == UP and (x, y) in self._bottom_of:
                assert text in _BOTTOM_PORTS, (x, y, text)
                bottoms.add(self._bottom_of[x, y])
                continue
            arms = _ARMS.get(text, 0)
            ahead = (
                [arm for arm in _MOVES if arms & arm and arm not in (never, _BACK[direction])]
                if arms & _BACK[direction]
                else [direction]
            )
            if not arms & _BACK[direction]:
                across = (LEFT | RIGHT) if direction in (UP, DOWN) else (UP | DOWN)
                assert arms == across, f"a line ends at {x}, {y}: {text!r}"
            for arm in ahead:
                if (x, y, arm) not in seen:
                    seen.add((x, y, arm))
                    todo.append((x, y, arm))
        return tops, bottoms

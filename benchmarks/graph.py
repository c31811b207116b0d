"""The workflow graph: folding, layout and the painting of a screen, against a plain longest-path pass over the graph.

With networkx installed its `multipartite_layout`, which only spreads nodes over levels and routes nothing, is another
floor. Run with ``python -m benchmarks.graph``. Targets are CPU seconds on two small cores; ratios tell more.
"""

from __future__ import annotations

import importlib
import importlib.util
import random
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.graph.critical_path import critical_path
from colonies_tui.ui.graph.model import GraphNode
from colonies_tui.ui.graph.order import crossings
from colonies_tui.ui.graph.paint import Picture
from colonies_tui.ui.graph.scene import Scene, make_scene
from colonies_tui.ui.graph.strokes import strokes_along, strokes_around

WIDTH, HEIGHT = 200, 60
NOW = 10_000.0
TARGETS = {200: 0.100, 1_000: 1.0, 5_000: 3.0}
"""CPU seconds for a graph to be laid out and its first screen painted."""
STEP_TARGET = 0.030
"""CPU seconds for a cursor that moves among 1,000 nodes to be lit and painted."""


def workflow(count: int) -> list[GraphNode]:
    """A random workflow of one to three parents per node, most of them one level up; the same in every run."""
    rnd = random.Random(count)
    depth = max(2, int(count**0.5 * 0.8))
    level = sorted(rnd.randrange(depth) for _ in range(count))
    nodes = []
    for number in range(count):
        reach = 2 * count // depth
        above = [other for other in range(max(0, number - reach), number) if level[other] < level[number]]
        parents = tuple({f"n{other}" for other in rnd.choices(above, k=rnd.randint(1, 3))}) if above else ()
        state = ProcessState.SUCCESS if number < count // 2 else ProcessState.WAITING
        times = (
            (100.0 * level[number], 100.0 * level[number] + rnd.random() * 90) if number < count // 2 else (None, None)
        )
        nodes.append(GraphNode(f"n{number}", f"task {number} of it", parents, state, 0.0, *times))
    return nodes


def paint(scene: Scene) -> Picture:
    """Paint the first screen, with a cursor and a critical path."""
    picture = Picture(scene.layout, scene.boxes, NOW, cursor=next(iter(scene.boxes)))
    durations = {id_: box.longest(NOW) for id_, box in scene.boxes.items()}
    picture.heavy = strokes_along(scene.layout, critical_path(durations, scene.layout.parents))
    picture.lit = strokes_around(scene.layout, next(iter(scene.boxes)))
    screen(picture)
    return picture


def screen(picture: Picture, top: int = 0) -> None:
    """Paint one screen."""
    left = max(0, (picture.layout.width - WIDTH) // 2)
    for y in range(top, top + HEIGHT):
        picture.row(y, left, WIDTH)


def longest_path(nodes: list[GraphNode]) -> dict[str, int]:
    """The floor: the level of every node, and nothing else."""
    level: dict[str, int] = {}
    for node in nodes:  # parents come first here
        level[node.id] = max((level[parent] + 1 for parent in node.parents), default=0)
    return level


def best_of(act: Callable[[], object], times: int = 3) -> float:
    """CPU seconds of the fastest of some runs."""
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        act()
        best = min(best, time.process_time() - began)
    return best


def multipartite(nodes: list[GraphNode]) -> Callable[[], object] | None:
    """The layout of networkx, where that is installed."""
    if importlib.util.find_spec("networkx") is None:
        return None
    networkx = importlib.import_module("networkx")
    graph = networkx.DiGraph()
    for id_, level in longest_path(nodes).items():
        graph.add_node(id_, subset=level)
    graph.add_edges_from((parent, node.id) for node in nodes for parent in node.parents)

    def lay_out() -> object:
        return networkx.multipartite_layout(graph)

    return lay_out


def main() -> int:
    """Measure and print; 1 when a target was missed."""
    missed = False
    for count, target in TARGETS.items():
        nodes = workflow(count)
        floor = best_of(partial(longest_path, nodes), 20)
        laid_out = best_of(partial(make_scene, nodes))
        scene = make_scene(nodes)
        painted = best_of(partial(paint, scene))
        layered, layout = scene.layout.layered, scene.layout
        order: list[list[int]] = []
        for level in layout.levels:
            items = [(box.middle, box.item) for box in level.boxes] + level.passing
            order.append([item for _, item in sorted(items)])
        total = laid_out + painted
        missed |= total > target
        lines = [
            f"{count:>5} nodes  {1000 * total:7.1f} ms (target {1000 * target:.0f})",
            f"layout {1000 * laid_out:.1f}, first screen {1000 * painted:.1f}",
            f"{total / floor:.0f}× a longest-path pass",
        ]
        other = multipartite(nodes)
        if other is not None:
            lines.append(f"{total / best_of(other):.1f}× networkx multipartite")
        lines.append(f"{layout.width}×{layout.height} cells, {crossings(order, layered.down)} crossings")
        print("   ".join(lines), flush=True)
    nodes = workflow(1_000)
    scene = make_scene(nodes)
    picture = paint(scene)
    ids = list(scene.boxes)

    def walk() -> None:
        for id_ in ids[:20]:
            picture.cursor = id_
            picture.lit = strokes_around(scene.layout, id_)
            picture.forget()
            screen(picture, max(0, scene.layout.boxes[id_].y - HEIGHT // 2))

    def change() -> None:
        for number in range(20):
            later = list(nodes)
            later[number] = replace(nodes[number], executor="other")
            scene.with_states(later)

    step, states = best_of(walk) / 20, best_of(change) / 20
    missed |= step > STEP_TARGET
    print(f"a step of the cursor among 1 000 nodes {1000 * step:.1f} ms (target {1000 * STEP_TARGET:.0f})")
    print(f"a new state among 1 000 nodes {1000 * states:.1f} ms, without painting")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

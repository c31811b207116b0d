"""The workflow graph: folding, layout and the painting of a screen, against plain passes over the same graph.

networkx's `multipartite_layout` only spreads nodes over levels and routes nothing.
"""

from __future__ import annotations

import importlib
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from benchmarks.results import Result, alone, compared
from benchmarks.scale import Scale
from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.graph.critical_path import critical_path
from colonies_tui.ui.graph.model import GraphNode
from colonies_tui.ui.graph.paint import Picture
from colonies_tui.ui.graph.scene import Scene, make_scene
from colonies_tui.ui.graph.strokes import strokes_along, strokes_around

WIDTH, HEIGHT = 200, 60
NOW = 10_000.0
TARGETS = {200: 0.100, 1_000: 0.6, 5_000: 3.0}
"""CPU seconds for a graph to be laid out and its first screen painted."""
STEP_TARGET = 0.030
"""CPU seconds for a cursor that moves among 1,000 nodes to be lit and painted."""


def results(scale: Scale) -> Iterator[Result]:
    """Measure."""
    for count in scale.nodes:
        nodes = workflow(count)
        ours = partial(cpu_seconds, partial(_lay_out_and_paint, nodes))
        yield alone(
            f"graph of {count:,} nodes, laid out and painted",
            [ours() for _ in range(scale.runs)],
            unit="s CPU",
            target=TARGETS.get(count),
        )
        for floor, floor_is in (
            (partial(longest_path, nodes), "a longest-path pass over it"),
            (multipartite(nodes), "networkx multipartite_layout"),
        ):
            if floor is not None:
                yield compared(
                    f"… {count:,} nodes",
                    ours,
                    partial(cpu_seconds, floor),
                    runs=scale.runs,
                    unit="s CPU",
                    target=None,
                    floor_is=floor_is,
                )
    nodes = workflow(scale.nodes[-2:][0])
    scene = make_scene(nodes)
    picture, ids = paint(scene), list(scene.boxes)[:20]

    def walk() -> None:
        for id_ in ids:
            picture.cursor = id_
            picture.lit = strokes_around(scene.layout, id_)
            picture.forget()
            screen(picture, max(0, scene.layout.boxes[id_].y - HEIGHT // 2))

    def change() -> None:
        for number in range(len(ids)):
            later = list(nodes)
            later[number] = replace(nodes[number], executor="other")
            scene.with_states(later)

    for what, act, target in (("a step of the cursor", walk, STEP_TARGET), ("a new state, not painted", change, None)):
        values = [cpu_seconds(act) / len(ids) for _ in range(scale.runs)]
        yield alone(f"… {what}, {len(nodes):,} nodes", values, unit="s CPU", target=target)


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


def _lay_out_and_paint(nodes: list[GraphNode]) -> None:
    paint(make_scene(nodes))


def cpu_seconds(act: Callable[[], object]) -> float:
    """Return the processor seconds that something takes."""
    began = time.process_time()
    act()
    return time.process_time() - began


def multipartite(nodes: list[GraphNode]) -> Callable[[], object] | None:
    """Return the layout of networkx; ``None``, and a word, where that is not installed."""
    try:
        networkx = importlib.import_module("networkx")
    except ImportError:
        print("  networkx is not installed: pip install --group bench", file=sys.stderr)
        return None
    graph = networkx.DiGraph()
    for id_, level in longest_path(nodes).items():
        graph.add_node(id_, subset=level)
    graph.add_edges_from((parent, node.id) for node in nodes for parent in node.parents)

    def lay_out() -> object:
        return networkx.multipartite_layout(graph)

    return lay_out

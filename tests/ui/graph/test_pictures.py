"""Whole pictures, as a person would see them."""

from __future__ import annotations

import pytest

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.format.glyphs import ASCII
from colonies_tui.ui.graph.layout import BoxSize, lay_out
from colonies_tui.ui.graph.model import Box, GraphNode
from colonies_tui.ui.graph.paint import Picture, text_of
from colonies_tui.ui.graph.scene import make_scene
from tests.ui.graph.graphs import NOW, graph, picture_of

PICTURES = {
    # A diamond.
    "a>b a>c b>d c>d": """
       ╭╌╌╌╌╌╌╌╮
       ╎ ◌ a   ╎
       ╰╌╌╌┬╌╌╌╯
     ╭─────┴─────╮
 ╭╌╌╌┴╌╌╌╮   ╭╌╌╌┴╌╌╌╮
 ╎ ◌ b   ╎   ╎ ◌ c   ╎
 ╰╌╌╌┬╌╌╌╯   ╰╌╌╌┬╌╌╌╯
     ╰─────┬─────╯
       ╭╌╌╌┴╌╌╌╮
       ╎ ◌ d   ╎
       ╰╌╌╌╌╌╌╌╯
""",
    # Fan-in: a joint of four arms belongs to one bundle.
    "b>a c>a d>a": """
 ╭╌╌╌╌╌╌╌╮   ╭╌╌╌╌╌╌╌╮   ╭╌╌╌╌╌╌╌╮
 ╎ ◌ b   ╎   ╎ ◌ c   ╎   ╎ ◌ d   ╎
 ╰╌╌╌┬╌╌╌╯   ╰╌╌╌┬╌╌╌╯   ╰╌╌╌┬╌╌╌╯
     ╰───────────┼───────────╯
             ╭╌╌╌┴╌╌╌╮
             ╎ ◌ a   ╎
             ╰╌╌╌╌╌╌╌╯
""",
    # Every parent with every child: one line tells all.
    "a>c a>d b>c b>d": """
 ╭╌╌╌╌╌╌╌╮   ╭╌╌╌╌╌╌╌╮
 ╎ ◌ a   ╎   ╎ ◌ b   ╎
 ╰╌╌╌┬╌╌╌╯   ╰╌╌╌┬╌╌╌╯
     ├───────────┤
 ╭╌╌╌┴╌╌╌╮   ╭╌╌╌┴╌╌╌╮
 ╎ ◌ c   ╎   ╎ ◌ d   ╎
 ╰╌╌╌╌╌╌╌╯   ╰╌╌╌╌╌╌╌╯
""",
    # Not every parent with every child: lines of their own, which never touch.
    "r>x s>x s>y t>y": """
 ╭╌╌╌╌╌╌╌╮   ╭╌╌╌╌╌╌╌╮   ╭╌╌╌╌╌╌╌╮
 ╎ ◌ r   ╎   ╎ ◌ s   ╎   ╎ ◌ t   ╎
 ╰╌╌╌┬╌╌╌╯   ╰╌╌╌┬╌╌╌╯   ╰╌╌╌┬╌╌╌╯
     ╰───╮   ╭───┴───╮   ╭───╯
       ╭╌┴╌╌╌┴╌╮   ╭╌┴╌╌╌┴╌╮
       ╎ ◌ x   ╎   ╎ ◌ y   ╎
       ╰╌╌╌╌╌╌╌╯   ╰╌╌╌╌╌╌╌╯
""",
    # Crossings that cannot be avoided: the level line goes on below the upright one.
    "a>d a>e b>d b>f c>e c>f": """
 ╭╌╌╌╌╌╌╌╮   ╭╌╌╌╌╌╌╌╮   ╭╌╌╌╌╌╌╌╮
 ╎ ◌ a   ╎   ╎ ◌ b   ╎   ╎ ◌ c   ╎
 ╰╌╌╌┬╌╌╌╯   ╰╌╌╌┬╌╌╌╯   ╰╌╌╌┬╌╌╌╯
     ├─────────╮ │ ╭─────────┤
     │ ╭───────│─┴─│───────╮ │
 ╭╌╌╌┴╌┴╌╮   ╭╌┴╌╌╌┴╌╮   ╭╌┴╌┴╌╌╌╮
 ╎ ◌ d   ╎   ╎ ◌ e   ╎   ╎ ◌ f   ╎
 ╰╌╌╌╌╌╌╌╯   ╰╌╌╌╌╌╌╌╯   ╰╌╌╌╌╌╌╌╯
""",
    # A long edge keeps clear of the boxes it passes.
    "a>b b>c c>d a>d": """
      ╭╌╌╌╌╌╌╌╮
      ╎ ◌ a   ╎
      ╰╌╌╌╌╌┬╌╯
     ╭──────┤
 ╭╌╌╌┴╌╌╌╮  │
 ╎ ◌ b   ╎  │
 ╰╌╌╌┬╌╌╌╯  │
     │      │
 ╭╌╌╌┴╌╌╌╮  │
 ╎ ◌ c   ╎  │
 ╰╌╌╌┬╌╌╌╯  │
     ╰──────┤
      ╭╌╌╌╌╌┴╌╮
      ╎ ◌ d   ╎
      ╰╌╌╌╌╌╌╌╯
""",
    # Parts that do not hang together.
    "a>b c>d c>e": """
 ╭╌╌╌╌╌╌╌╮           ╭╌╌╌╌╌╌╌╮
 ╎ ◌ a   ╎           ╎ ◌ c   ╎
 ╰╌╌╌┬╌╌╌╯           ╰╌╌╌┬╌╌╌╯
     │             ╭─────┴─────╮
 ╭╌╌╌┴╌╌╌╮     ╭╌╌╌┴╌╌╌╮   ╭╌╌╌┴╌╌╌╮
 ╎ ◌ b   ╎     ╎ ◌ d   ╎   ╎ ◌ e   ╎
 ╰╌╌╌╌╌╌╌╯     ╰╌╌╌╌╌╌╌╯   ╰╌╌╌╌╌╌╌╯
""",
}


@pytest.mark.parametrize("edges", PICTURES)
def test_small_pictures(edges: str) -> None:
    nodes = graph(edges)
    layout = lay_out({node.id: BoxSize(node.parents, 9) for node in nodes}, 3)
    picture = Picture(layout, {node.id: Box(node.id, node.label, (node,), node.parents) for node in nodes}, NOW)
    assert f"\n{text_of(picture)}\n" == PICTURES[edges]


def nightly_index() -> list[GraphNode]:
    """A workflow with a fan-out, a failure, something that runs, and something that cannot run."""
    parsed = [f"parse/{number}" for number in range(28)]
    return [
        GraphNode("list", "list", (), ProcessState.SUCCESS, 0, 1, 1.8, "worker-01"),
        *(
            GraphNode(id_, id_, ("list",), ProcessState.SUCCESS, 0, 2, 3 + number, "worker-01")
            for number, id_ in enumerate(parsed)
        ),
        GraphNode(
            "bad", "parse/badgrammar", ("list",), ProcessState.FAILED, 0, 2, 2.3, "worker-02", "SyntaxError: line 3"
        ),
        GraphNode("hash", "hash", ("list",), ProcessState.RUNNING, 0, NOW - 41, executor="worker-03"),
        GraphNode(
            "merge",
            "merge",
            (*parsed, "bad", "hash"),
            waits_for="waits for hash; cannot run: parse/badgrammar failed",
        ),
    ]


def test_a_workflow_under_way() -> None:
    picture = picture_of(make_scene(nightly_index()), "bad")
    assert (
        f"\n{text_of(picture)}\n"
        == """
                               ╭─────────────────╮
                               │ ✔ list     0.8s │
                               │   worker-01     │
                               ╰────────┰────────╯
            ╭───────────────────────────╄━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
 ╭──────────┴──────────╮   ╔════════════╧══════════════╗   ╭────────┸────────╮
 │ ✔ parse ×28     28s │   ║ ✖ parse/badgrammar   0.2s ║   │ ▶ hash      41s │
 │   28 ✔  0 ✖         │   ║   SyntaxError: line 3     ║   │   worker-03     │
 ╰──────────┬──────────╯   ╚════════════╤══════════════╝   ╰────────┬────────╯
            ╰───────────────────────────┼───────────────────────────╯
                               ╭╌╌╌╌╌╌╌╌┴╌╌╌╌╌╌╌╌╮
                               ╎ ◌ merge         ╎
                               ╎   not yet run   ╎ waits for hash; cannot run: parse/badgrammar failed
                               ╰╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╯
"""
    )


def test_a_fan_out_of_forty_with_a_failure() -> None:
    done = ProcessState.SUCCESS
    nodes = [GraphNode("src", "fetch", (), done, 0, 1, 9, "worker-1")]
    nodes += [GraphNode(f"t{n}", f"tile-{n}", ("src",), done, 9, 12, 40, "worker-2") for n in range(40)]
    nodes[14] = GraphNode("t13", "tile-13", ("src",), ProcessState.FAILED, 9, 12, 61, "worker-3", "exit 137")
    nodes.append(GraphNode("mosaic", "mosaic", tuple(f"t{n}" for n in range(40)), waits_for="cannot run"))
    picture = picture_of(make_scene(nodes))
    assert (
        f"\n{text_of(picture)}\n"
        == """
              ╭─────────────────╮
              │ ✔ fetch      8s │
              │   worker-1      │
              ╰────────┰────────╯
           ╭───────────┺━━━━━━━━━━━┓
 ╭─────────┴─────────╮   ╭─────────┸─────────╮
 │ ✔ tile ×39    28s │   │ ✖ tile-13     49s │
 │   39 ✔  0 ✖       │   │   exit 137        │
 ╰─────────┬─────────╯   ╰─────────┬─────────╯
           ╰───────────┬───────────╯
              ╭╌╌╌╌╌╌╌╌┴╌╌╌╌╌╌╌╌╮
              ╎ ◌ mosaic        ╎
              ╎   cannot run    ╎
              ╰╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╯
"""
    )


def test_only_seven_bit_characters() -> None:
    picture = picture_of(make_scene(nightly_index()), "hash")
    picture.alphabet = ASCII
    assert text_of(picture).isascii()
    assert text_of(picture).splitlines()[5:8] == [
        " +----------+----------+   +------------+--------------+   #========#========#",
        " | + parse x28     28s |   | x parse/badgrammar   0.2s |   # > hash      41s #",
        " |   28 +  0 x         |   |   SyntaxError: line 3     |   #   running       #",
    ]

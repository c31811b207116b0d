"""The timeline: rows, cursor, zoom."""

from __future__ import annotations

from dataclasses import replace

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.format.glyphs import ASCII
from colonies_tui.ui.graph.model import GraphNode
from colonies_tui.ui.palettes import DARK
from tests.ui.graph.graph_app import NOW, GraphApp

SIZE = (80, 12)
DONE, RUNS, FAILED = ProcessState.SUCCESS, ProcessState.RUNNING, ProcessState.FAILED
T = NOW - 100

NODES = [
    GraphNode("d", "join", ("b", "c"), submitted=T),
    GraphNode("a", "prepare", (), DONE, T, T + 2, T + 12, "w1"),
    GraphNode("b", "left", ("a",), DONE, T, T + 15, T + 40, "w1"),
    GraphNode("c", "right", ("a",), RUNS, T, T + 20, None, "w2"),
]


async def test_processes_by_start_on_one_axis() -> None:
    app = GraphApp(NODES, timeline=True)
    async with app.run_test(size=SIZE):
        lines = app.lines()
        assert app.timeline.ids == ("a", "b", "c", "d")
        assert [line[4:11].strip() for line in lines[1:5]] == ["prepare", "left", "right", "join"]
        axis = lines[0]
        assert axis.index("30s") < axis.index("1m00") < axis.index("1m30")
        assert "10s" in lines[1]
        assert "1m20" in lines[3]
        assert lines[1].index("━") < lines[2].index("━") < lines[3].index("━")
        x, y = app.place_of("▶ right")
        assert app.color_of(lines[3].index("━"), 3) == DARK.blue
        assert app.color_of(lines[2].index("━"), 2) == DARK.text_dim
        assert (x, y) == (2, 3)


async def test_what_runs_grows_and_the_axis_rests() -> None:
    app = GraphApp(NODES, timeline=True)
    async with app.run_test(size=SIZE):
        app.timeline.tick(NOW + 5)
        axis, before = app.lines()[0], app.lines()[3].count("━")
        app.timeline.tick(NOW + 15)
        assert app.lines()[0] == axis
        assert app.lines()[3].count("━") > before


async def test_keys_and_messages() -> None:
    app = GraphApp(NODES, timeline=True)
    async with app.run_test(size=SIZE) as pilot:
        assert app.take_heard() == [("moved", "a", 1)]
        await pilot.press("down", "j", "k", "G", "g", "n", "enter")
        ids = [event[1] for event in app.take_heard()]
        assert ids == ["b", "c", "b", "d", "a", "c", "c"]
        await pilot.press("f")
        assert app.timeline.cursor_id == "c"
        app.change("b", state=FAILED)
        await pilot.press("f")
        assert app.timeline.cursor_id == "b"


async def test_the_cursor_stays_on_its_process() -> None:
    app = GraphApp(NODES, timeline=True)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("G")
        app.change("d", state=RUNS, started=T + 1)
        assert app.timeline.ids == ("d", "a", "b", "c")
        assert app.timeline.cursor_id == "d"
        app.view.show(NODES[1:])
        assert app.timeline.cursor_id == "a"
        assert not app.timeline.move_to("z")
        app.view.show([*NODES, GraphNode("z", "late", ())])
        assert app.timeline.cursor_id == "z"


async def test_zoom_and_pan() -> None:
    app = GraphApp(NODES, timeline=True)
    async with app.run_test(size=SIZE) as pilot:
        whole = app.lines()
        await pilot.press("plus", "plus")
        assert app.timeline.zoom == 4
        near = app.lines()
        assert near[1].count("━") > 3 * whole[1].count("━")
        await pilot.press("right", "right", "right")
        assert app.lines()[0] != near[0]
        await pilot.press(*["left"] * 9)
        assert app.lines()[0].split()[2] == "0"
        await pilot.press("minus", "minus", "minus")
        assert app.timeline.zoom == 1
        assert app.lines() == whole
        await pilot.press(*["plus"] * 30)
        assert app.timeline.zoom < 100


async def test_clicks_select_and_open() -> None:
    app = GraphApp(NODES, timeline=True)
    async with app.run_test(size=SIZE) as pilot:
        app.take_heard()
        await pilot.click(offset=(30, 3))
        assert app.take_heard() == [("moved", "c", 1)]
        await pilot.click(offset=(30, 3))
        assert app.take_heard() == [("opened", "c")]


async def test_only_what_is_on_the_screen_is_painted() -> None:
    nodes = [GraphNode(f"n{n}", f"node {n}", (), DONE, T, T + n / 100, T + 50) for n in range(2_000)]
    app = GraphApp(nodes, timeline=True)
    async with app.run_test(size=SIZE) as pilot:
        app.lines()
        app.painted.clear()
        await pilot.press("down")
        app.lines()
        assert sorted(set(app.painted)) == [1, 2]
        await pilot.press("G")
        app.lines()
        assert "node 1999" in app.lines()[-1]
        assert len(app.painted) < 100


async def test_without_processes_and_in_ascii() -> None:
    app = GraphApp(timeline=True, alphabet=ASCII)
    async with app.run_test(size=SIZE) as pilot:
        assert any("Loading" in line for line in app.lines())
        await pilot.press("down", "enter", "plus", "left", "f", "n")
        app.view.show([])
        assert any("no processes" in line for line in app.lines())
        app.view.show([replace(node, label="x" * 60) for node in NODES])
        assert all(line.isascii() for line in app.lines())
        assert all(len(line) <= 80 for line in app.lines())

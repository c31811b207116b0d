"""The graph view: keys, mouse, folds, and that what lives on does not move."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual import events

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.format.glyphs import ASCII
from colonies_tui.ui.graph.model import GraphNode
from colonies_tui.ui.palettes import DARK, LIGHT
from colonies_tui.ui.themes import COLONIES_LIGHT
from colonies_tui.ui.widgets.graph_view import MANY_NODES
from tests.ui.graph.graph_app import NOW, GraphApp
from tests.ui.graph.graphs import graph, random_graph
from tests.ui.graph.test_fold import fan

SIZE = (80, 24)
DIAMOND = graph("a>b a>c b>d c>d")
DONE, RUNS, FAILED = ProcessState.SUCCESS, ProcessState.RUNNING, ProcessState.FAILED


async def test_it_says_so_before_there_is_anything() -> None:
    app = GraphApp()
    async with app.run_test(size=SIZE):
        assert any("Loading the workflow" in line for line in app.lines())
        app.graph.set_message("forbidden", "Only members see workflows", "Ask for a key.")
        assert any("Only members see workflows" in line for line in app.lines())
        app.graph.show([])
        assert any("no processes" in line for line in app.lines())
        assert app.graph.cursor_id is None
        app.graph.show(DIAMOND)
        assert app.graph.cursor_id == "a"


async def test_arrows_walk_along_edges_and_levels() -> None:
    app = GraphApp(DIAMOND)
    async with app.run_test(size=SIZE) as pilot:
        assert app.take_heard() == [("moved", "a", 1)]
        await pilot.press("down", "right", "right", "down", "down", "up", "left", "up", "up")
        moves = [event[1] for event in app.take_heard()]
        assert moves[:3] == ["b", "c", "d"]
        assert moves[3] in ("b", "c")
        assert moves[-1] == "a"


async def test_enter_opens_the_process() -> None:
    app = GraphApp(DIAMOND)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down", "enter")
        assert app.take_heard()[-1] == ("opened", "b")


async def test_parents_and_children_of_the_cursor_are_lit() -> None:
    app = GraphApp([replace(node, state=DONE, started=1, ended=2) for node in DIAMOND])
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down")
        for text, lit in (("✔ a", True), ("✔ d", True), ("✔ c", False)):
            x, y = app.place_of(text)
            assert (app.color_of(x - 2, y) == DARK.text) is lit
        x, y = app.place_of("✔ b")
        assert app.lines()[y][x - 2] == "║"
        assert app.color_of(x - 2, y) == DARK.accent
        assert app.color_of(x, y) == DARK.green


async def test_without_focus_the_cursor_is_quiet() -> None:
    app = GraphApp(DIAMOND)
    async with app.run_test(size=SIZE) as pilot:
        x, y = app.place_of("═")
        assert app.color_of(x, y) == DARK.accent
        app.set_focus(None)
        await pilot.pause()
        assert app.color_of(x, y) == DARK.text_dim


async def test_a_change_of_states_paints_only_the_boxes_it_touches() -> None:
    app = GraphApp(DIAMOND)
    async with app.run_test(size=SIZE) as pilot:
        app.lines()
        layout = app.graph.scene and app.graph.scene.layout
        _, y = app.place_of("◌ b")
        app.painted.clear()
        app.change("b", executor="worker-7")
        app.lines()
        assert app.graph.scene is not None
        assert app.graph.scene.layout is layout
        assert sorted(set(app.painted)) == list(range(y - 1, y + 3))
        assert "worker-7" in app.lines()[y + 1]
        await pilot.pause()
        app.painted.clear()
        app.view.show(list(app.nodes))
        app.lines()
        assert app.painted == []


async def test_the_duration_of_what_runs_grows() -> None:
    app = GraphApp([replace(DIAMOND[0], state=RUNS, started=NOW - 41), *DIAMOND[1:]])
    async with app.run_test(size=SIZE):
        assert any("▶ a" in line and "41s" in line for line in app.lines())
        app.painted.clear()
        app.graph.tick(NOW + 5)
        assert any("▶ a" in line and "46s" in line for line in app.lines())
        assert len(set(app.painted)) == 4


async def test_the_critical_path_is_heavy() -> None:
    nodes = [replace(node, state=DONE, started=0, ended=9 if node.id == "c" else 1) for node in DIAMOND]
    app = GraphApp(nodes)
    async with app.run_test(size=SIZE):
        assert app.graph.critical_ids == ("a", "c", "d")
        assert sum("━" in line for line in app.lines()) == 2
        app.change("b", ended=20)
        assert app.graph.critical_ids == ("a", "b", "d")


async def test_first_failure_is_the_one_that_failed_by_itself() -> None:
    nodes = fan(3)
    nodes[0] = replace(nodes[0], state=FAILED, cascaded=True, started=1, ended=2)
    nodes[2] = replace(nodes[2], state=FAILED, ended=9, error="exit 2")
    nodes[3] = replace(nodes[3], state=FAILED, ended=5, error="exit 1")
    app = GraphApp(nodes)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("f")
        assert app.graph.cursor_id == "c2"


async def test_going_round_what_failed_or_runs() -> None:
    nodes = [replace(node, state=RUNS if node.id in "bc" else DONE, started=1, ended=2) for node in DIAMOND]
    app = GraphApp(nodes)
    async with app.run_test(size=SIZE) as pilot:
        app.take_heard()
        await pilot.press("n", "n", "n", "N", "G", "g")
        assert [event[1] for event in app.take_heard()] == ["b", "c", "b", "c", "d", "a"]


async def test_folds_open_and_close_by_keys() -> None:
    app = GraphApp(fan(6))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down")
        assert app.take_heard()[-1] == ("moved", "fold:c0", 6)
        assert app.graph.cursor_members == tuple(f"c{n}" for n in range(6))
        assert any("child ×6" in line for line in app.lines())
        await pilot.press("enter")
        assert app.take_heard() == [("moved", "c0", 1)]
        assert app.graph.scene is not None
        assert len(app.graph.scene.boxes) == 8
        await pilot.press("right", "right")
        assert app.graph.cursor_id == "c2"
        await pilot.press("minus")
        assert app.graph.cursor_id == "fold:c0"
        await pilot.press("plus", "minus", "minus", "plus")
        assert app.graph.cursor_id == "c0"
        assert not any(event[0] == "opened" for event in app.heard)


async def test_a_member_that_fails_leaves_its_fold_and_the_cursor_stays() -> None:
    app = GraphApp(fan(6))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down", "down")
        assert app.graph.cursor_id == "end"
        app.change("c3", state=FAILED, error="exit 1")
        assert app.graph.cursor_id == "end"
        await pilot.press("up")
        assert app.graph.cursor_id in ("fold:c0", "c3")
        app.graph.move_to("c4")
        assert app.graph.cursor_id == "fold:c0"
        assert app.graph.move_to("c3")
        assert app.graph.cursor_id == "c3"
        app.change("c3", state=DONE)
        assert app.graph.cursor_id == "fold:c0"


async def test_a_goal_is_reached_once_it_is_there() -> None:
    app = GraphApp(DIAMOND)
    async with app.run_test(size=SIZE):
        assert not app.graph.move_to("e")
        app.nodes.append(GraphNode("e", "e", ("d",)))
        app.view.show(app.nodes)
        assert app.graph.cursor_id == "e"


async def test_when_the_box_under_the_cursor_goes_the_nearest_takes_it() -> None:
    app = GraphApp(graph("a>b a>c b>d"))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("down", "down")
        assert app.graph.cursor_id == "d"
        app.view.show(graph("a>b a>c"))
        assert app.graph.cursor_id == "b"
        await pilot.pause()
        assert app.take_heard()[-1] == ("moved", "b", 1)


async def test_the_cursor_keeps_its_place_when_the_graph_grows() -> None:
    nodes = random_graph(120, 3)
    app = GraphApp(nodes)
    async with app.run_test(size=SIZE) as pilot:
        app.graph.move_to("n60")
        await pilot.pause()
        label = next(node.label for node in nodes if node.id == "n60")
        before = app.place_of(label)
        app.view.show([*nodes, *(GraphNode(f"new{n}", f"new{n}", ("n2",)) for n in range(3))])
        after = app.place_of(label)
        assert abs(after[0] - before[0]) <= 2
        assert after[1] == before[1]


async def test_the_cursor_is_always_in_sight() -> None:
    app = GraphApp(random_graph(150, 7))
    async with app.run_test(size=SIZE) as pilot:
        for key in ("down", "right", "right", "down", "down", "left", "G", "up", "f", "n", "g") * 2:
            await pilot.press(key)
            assert app.graph.cursor_box is not None
            x, y = app.place_of("═")
            assert app.lines()[y + 1][x:].startswith(("║", "╗")) or "║" in app.lines()[y + 1]


async def test_scrolling_leaves_the_cursor() -> None:
    app = GraphApp(random_graph(150, 7))
    async with app.run_test(size=SIZE) as pilot:
        cursor, before = app.graph.cursor_id, app.lines()
        offset = app.graph.scroll_offset
        await pilot.press("ctrl+d", "pagedown", "shift+right")
        assert app.graph.scroll_offset.y > offset.y
        assert app.graph.cursor_id == cursor
        assert app.lines() != before
        await pilot.press("pageup", "pageup", "ctrl+u", *["shift+left"] * 30)
        assert app.graph.scroll_offset.x == 0
        for turn in (events.MouseScrollDown, events.MouseScrollRight):
            app.view.post_message(turn(app.view, 5, 5, 0, 0, 0, shift=False, meta=False, ctrl=False))
        await pilot.pause()
        assert app.graph.scroll_offset == (8, 2)


async def test_clicks_select_and_open() -> None:
    app = GraphApp(DIAMOND)
    async with app.run_test(size=SIZE) as pilot:
        app.take_heard()
        x, y = app.place_of("◌ c")
        await pilot.click(offset=(x, y))
        assert app.take_heard() == [("moved", "c", 1)]
        await pilot.click(offset=(x, y))
        assert app.take_heard() == [("opened", "c")]
        await pilot.click(offset=(0, 0))
        assert app.take_heard() == []


async def test_the_map_shows_when_the_graph_is_larger_than_the_screen() -> None:
    app = GraphApp(random_graph(150, 7))
    async with app.run_test(size=SIZE) as pilot:
        corner = [line[-17:] for line in app.lines()[-6:]]
        assert any("⠀" < character < "⣿" for line in corner for character in line)
        before = app.graph.scroll_offset
        await pilot.click(offset=(70, 22))
        assert app.graph.scroll_offset != before
        await pilot.press("m")
        assert not any("⠀" < character < "⣿" for line in app.lines() for character in line)
    small = GraphApp(DIAMOND)
    async with small.run_test(size=SIZE):
        assert not any("⠀" < character < "⣿" for line in small.lines() for character in line)


async def test_ascii_only() -> None:
    app = GraphApp(random_graph(150, 7), alphabet=ASCII)
    async with app.run_test(size=SIZE):
        assert all(line.isascii() for line in app.lines())


async def test_another_theme_paints_anew() -> None:
    app = GraphApp(DIAMOND)
    async with app.run_test(size=SIZE) as pilot:
        x, y = app.place_of("═")
        assert app.color_of(x, y) == DARK.accent
        app.theme = COLONIES_LIGHT.name
        await pilot.pause()
        assert app.color_of(x, y) == LIGHT.accent


async def test_a_small_graph_is_centred_and_stays_so() -> None:
    app = GraphApp(DIAMOND)
    async with app.run_test(size=SIZE) as pilot:
        x, _ = app.place_of("╔")
        width = app.lines()[1].rstrip()[x:]
        assert abs(x - (80 - len(width)) // 2) <= 1
        await pilot.resize_terminal(120, 30)
        await pilot.pause()
        assert abs(app.place_of("╔")[0] - (120 - len(width)) // 2) <= 1


async def test_wide_characters_are_not_cut_in_half() -> None:
    app = GraphApp([GraphNode("a", "日本語の処理"), *(GraphNode(f"{n}", f"処理{n}個", ("a",)) for n in range(30))])
    async with app.run_test(size=(40, 12)) as pilot:
        await pilot.press("down", "plus")
        for _ in range(12):
            await pilot.press("right")
            for strip in app.view.render_lines(app.view.size.region):
                assert strip.cell_length == 40
                assert sum(segment.cell_length for segment in strip) == 40


@pytest.mark.parametrize("count", [MANY_NODES + 100])
async def test_many_nodes_are_laid_out_beside_the_event_loop(count: int) -> None:
    nodes = random_graph(count, 3)
    app = GraphApp(nodes)
    async with app.run_test(size=SIZE) as pilot:
        later = [replace(node, executor="late") for node in nodes]
        app.view.show(later)
        await app.workers.wait_for_complete()
        assert app.graph.scene is not None
        assert app.graph.scene.nodes[0].executor == "late"
        assert len(app.graph.scene.boxes) == count
        app.view.show([*later, GraphNode("extra", "extra", ("n0",))])
        app.graph.move_to("extra")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.graph.cursor_id == "extra"

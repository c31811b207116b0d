"""Only what has changed is painted, and what has changed glows for a moment."""

from __future__ import annotations

import pytest
from textual import events

from colonies_tui.ui.format.glyphs import ASCII
from colonies_tui.ui.styles import RoleStyles
from colonies_tui.ui.table_glow import FADING_BEATS, GLOWING_BEATS
from tests.ui.table_app import Job, TableApp, jobs, wheel

STATE_X = 4
NAME_X = 14


def ground(app: TableApp, name: str) -> tuple[int, int, int]:
    color = RoleStyles.current(None, app).ground(name)  # type: ignore[arg-type]
    return color.r, color.g, color.b


async def test_a_changed_row_is_the_only_one_painted() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(1000))
        await pilot.pause()
        assert sorted(app.counted.painted) == [f"job-{i}" for i in range(10)]
        app.counted.painted.clear()
        app.change("job-3", state="running")
        app.change("job-500", state="running")
        await pilot.pause()
        assert app.counted.painted == ["job-3"]
        app.counted.painted.clear()
        await pilot.press("j")
        await pilot.pause()
        assert app.counted.painted == ["job-0", "job-1"]


async def test_a_row_scrolled_back_into_sight_is_not_painted_again() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(1000))
        await pilot.pause()
        await wheel(app, pilot, events.MouseScrollDown, 1)
        assert app.names()[0] == "job-3"
        app.counted.painted.clear()
        await wheel(app, pilot, events.MouseScrollUp, 1)
        assert app.names()[0] == "job-0"
        assert app.counted.painted == []


async def test_strips_of_rows_gone_by_do_not_pile_up() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(1000))
        for _ in range(30):
            await pilot.press("pagedown")
        await pilot.pause()
        assert len(app.table._strips) <= 9 * app.table.page_size


async def test_a_changed_cell_glows_and_fades() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(10))
        await pilot.pause()
        base = ground(app, "base")
        assert app.background(STATE_X, 4) == base
        app.change("job-3", state="running")
        assert app.background(STATE_X, 4) == ground(app, "glow")
        assert app.background(NAME_X, 4) == base
        for _ in range(GLOWING_BEATS):
            app.table._beat()
        assert app.background(STATE_X, 4) == ground(app, "fading")
        for _ in range(FADING_BEATS):
            app.table._beat()
        assert app.background(STATE_X, 4) == base


async def test_a_new_row_glows_as_a_whole() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(3))
        await pilot.pause()
        app.add({"new": Job("new")})
        assert app.background(STATE_X, 4) == ground(app, "glow")
        assert app.background(NAME_X, 4) == ground(app, "glow")


@pytest.mark.parametrize("quiet", ["animations off", "all changed"])
async def test_nothing_glows_when_it_should_not(quiet: str) -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(10))
        await pilot.pause()
        if quiet == "animations off":
            app.animation_level = "none"
            app.change("job-3", state="running")
        else:
            app.rows = {id_: Job(id_, "running") for id_ in app.rows}
            app.table.update_rows(app.rows, dict.fromkeys(app.rows, frozenset({"state"})), 0)
        assert app.background(STATE_X, 4) == ground(app, "base")
        assert "running" in app.lines()[4]


async def test_the_cursor_is_seen_without_colour_and_dimmer_without_focus() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(3))
        await pilot.pause()
        assert app.lines()[1].startswith("▌")
        assert app.background(NAME_X, 1) == ground(app, "cursor")
        app.set_focus(None)
        await pilot.pause()
        assert app.lines()[1].startswith("▌")
        assert app.background(NAME_X, 1) == ground(app, "blurred")
        app.table.focus()
        await pilot.pause()
        assert app.background(NAME_X, 1) == ground(app, "cursor")


async def test_another_theme_repaints_everything() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(3))
        await pilot.pause()
        dark = app.background(NAME_X, 2)
        for theme in ("colonies-light", "nord", "ansi-dark", "colonies-dark"):
            app.theme = theme
            await pilot.pause()
            assert app.names() == ["job-0", "job-1", "job-2"]
            if theme == "colonies-light":
                assert app.background(NAME_X, 2) == ground(app, "base") != dark
        assert app.background(NAME_X, 2) == dark


async def test_the_table_can_do_with_ascii() -> None:
    class Plain(TableApp):
        alphabet = ASCII

    app = Plain()
    async with app.run_test(size=(44, 12)) as pilot:
        app.load({f"row-{i}": Job(f"a name that is too long {i}") for i in range(30)})
        await pilot.press("space", "S")
        await pilot.pause()
        lines = app.lines()
        assert all(line.isascii() for line in lines)
        assert lines[1].startswith(">*")
        assert "~" in lines[1]
        assert "name ^" in lines[0]


async def test_the_scroll_bar_shows_where_the_page_is_and_can_be_dragged() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(10))
        await pilot.pause()
        assert not any("▐" in line for line in app.lines())
        app.load(jobs(40))
        await pilot.pause()

        def thumb() -> list[int]:
            return [y for y, line in enumerate(app.lines()) if line.endswith("▐")]

        assert thumb() == [1, 2]
        await pilot.press("G")
        await pilot.pause()
        assert thumb() == [9, 10]
        await pilot.mouse_down(app.table, offset=(59, 1))
        assert app.names()[0] == "job-0"
        await pilot.hover(app.table, offset=(59, 10))
        assert app.names()[-1] == "job-39"
        await pilot.mouse_up(app.table, offset=(59, 10))
        await pilot.hover(app.table, offset=(59, 1))
        assert app.names()[-1] == "job-39"
        assert app.table.cursor_id == "job-39"
        await pilot.click(app.table, offset=(59, 5))
        assert app.table.cursor_id == "job-39"

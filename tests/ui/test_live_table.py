"""The live table keeps cursor, marks and view on ids, and speaks of it."""

from __future__ import annotations

import pytest
from textual import events
from textual.pilot import Pilot

from tests.ui.table_app import NOW, Job, TableApp, jobs, wheel


async def press(pilot: Pilot[None], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


async def test_rows_stand_in_columns_whatever_their_text() -> None:
    app = TableApp()
    async with app.run_test(size=(50, 12)) as pilot:
        app.load(
            {
                "a": Job("plain"),
                "b": Job("[/foo] [b]x", state="running"),
                "c": Job("日本語日本語日本語日本語", weight=12345),
                "d": Job("e\u0301" * 20, weight=7),
            }
        )
        await pilot.pause()
        assert app.lines()[:5] == [
            "  state      name                 weight     age",
            "▌ waiting    plain                     0    100s",
            "  running    [/foo] [b]x               0    100s",
            "  waiting    日本語日本語日本語…   12345    100s",
            "  waiting    " + "e\u0301" * 18 + "…       7    100s",
        ]


async def test_a_narrow_table_drops_columns_by_rank() -> None:
    app = TableApp()
    async with app.run_test(size=(38, 12)) as pilot:
        app.load(jobs(2))
        await pilot.pause()
        assert app.lines()[0].split() == ["state", "name", "weight"]
        await pilot.resize_terminal(60, 12)
        await pilot.pause()
        assert app.lines()[0].split() == ["state", "name", "weight", "age"]


async def test_keys_move_the_cursor() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(100))
        await pilot.pause()
        assert app.take_heard() == [("cursor", "job-0", None)]
        steps = [
            (["j"], 1), (["down", "down"], 3), (["k"], 2), (["up"], 1), (["G"], 99), (["g"], 0), (["end"], 99),
            (["home"], 0), (["ctrl+d"], 5), (["ctrl+u"], 0), (["pagedown"], 10), (["pageup"], 0), (["k"], 0),
        ]  # fmt: skip
        for keys, row in steps:
            await press(pilot, *keys)
            assert app.table.cursor_id == f"job-{row}"
            assert f"job-{row}" in app.names()
        assert app.table.cursor_row == app.rows["job-0"]
        assert app.take_heard()[-1] == ("cursor", "job-0", None)


async def test_enter_opens_the_row_that_is_seen() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(100))
        await press(pilot, "j", "enter")
        assert app.take_heard()[-1] == ("opened", "job-1")
        await wheel(app, pilot, events.MouseScrollDown, 5)
        assert "job-1" not in app.names()
        await press(pilot, "enter")
        assert app.take_heard() == []
        assert "job-1" in app.names()
        await press(pilot, "enter")
        assert app.take_heard() == [("opened", "job-1")]


async def test_the_cursors_row_stays_on_its_screen_line_when_rows_come_above_it() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(100))
        await press(pilot, "G", "k", "k", "k")
        line = app.names().index("job-96")
        app.add(jobs(30, "new"), first=True)
        assert app.table.cursor_id == "job-96"
        assert app.names().index("job-96") == line
        app.remove(f"new-{i}" for i in range(7))
        assert app.names().index("job-96") == line
        assert app.take_heard()[-1] == ("cursor", "job-96", None)


async def test_a_view_scrolled_away_from_the_cursor_stays_where_it_is() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(100))
        await press(pilot, "j", "j")
        app.table._scroll_rows_to(40)
        app.add(jobs(30, "new"), first=True)
        assert app.names()[0] == "job-40"
        app.remove(["job-40"])
        assert app.table.cursor_id == "job-2"


async def test_new_rows_push_in_above_a_cursor_that_waits_at_the_head() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(20))
        await pilot.pause()
        app.add({"new-1": Job("new-1")}, first=True)
        app.add({"new-2": Job("new-2")}, first=True)
        assert app.names()[:3] == ["new-2", "new-1", "job-0"]
        assert app.table.cursor_id == "job-0"
        app.add(jobs(30, "late"), first=True)
        assert app.names()[-1] == "job-0"  # pushed down to the last line, and still seen
        await press(pilot, "g")
        app.add({"new-3": Job("new-3")}, first=True)
        assert app.names()[0] == "new-3"
        await press(pilot, "j")
        line = app.names().index("late-1")
        app.add({"new-4": Job("new-4")}, first=True)
        assert app.names().index("late-1") == line


async def test_a_cursor_that_rests_at_the_top_stays_on_the_first_row_until_it_is_moved() -> None:
    app = TableApp(rests_at_top=True)
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(20))
        await pilot.pause()
        app.add(jobs(15, "news"), first=True)
        assert app.names()[0] == app.table.cursor_id == "news-0"
        await press(pilot, "j")
        line = app.names().index("news-1")
        app.add(jobs(3, "late"), first=True)
        assert app.table.cursor_id == "news-1"
        assert app.names().index("news-1") == line
        await press(pilot, "g")
        app.add({"last": Job("last")}, first=True)
        assert app.names()[0] == app.table.cursor_id == "last"


@pytest.mark.parametrize("gone", [["job-3"], ["job-3", "job-4", "job-5"]])
async def test_a_cursor_whose_row_vanishes_goes_to_its_neighbour_and_says_so(gone: list[str]) -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(10))
        await press(pilot, "j", "j", "j")
        app.take_heard()
        app.remove(gone)
        await pilot.pause()
        neighbour = "job-4" if gone == ["job-3"] else "job-2"
        assert app.take_heard() == [("cursor", neighbour, "removed")]
        assert app.table.cursor_lost == "removed"
        await press(pilot, "j")
        assert app.table.cursor_lost is None


async def test_the_filter_hides_rows_and_counts_them() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(10))
        await press(pilot, "j")
        app.take_heard()
        app.table.set_filter(lambda job: (job.weight or 0) % 2 == 0)
        await pilot.pause()
        assert app.names() == ["job-0", "job-2", "job-4", "job-6", "job-8"]
        assert (app.table.row_count, app.table.hidden_count) == (5, 5)
        assert app.take_heard() == [("cursor", "job-2", "filtered")]
        app.change("job-2", weight=3)
        assert app.table.visible_ids() == ["job-0", "job-4", "job-6", "job-8"]
        app.table.set_message("filtered", "No job matches", "press esc to see all 10")
        app.table.set_filter(lambda _: False)
        await pilot.pause()
        assert app.table.cursor_id is None
        assert app.table.cursor_row is None
        assert [line.strip() for line in app.lines() if line] == ["No job matches", "press esc to see all 10"]
        app.table.set_filter(None)
        assert len(app.names()) == 10


async def test_messages_are_told_apart_by_kind() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        await pilot.pause()
        assert "Loading" in "".join(app.lines())
        app.table.set_message("forbidden", "Only the colony owner may see this", "switch the key with p")
        assert any("⊘ Only the colony owner may see this" in line for line in app.lines())
        app.table.set_message("empty", "Nothing [/] here")
        assert any(line.strip() == "Nothing [/] here" for line in app.lines())
        await press(pilot, "enter", "space", "v", "j", "G")
        assert app.take_heard() == []


async def test_sorting_by_keys_shows_an_arrow_and_is_told() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load({"a": Job("one", weight=2), "b": Job("two", weight=None), "c": Job("three", weight=3)})
        await press(pilot, "S")
        assert app.names() == ["one", "three", "two"]
        assert "name ▲" in app.lines()[0]
        await press(pilot, "I")
        assert app.names() == ["two", "three", "one"]
        assert "name ▼" in app.lines()[0]
        await press(pilot, "S", "I")
        assert app.names() == ["three", "one", "two"]
        assert "weight▼" in app.lines()[0]
        await press(pilot, "S")
        assert app.names() == ["one", "two", "three"]
        assert [event[1] for event in app.take_heard() if event[0] == "sort"] == [
            ("name", False), ("name", True), ("weight", False), ("weight", True), None,
        ]  # fmt: skip
        with pytest.raises(KeyError):
            app.table.set_sort("state")
        with pytest.raises(KeyError):
            TableApp(sort=("nothing", False))


async def test_sorting_keeps_the_row_of_a_cursor_that_was_moved() -> None:
    app = TableApp(sort=("weight", False))
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(100))
        await pilot.pause()
        await press(pilot, "I")
        assert app.table.cursor_id == "job-99"  # it waited at the head, and still does
        await press(pilot, "j", "j")
        app.table.set_sort("weight", False)
        assert app.table.cursor_id == "job-97"
        assert app.names()[-3:] == ["job-97", "job-98", "job-99"]


async def test_a_click_on_the_header_sorts_and_a_second_inverts() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(3))
        await pilot.click(app.table, offset=(14, 0))
        assert app.table.sort == ("name", False)
        await pilot.click(app.table, offset=(14, 0))
        assert app.table.sort == ("name", True)
        await pilot.click(app.table, offset=(3, 0))
        assert app.table.sort == ("name", True)


async def test_marks_are_toggled_ranged_and_cleared() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(10))
        await press(pilot, "j", "space", "j", "j", "v")
        assert app.table.marks == {"job-1", "job-2", "job-3"}
        assert [line[1] for line in app.lines()[1:6]] == [" ", "•", "•", "•", " "]
        app.remove(["job-2"])
        await pilot.pause()
        assert app.take_heard()[-1] == ("marks", frozenset({"job-1", "job-3"}))
        await press(pilot, "escape")
        assert app.table.marks == frozenset()
        assert app.take_heard() == [("marks", frozenset())]


async def test_escape_is_left_to_others_without_marks() -> None:
    heard = []

    class Around(TableApp):
        BINDINGS = [("escape", "leave", "leave")]

        def action_leave(self) -> None:
            heard.append("left")

    app = Around()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(3))
        await press(pilot, "space", "escape")
        assert heard == []
        await press(pilot, "escape")
        assert heard == ["left"]


async def test_a_click_selects_and_a_second_one_opens_only_the_same_row() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(5))
        await pilot.click(app.table, offset=(14, 3))
        assert app.table.cursor_id == "job-2"
        app.add({"new": Job("new")}, first=True)  # another row is under the pointer now
        await pilot.click(app.table, offset=(14, 2))
        assert not any(event[0] == "opened" for event in app.take_heard())
        await pilot.click(app.table, offset=(14, 2))
        await pilot.pause()
        assert app.take_heard()[-1] == ("opened", app.table.cursor_id)
        await pilot.click(app.table, offset=(14, 9))  # below the rows
        assert app.take_heard() == []


async def test_move_to_finds_a_row_or_says_no() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load(jobs(100))
        await pilot.pause()
        assert app.table.move_to("job-70")
        assert "job-70" in app.names()
        assert app.table.ids_on_screen() == app.names()
        assert app.table.ids_on_screen()[0] == app.table.visible_ids()[app.table.scroll_offset.y]
        assert not app.table.move_to("job-700")
        assert app.table.cursor_id == "job-70"


async def test_a_smaller_screen_keeps_the_cursor_in_sight() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 30)) as pilot:
        app.table.styles.height = "1fr"
        app.load(jobs(100))
        await press(pilot, *["j"] * 25)
        await pilot.resize_terminal(60, 10)
        await pilot.pause()
        assert "job-25" in app.names()


async def test_ages_move_on_together_once_a_second() -> None:
    app = TableApp()
    async with app.run_test(size=(60, 12)) as pilot:
        app.load({"a": Job("old", since=NOW - 95), "b": Job("older", since=NOW - 195.5)})
        await pilot.pause()
        assert [line.split()[-1] for line in app.lines()[1:3]] == ["90s", "190s"]
        app.counted.painted.clear()
        app.table.tick(NOW + 4.6)
        assert [line.split()[-1] for line in app.lines()[1:3]] == ["90s", "200s"]
        assert app.counted.painted == ["older"]
        app.change("a", NOW + 5.2, state="running")
        assert app.lines()[1].split()[-1] == "90s"  # not ahead of the others
        app.change("a", NOW + 5.8, state="waiting")
        assert [line.split()[-1] for line in app.lines()[1:3]] == ["100s", "200s"]

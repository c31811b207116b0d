"""The log view in an app, driven by keys and mouse."""

from __future__ import annotations

import os
from datetime import UTC
from pathlib import Path

import pytest
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message

from colonies_tui.ui.format.glyphs import ASCII, UNICODE, Alphabet
from colonies_tui.ui.log_buffer import LogLine
from colonies_tui.ui.themed_app import ThemedApp
from colonies_tui.ui.widgets.log_view import LogView

START = 1_770_818_000_000_000_000
SIZE = (80, 10)


class LogApp(ThemedApp[None]):
    """A log view alone."""

    BINDINGS = [Binding("escape", "went_back", "back")]

    def __init__(self, max_lines: int = 1000, alphabet: Alphabet = UNICODE) -> None:
        super().__init__()
        self.alphabet = alphabet
        self.view = LogView(max_lines=max_lines, zone=UTC)
        self.heard: list[Message] = []
        self.went_back = 0

    def compose(self) -> ComposeResult:
        yield self.view

    def on_mount(self) -> None:
        self.view.focus()

    def action_went_back(self) -> None:
        self.went_back += 1

    def on_log_view_line_opened(self, message: LogView.LineOpened) -> None:
        self.heard.append(message)

    def on_log_page_follow_changed(self, message: LogView.FollowChanged) -> None:
        self.heard.append(message)

    def on_log_view_saved(self, message: LogView.Saved) -> None:
        self.heard.append(message)


def numbered(first: int, end: int, text: str = "line {}") -> list[LogLine]:
    return [LogLine("w", START + number * 10**9, text.format(number)) for number in range(first, end)]


def rows(app: LogApp) -> list[str]:
    return [app.view.render_line(y).text.rstrip() for y in range(app.view.size.height)]


def follows(app: LogApp) -> bool:
    return app.view.following


def last_words(app: LogApp) -> list[str]:
    return [row.split()[-1] if row.split() else "" for row in rows(app)]


async def test_it_follows_pauses_and_follows_again() -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.view.append(numbered(0, 50))
        await pilot.pause()
        assert last_words(app) == [str(number) for number in range(40, 50)]
        await pilot.press("up")
        assert not follows(app)
        app.view.append(numbered(50, 87))
        await pilot.pause()
        assert app.view.unseen_count == 37
        assert rows(app)[-1].endswith("+37 new · f to follow")
        assert rows(app)[0].endswith("line 39")
        await pilot.press("f")
        assert follows(app)
        assert rows(app)[-1].endswith("line 86")
        assert [type(message) for message in app.heard] == [LogView.FollowChanged] * 2


@pytest.mark.parametrize(
    ("keys", "first", "cursor"),
    [
        ("g", "0", "line 0"),
        ("k", "89", "line 98"),
        ("pageup", "81", "line 90"),
        ("ctrl+u", "86", "line 95"),
        ("g,j,j", "2", "line 2"),
        ("g,pagedown,ctrl+d", "13", "line 13"),
        ("k,G", "90", "line 99"),
        ("home,end", "90", "line 99"),
    ],
)
async def test_keys_move(keys: str, first: str, cursor: str) -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.view.append(numbered(0, 100))
        await pilot.press(*keys.split(","))
        line = app.view.current_line()
        assert line is not None
        assert (last_words(app)[0], line.text) == (first, cursor)


async def test_the_wheel_pauses_and_the_notice_can_be_clicked() -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.view.append(numbered(0, 100))
        await pilot.pause()
        app.view.post_message(events.MouseScrollUp(app.view, 5, 5, 0, 0, 0, False, False, False))
        await pilot.pause()
        assert not follows(app)
        assert last_words(app)[0] == "88"
        await pilot.click(LogView, offset=(75, 9))
        assert follows(app)


async def test_the_scroll_bar_can_be_dragged() -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.view.append(numbered(0, 100))
        await pilot.pause()
        await pilot.mouse_down(LogView, offset=(79, 0))
        assert last_words(app)[0] == "0"
        await pilot.hover(LogView, offset=(79, 5))
        assert last_words(app)[0] not in ("0", "90")
        await pilot.mouse_up(LogView, offset=(79, 5))
        await pilot.hover(LogView, offset=(79, 0))
        assert last_words(app)[0] != "0"


async def test_dropped_lines_leave_a_line_that_says_how_many() -> None:
    app = LogApp(max_lines=100)
    async with app.run_test(size=SIZE) as pilot:
        app.view.append(numbered(0, 150))
        await pilot.press("g")
        dropped = app.view.dropped_count
        assert dropped >= 50
        assert f"— {dropped} older lines dropped —" in rows(app)[0]
        assert rows(app)[1].endswith(f"line {dropped}")


async def test_older_lines_do_not_move_the_page() -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.view.append(numbered(100, 150))
        await pilot.press("g", "j")
        before = rows(app)
        app.view.prepend(numbered(0, 100))
        await pilot.pause()
        assert [row[:60] for row in rows(app)] == [row[:60] for row in before]
        await pilot.press("g")
        assert rows(app)[0].endswith("line 0")


async def test_search_goes_through_the_hits() -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.view.append(numbered(0, 100))
        app.view.search("line 5")
        assert app.view.search_status == "11/11"
        assert not follows(app)
        await pilot.press("N")
        assert app.view.search_status == "10/11"
        await pilot.press("n", "n")
        line = app.view.current_line()
        assert line is not None
        assert (app.view.search_status, line.text) == ("1/11", "line 5")
        assert "▌▐" in "".join(rows(app))
        app.view.search("absent")
        assert app.view.search_status == "no hit"
        app.view.search("(", regex=True)
        assert app.view.search_status.startswith("not a pattern")
        app.view.search("")
        assert (app.view.search_status, app.view.search_text) == ("", "")


async def test_the_filter_shows_hits_with_context_and_enter_goes_back_to_all() -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.view.append(numbered(0, 100))
        app.view.search("line 30")
        app.view.append(numbered(100, 101, "line 30 again {}"))
        await pilot.press("x")
        assert app.view.hidden_count == 93
        text = "\n".join(rows(app))
        assert text.count("⋯") == 1
        assert "line 28" in text
        assert "line 27" not in text
        await pilot.press("minus", "minus")
        assert app.view.hidden_count == 99
        await pilot.press("plus")
        assert app.view.hidden_count == 96
        await pilot.press("enter")
        assert not app.view.is_filtered
        line = app.view.current_line()
        assert line is not None
        assert line.text == "line 30"
        assert any(row.startswith("▌") and row.endswith("line 30") for row in rows(app))
        assert not app.heard[1:], "enter on a filtered line opens nothing"


async def test_escape_clears_filter_then_search_then_goes_on() -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.view.append(numbered(0, 20))
        app.view.search("line")
        await pilot.press("x", "escape")
        assert (app.view.is_filtered, app.view.search_text) == (False, "line")
        await pilot.press("escape")
        assert app.view.search_text == ""
        assert app.went_back == 0
        await pilot.press("escape")
        assert app.went_back == 1


async def test_a_filter_without_matches_says_what_to_do() -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.view.set_message("No log yet", "the process is waiting")
        await pilot.pause()
        assert "No log yet" in "\n".join(rows(app))
        app.view.append(numbered(0, 20))
        app.view.set_filter("absent")
        await pilot.pause()
        assert "No line has “absent”" in "\n".join(rows(app))
        assert "esc shows all lines" in "\n".join(rows(app))


async def test_enter_opens_the_line_under_the_cursor() -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.view.append(numbered(0, 20))
        await pilot.press("k", "enter")
        await pilot.pause()
        opened = app.heard[-1]
        assert isinstance(opened, LogView.LineOpened)
        assert (opened.timestamp_ns, opened.source) == (START + 18 * 10**9, "w")
        await pilot.click(LogView, offset=(20, 2), times=2)
        opened = app.heard[-1]
        assert isinstance(opened, LogView.LineOpened)
        assert opened.timestamp_ns != START + 18 * 10**9


async def test_wrapping_keeps_the_line_at_its_place_and_shows_all_of_it() -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        long = "".join(f"[{number:03}]" for number in range(40))
        app.view.append([*numbered(0, 20), LogLine("w", START, long), *numbered(20, 60)])
        app.view.search("[020]")
        await pilot.press("w")
        joined = "".join(row[19:] for row in rows(app) if "[0" in row)
        assert "[000]" in joined
        assert "[020]" in joined.replace(" ", "")
        await pilot.press("w")
        assert sum("[0" in row for row in rows(app)) == 1


async def test_long_lines_move_sideways_with_marks_at_the_edges() -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.view.append([LogLine("w", START, "x" * 40 + "広" * 60 + "END")])
        await pilot.pause()
        assert rows(app)[0].endswith("›")
        await pilot.press("right")
        assert "‹" in rows(app)[0]
        await pilot.press(*["right"] * 20)
        assert rows(app)[0].endswith("END")
        await pilot.press(*["left"] * 20)
        assert "‹" not in rows(app)[0]


async def test_a_hit_beyond_the_edge_is_brought_in() -> None:
    app = LogApp()
    async with app.run_test(size=SIZE):
        app.view.append([LogLine("w", START, "x" * 300 + "needle" + "y" * 300)])
        app.view.search("needle")
        assert "needle" in rows(app)[0]


async def test_stamps_and_sources() -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.view.append([LogLine("worker-1", START, "a\nb"), LogLine("", 0, "c"), LogLine("", 0, "lost", "gap")])
        await pilot.pause()
        assert rows(app)[0] == "  13:53:20.000  worker-1  a"
        assert rows(app)[1] == " " * 26 + "b"
        assert rows(app)[2] == " " * 26 + "c"
        assert rows(app)[3] == " " * 26 + "— lost —"
        await pilot.press("t")
        assert rows(app)[0] == "  worker-1  a"
        app.view.show_sources = False
        await pilot.pause()
        assert rows(app)[0] == "  a"


async def test_nothing_in_a_line_reaches_the_terminal_as_a_control() -> None:
    app = LogApp()
    hostile = "".join(map(chr, range(0x20))) + "\x7f\x9b31m\u202e[bold][/] [/\ud800"
    async with app.run_test(size=(120, 40)) as pilot:
        app.view.append([LogLine(hostile, START, hostile), LogLine("w", START, hostile, "note")])
        app.view.search("\x1b")
        app.view.set_filter("\x1bnone")
        await pilot.press("w")
        for row in rows(app):
            assert row.isprintable()
        app.view.set_filter(None)
        await pilot.pause()
        for row in rows(app):
            assert row.isprintable()
        assert any("[bold][/] [/" in row for row in rows(app))


async def test_every_row_fills_the_width_whatever_it_holds() -> None:
    app = LogApp()
    async with app.run_test(size=(61, 12)) as pilot:
        texts = ["広い" * 40, "e\u0301" * 70, "", "\t\tx", "👍🏽 ok", "x" * 61]
        app.view.append([LogLine("ソース名が長いのです", START, text) for text in texts])
        for keys in ("w", "right", "t", "w", "right"):
            await pilot.press(keys)
            for y in range(app.view.size.height):
                assert app.view.render_line(y).cell_length == 61


async def test_ascii_terminals_get_ascii() -> None:
    app = LogApp(max_lines=20, alphabet=ASCII)
    async with app.run_test(size=SIZE) as pilot:
        app.view.append(numbered(0, 30, "line {} " + "x" * 90))
        app.view.search("line 15")
        await pilot.press("g", "right")
        app.view.append([LogLine("", 0, "lost", "gap")])
        assert all(row.isascii() for row in rows(app))


async def test_resizing_lays_out_anew() -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.view.wrap = True
        app.view.append([LogLine("w", START, "x" * 500) for _ in range(20)])
        for size in ((40, 20), (20, 5), (200, 60)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert len(rows(app)) == size[1]
            assert rows(app)[-1].endswith("x")


async def test_saving_writes_the_originals(tmp_path: Path) -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.view.append(
            [
                LogLine("a", START + 5, "\x1b[1mraw\ttext\nmore"),
                LogLine("", 0, "lost", "gap"),
                LogLine("b", 0, "\ud800"),
            ]
        )
        path = tmp_path / "log.txt"
        path.write_text("before")
        assert app.view.save(path) == 2
        assert path.read_text("utf-8") == (
            "2026-02-11T13:53:20.000000005+0000  a  \x1b[1mraw\ttext\nmore\n-- lost\nb  \\ud800\n"
        )
        await pilot.press("t")
        app.view.show_sources = False
        app.view.save(path)
        assert path.read_text("utf-8") == "\x1b[1mraw\ttext\nmore\n-- lost\n\\ud800\n"
        await pilot.pause()
        saved = app.heard[-1]
        assert isinstance(saved, LogView.Saved)
        assert (saved.path, saved.count) == (path, 2)
        with pytest.raises(OSError, match="No such file"):
            app.view.save(tmp_path / "nowhere" / "log.txt")
        assert os.listdir(tmp_path) == ["log.txt"]


async def test_a_change_of_theme_changes_the_colours() -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.view.append(numbered(0, 5))
        dark = app.view.render_line(0)
        app.theme = "colonies-light"
        await pilot.pause()
        light = app.view.render_line(0)
        assert dark.text == light.text
        assert dark != light
        app.theme = "ansi-dark"
        await pilot.pause()
        assert app.view.render_line(0).text == dark.text


async def test_clearing_follows_again() -> None:
    app = LogApp()
    async with app.run_test(size=SIZE) as pilot:
        app.view.append(numbered(0, 50))
        await pilot.press("g")
        app.view.clear()
        assert follows(app)
        assert app.view.line_count == 0
        assert app.view.current_line() is None
        app.view.append(numbered(0, 3))
        await pilot.pause()
        assert last_words(app)[:3] == ["0", "1", "2"]


async def test_bindings_have_ids() -> None:
    bindings: list[BindingType] = LogView.BINDINGS
    ids = [binding.id for binding in bindings if isinstance(binding, Binding)]
    assert len(set(ids)) == len(bindings)
    assert None not in ids

"""The one-line widgets around the panes: header, tabs, rules, state tabs, footer, filter bar, notices."""

from __future__ import annotations

from dataclasses import replace
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from colonies_tui.protocol.states import ProcessState
from colonies_tui.ui.fit import width_of
from colonies_tui.ui.format.glyphs import ASCII, UNICODE, Alphabet
from colonies_tui.ui.format.states import process_face
from colonies_tui.ui.notify import say
from colonies_tui.ui.spans import Span
from colonies_tui.ui.themed_app import ThemedApp
from colonies_tui.ui.widgets.colony_tab_line import ColonyTabLine, TabState
from colonies_tui.ui.widgets.filter_bar import FilterBar
from colonies_tui.ui.widgets.footer_keys import FooterKeys
from colonies_tui.ui.widgets.header_bar import HeaderBar, HeaderState
from colonies_tui.ui.widgets.rule import RulePiece, TitleRule
from colonies_tui.ui.widgets.tab_line import Tab, TabLine
from colonies_tui.ui.widgets.tabs_states import StateTab, StateTabs

TITLES = ["Overview", "Processes", "Workflows", "Executors", "Logs", "Crons", "Generators", "Files", "Colonies"]
TITLES += ["Server"]
TABS = [Tab(key, title) for key, title in zip("1234567890", TITLES, strict=True)]
STATES = [
    StateTab(str(int(state)), process_face(state), count)
    for state, count in zip(ProcessState, (4213, 64, 118_902, 311, 0), strict=True)
]


NAMES = st.text("abc-", min_size=1, max_size=14)


class Pane(Widget, can_focus=True):
    """Something with keys of its own."""

    DEFAULT_CSS = "Pane { height: 1fr; }"

    BINDINGS = [
        Binding("l", "log", "logs", id="pane.log"),
        Binding("enter", "open", "open", id="pane.open"),
        Binding("h", "hidden", "hidden", id="pane.hidden", show=False),
        Binding("a", "approve", "approve", id="pane.approve"),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return None if action == "approve" else True

    def action_log(self) -> None:
        self.app.bell()
        self.app.title = "logs opened"


class ChromeApp(ThemedApp[None]):
    """Shows the widgets of one test."""

    BINDINGS = [Binding("question_mark", "help", "help", id="app.help"), Binding("slash", "filter", "filter", id="f")]

    def __init__(self, *widgets: Widget, alphabet: Alphabet = UNICODE) -> None:
        super().__init__()
        self.widgets = widgets
        self.alphabet = alphabet
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield from self.widgets

    @on(TabLine.TabChosen)
    @on(StateTabs.Chosen)
    @on(FilterBar.FilterChanged)
    @on(FilterBar.Closed)
    def remember(self, message: Message) -> None:
        self.heard.append(message)


def row(widget: Widget, y: int = 0) -> str:
    strip = widget.render_line(y)
    assert strip.cell_length == widget.size.width
    return strip.text.rstrip()


HEADER = HeaderState(
    "prod",
    "tiger",
    "offline",
    "stale since 14:02",
    "retry in 4s",
    [("2 pending", "pending"), ("read-only", "warning"), ("production", "warning")],
)


@pytest.mark.parametrize(
    ("width", "left", "right"),
    [
        (120, " colonies   prod · tiger", "○ stale since 14:02 · retry in 4s   2 pending   read-only   production"),
        (90, " colonies   prod · tiger", "○ stale since 14:02 · retry in 4s   2 pending   read-only"),
        (70, " prod · tiger", "○ stale since 14:02   2 pending   read-only"),
        (50, "    tiger", "○ stale since 14:02   2 pending"),
        (36, "", "○ stale since 14:02   2 pending"),
        (22, "", "○ stale since 14:02"),
    ],
)
async def test_the_header_leaves_out_the_least_important_first(width: int, left: str, right: str) -> None:
    header = HeaderBar(HEADER)
    async with ChromeApp(header).run_test(size=(width, 5)):
        text = row(header)
        assert text.startswith(left.lstrip() and f" {left.strip()}")
        assert text.endswith(right)
        assert text.split() == f"{left} {right}".split()


async def test_the_header_shows_what_it_is_given() -> None:
    header = HeaderBar()
    app = ChromeApp(header, alphabet=ASCII)
    async with app.run_test(size=(100, 5)) as pilot:
        assert row(header) == " colonies"
        header.show(HeaderState("prod", "", "live", "live 0.4s"))
        await pilot.pause()
        assert header.state.link == "live"
        assert row(header).split() == ["colonies", "prod", "*", "live", "0.4s"]


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (130, " 1 Overview   2 Processes   3 Workflows   4 Executors   5 Logs   6 Crons   7 Generators   8 Files"
              "   9 Colonies   0 Server"),
        (80, " 1 Overview  2 Processes  3 Workflows  4 Executors  5 Logs  6 Crons  7  8  9  0"),
        (40, " 1  2  3  4  5 Logs  6  7  8  9  0"),
    ],
)  # fmt: skip
async def test_tabs_become_digits_never_half_words(width: int, expected: str) -> None:
    tabs = TabLine(TABS, active="5")
    async with ChromeApp(tabs).run_test(size=(width, 5)):
        assert row(tabs) == expected
        rule = row(tabs, 1)
        assert set(rule) == {"─", "━"}
        assert len(rule) == width
        assert expected[rule.index("━") : rule.rindex("━") + 1] == "5 Logs"


async def test_a_click_chooses_a_tab() -> None:
    tabs = TabLine(TABS, active="1")
    app = ChromeApp(tabs)
    async with app.run_test(size=(130, 5)) as pilot:
        await pilot.hover(tabs, offset=(17, 0))
        await pilot.click(tabs, offset=(17, 0))
        await pilot.click(tabs, offset=(0, 0))
        assert [message.key for message in app.heard if isinstance(message, TabLine.TabChosen)] == ["2"]
        tabs.active = "none"
        await pilot.pause()
        assert set(row(tabs, 1)) == {"─"}


async def test_a_rule_carries_title_and_facts() -> None:
    pieces = [
        RulePiece((Span("/ ", "accent"), Span("type=gpu"))),
        RulePiece.of("38 hidden", rank=1),
        RulePiece.of("live 1.1s", rank=2),
    ]
    rule = TitleRule("Executors · 41", pieces)
    app = ChromeApp(rule)
    async with app.run_test(size=(80, 5)) as pilot:
        assert row(rule) == "── Executors · 41 ────────────────────── / type=gpu ── 38 hidden ── live 1.1s ──"
        await pilot.resize_terminal(54, 5)
        assert row(rule) == "── Executors · 41 ───────── / type=gpu ── 38 hidden ──"
        await pilot.resize_terminal(40, 5)
        assert row(rule) == "── Executors · 41 ──────── / type=gpu ──"
        await pilot.resize_terminal(16, 5)
        assert row(rule) == "── Executors… ──"
        rule.active = True
        rule.show("")
        await pilot.pause()
        assert row(rule) == "─" * 16


async def test_state_tabs_move_round_and_tell() -> None:
    tabs = StateTabs(STATES, active="1")
    app = ChromeApp(tabs)
    async with app.run_test(size=(120, 5)) as pilot:
        words = " ".join(row(tabs).split())
        assert words == "◌ waiting 4 213 ▌▶ running 64 ✔ success 118 902 ✖ failed 311 ⊘ cancelled 0"
        tabs.move(-2)
        tabs.move(1)
        await pilot.pause()
        await pilot.click(tabs, offset=(5, 0))
        keys = [message.key for message in app.heard if isinstance(message, StateTabs.Chosen)]
        assert keys == ["4", "0"]
        assert tabs.active == "0"


async def test_narrow_state_tabs_keep_the_word_of_the_chosen_one() -> None:
    tabs = StateTabs(STATES, active="3")
    app = ChromeApp(tabs)
    async with app.run_test(size=(50, 5)) as pilot:
        assert " ".join(row(tabs).split()) == "◌ 4 213 ▶ 64 ✔ 118 902 ▌✖ failed 311 ⊘ 0"
        tabs.show(STATES[:2])
        await pilot.pause()
        assert tabs.active == "0"
        tabs.show([])
        tabs.move(1)
        await pilot.pause()
        assert row(tabs) == ""
        assert app.heard == []


async def test_the_footer_shows_the_keys_of_the_focused_pane() -> None:
    pane, footer = Pane(), FooterKeys(["pane.open"])
    app = ChromeApp(pane, footer)
    async with app.run_test(size=(80, 10)) as pilot:
        await pilot.pause()
        pane.focus()
        await pilot.pause()
        assert row(footer) == " enter open   l logs   a approve   / filter   ? help"
        segments = {segment.text: segment.style for segment in footer.render_line(0)}
        assert segments["a approve"] == footer.role_styles().rich("faint"), "a disabled key is dimmer"
        await pilot.resize_terminal(36, 10)
        await pilot.pause()
        assert row(footer) == " enter open   l logs   ? help"
        await pilot.click(footer, offset=(15, 0))
        await pilot.pause()
        assert app.title == "logs opened"


async def test_the_filter_bar_tells_every_change() -> None:
    pane, bar = Pane(), FilterBar()
    app = ChromeApp(pane, bar)
    async with app.run_test(size=(60, 10)) as pilot:
        assert not bar.display
        bar.open()
        await pilot.press("g", "p", "u")
        bar.note("38 hidden [/]")
        await pilot.pause()
        assert (bar.is_open, bar.text) == (True, "gpu")
        await pilot.press("enter")
        await pilot.pause()
        assert not bar.is_open
        bar.open("gpu")
        await pilot.press("x", "escape")
        await pilot.pause()
        said = [(type(message).__name__, message.text) for message in app.heard if hasattr(message, "text")]
        assert said == [
            ("FilterChanged", "g"),
            ("FilterChanged", "gp"),
            ("FilterChanged", "gpu"),
            ("Closed", "gpu"),
            ("FilterChanged", "gpux"),
            ("FilterChanged", ""),
            ("Closed", ""),
        ]
        assert not bar.query_one(Input).has_focus or not bar.display


async def test_notices_are_plain_text() -> None:
    app = ChromeApp()
    async with app.run_test(size=(80, 10), notifications=True) as pilot:
        say(app, "gpu-9 [bold]approved[/] [/ \x1b[31m\nsecond line", title="done [/]")
        await pilot.pause()
        (notice,) = app._notifications
        assert notice.message == "gpu-9 [bold]approved[/] [/ ␛[31m\nsecond line"
        assert (notice.title, notice.markup) == ("done [/]", False)


def tab_line(*tabs: TabState, width: int) -> str:
    """Return the line of tabs at a width, without trailing blanks."""
    line = ColonyTabLine()
    line._tabs = tabs
    with mock.patch.object(ColonyTabLine, "alphabet", UNICODE):
        return "".join(span.text for span in line.compose_line(width)).rstrip()


def test_tabs_lose_names_before_words_and_words_before_marks() -> None:
    tabs = (
        TabState("1", "prod", "tiger", pending=2),
        TabState("2", "prod", "lab", is_current=True, pending=1),
        TabState("3", "test", "dev", link="lost"),
    )
    assert tab_line(*tabs, width=80) == " ● prod · tiger 2 pending  ▌● prod · lab   ○ test · dev no answer"
    assert tab_line(*tabs, width=50) == " ● tiger 2 pending  ▌● lab   ○ dev no answer"
    assert tab_line(*tabs, width=30) == " ● tiger 2  ▌● lab   ○ dev"
    assert tab_line(*tabs, width=20) == "‹ ▌● lab   ○ dev", "the current one is always there"
    assert tab_line(*tabs[:2], width=80) == " ● tiger 2 pending  ▌● lab", "one profile alone stands in the header"


def test_a_tab_calls_for_what_waits_there_only_while_it_is_not_shown() -> None:
    wants = TabState("1", "p", "a", pending=3, asks=True, is_forbidden=True, is_production=True)
    other = TabState("2", "p", "b")
    assert tab_line(wants, other, width=80) == " ● a not allowed 3 pending asks production   ● b"
    assert tab_line(replace(wants, is_current=True), other, width=80) == "▌● a   ● b"


@given(st.lists(st.builds(TabState, NAMES, NAMES, NAMES, pending=st.integers(0, 9))), st.integers(1, 90))
def test_the_line_of_tabs_never_leaves_the_screen(tabs: list[TabState], width: int) -> None:
    marked = [replace(tab, is_current=number == len(tabs) // 2) for number, tab in enumerate(tabs)]
    assert width_of(tab_line(*marked, width=width)) <= max(width, 4)

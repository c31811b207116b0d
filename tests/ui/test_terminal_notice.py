"""What is written to the terminal for a notification: nothing of the server's breaks out of it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.store.watch import Event, News, WatchKind
from colonies_tui.ui.terminal_notice import MOST_CHARACTERS, notice_kind, notice_sequence
from colonies_tui.ui.watch_command import news_environment, run_command
from colonies_tui.ui.watch_teller import news_words

hostile = st.text(st.one_of(st.characters(), st.sampled_from("\x07\x1b\x9c\x9d\\;]\n\r\x00\u202e")), max_size=400)


@given(hostile)
def test_osc_9_holds_one_cleaned_text_and_nothing_after_it(text: str) -> None:
    sequence = notice_sequence("osc9", text)
    match = re.fullmatch(r"\x1b\]9;colonies: ([^\x00-\x1f\x7f-\x9f]*)\x07", sequence)
    assert match is not None
    assert len(match[1]) <= MOST_CHARACTERS
    assert all(character.isprintable() for character in match[1])


@given(hostile)
def test_osc_777_has_its_four_fields_whatever_the_text(text: str) -> None:
    sequence = notice_sequence("osc777", text)
    assert sequence.startswith("\x1b]777;notify;colonies;")
    assert sequence.endswith("\x07")
    assert sequence.count(";") == 3
    assert sequence[2:-1].isprintable()


@given(hostile, st.sampled_from(["osc9", "osc777"]))
def test_tmux_is_given_one_string_that_ends_where_it_should(text: str, kind: str) -> None:
    bare = notice_sequence("osc9" if kind == "osc9" else "osc777", text)
    wrapped = notice_sequence("osc9" if kind == "osc9" else "osc777", text, in_tmux=True)
    assert wrapped.startswith("\x1bPtmux;")
    assert wrapped.endswith("\x1b\\")
    assert wrapped[len("\x1bPtmux;") : -2].replace("\x1b\x1b", "\x1b") == bare


@given(hostile)
def test_off_writes_nothing(text: str) -> None:
    assert notice_sequence("off", text) == ""
    assert notice_sequence("off", text, in_tmux=True) == ""


@pytest.mark.parametrize(
    ("setting", "env", "kind"),
    [
        ("auto", {}, "off"),
        ("auto", {"TERM": "linux"}, "off"),
        ("auto", {"TERM": "xterm-256color"}, "off"),
        ("auto", {"TERM": "xterm-kitty"}, "osc9"),
        ("auto", {"TERM_PROGRAM": "iTerm.app"}, "osc9"),
        ("auto", {"WT_SESSION": "1"}, "osc9"),
        ("auto", {"TERM": "foot-extra"}, "osc777"),
        ("auto", {"TERM": "rxvt-unicode-256color"}, "osc777"),
        ("auto", {"TERM": "xterm-256color", "VTE_VERSION": "7600"}, "osc777"),
        ("osc9", {}, "osc9"),
        ("osc777", {"TERM": "xterm-kitty"}, "osc777"),
        ("off", {"TERM": "xterm-kitty"}, "off"),
    ],
)
def test_which_sequence(setting: str, env: dict[str, str], kind: str) -> None:
    assert notice_kind(setting, env) == kind


NEWS = News(1, "process/p", WatchKind.PROCESS, "p", "train", Event.FAILED, "failed: boom", 9.0)


def test_the_words_say_when_it_happened() -> None:
    assert news_words(NEWS) == "train failed: boom"
    away = News(1, "k", WatchKind.QUEUE, "q", "queue gpu", Event.BLOCKED, "is blocked", 9.0, "the link was down", 192.4)
    assert news_words(away) == "while the link was down (3m12): queue gpu is blocked"


@given(hostile)
def test_variables_of_a_program_can_always_be_given(text: str) -> None:
    news = News(1, "k", WatchKind.PROCESS, text, text, Event.FAILED, text, 9.0)
    env = news_environment(news, colony=text, profile=text, env={"PATH": "/bin", "COLONIES_PRVKEY": "secret"})
    assert env.pop("PATH") == "/bin"
    assert env.keys() == {
        f"COLONIES_TUI_{name}" for name in ("EVENT", "KIND", "NAME", "ID", "WORDS", "AWAY", "COLONY", "PROFILE")
    }
    assert all(value.isprintable() for value in env.values())


async def test_a_program_that_is_not_there_fails_or_hangs_is_said(tmp_path: Path) -> None:
    python = sys.executable
    assert await run_command([python, "-c", "pass"], {}) == ""
    assert (await run_command([python, "-c", "import sys; sys.exit(3)"], {})).endswith("ended with exit code 3")
    assert await run_command([str(tmp_path / "none")], {}) == f"{tmp_path / 'none'}: there is no such program"
    assert "cannot be run" in await run_command([str(tmp_path)], {})
    hung = await run_command([python, "-c", "import time; time.sleep(600)"], {}, seconds=0.2)
    assert hung.endswith("took longer than 0.2 s and was ended")

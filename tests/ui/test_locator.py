"""Locators: every place can be written and read back, short and printable, and what is wrong is said."""

from __future__ import annotations

import contextlib
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colonies_tui.ui.locator import KINDS, STATEFUL, STATES, VIEWS, Locator, LocatorError, is_locator, parse_locator

ID = "1a2b3c4d" * 8
HARD = st.text(st.characters(exclude_categories=()), max_size=12) | st.text(
    alphabet="a/%?&=#' \\\n+é\u202e", max_size=8
)
NAMES = HARD.filter(bool)


@st.composite
def locators(draw: st.DrawFn) -> Locator:
    view, kind = draw(st.sampled_from([(view, "") for view in VIEWS] + list(KINDS.values())))
    state = draw(st.sampled_from(["", *STATES])) if view in STATEFUL else ""
    return Locator(draw(NAMES), view, kind, draw(NAMES) if kind else "", draw(HARD), state)


@settings(derandomize=True, deadline=None, database=None, max_examples=400)
@given(locators())
def test_every_place_reads_back_as_it_was(place: Locator) -> None:
    text = str(place)
    assert parse_locator(text) == place
    assert parse_locator(f" {text}\n", colony="another") == place
    assert text.isprintable()
    assert not set(" '") & set(text), "it stands between quotes in a shell"


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Locator("dev", "overview"), "colony/dev/overview"),
        (Locator("dev", "processes", "process", ID), f"colony/dev/process/{ID}"),
        (
            Locator("dev", "processes", filter="type=gpu age>1h", state="failed"),
            "colony/dev/processes?state=failed&filter=type=gpu%20age>1h",
        ),
        (Locator("dev", "processes", "type", "gpu"), "colony/dev/queue/gpu"),
        (Locator("dev", "logs", "process", "1a2b"), "colony/dev/log/process/1a2b"),
        (Locator("dev", "logs", "executor", "gpu 1"), "colony/dev/log/executor/gpu%201"),
        (Locator("a/b", "files", "file", "/maps/east/käse.tif"), "colony/a%2Fb/file//maps/east/käse.tif"),
        (Locator("dev", "crons", "cron", "100%?"), "colony/dev/cron/100%25%3F"),
    ],
)
def test_the_text_is_short_and_readable(place: Locator, text: str) -> None:
    assert str(place) == text
    assert parse_locator(text) == place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("colony/dev", Locator("dev", "overview")),
        ("colony/dev/", Locator("dev", "overview")),
        ("process/1a2b", Locator("here", "processes", "process", "1a2b")),
        ("processes?filter=a=b", Locator("here", "processes", filter="a=b")),
        ("log/executor/x/y", Locator("here", "logs", "executor", "x/y")),
    ],
)
def test_what_can_be_left_out(text: str, place: Locator) -> None:
    assert parse_locator(text, colony="here") == place


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("process/1a2b", "begins with colony/NAME"),
        ("", "begins with colony/NAME"),
        ("colony", "names a colony"),
        ("colony/", "names a colony"),
        ("colony/dev/proces/1a2b", 'no view or kind of object "proces"; process'),
        ("colony/dev/process", "which process"),
        ("colony/dev/process/", "which process"),
        ("colony/dev/crons/1a2b", "crons is a whole list"),
        ("colony/dev/log", "log/process/ID or log/executor/NAME"),
        ("colony/dev/log/cron/x", "log/process/ID or log/executor/NAME"),
        ("colony/dev/processes?state=faild", 'no state "faild"; failed'),
        ("colony/dev/crons?state=failed", 'no state "failed"'),
        ("colony/dev/crons?filtre=a", 'no parameter "filtre"; filter'),
        ("colony/dev/crons?filter", 'no parameter "filter"'),
        ("colony/dev/crons?filter=a&filter=b", "twice"),
        ("colony/dev/cron/50%", "%25"),
        ("colony/dev/cron/%ff", "no text"),
        ("colony/dev/cron/" + "x" * 5000, "at most 4096"),
    ],
)
def test_what_cannot_be_understood_is_said(text: str, words: str) -> None:
    with pytest.raises(LocatorError, match=words):
        parse_locator(text)


@settings(derandomize=True, deadline=None, database=None, max_examples=400)
@given(st.text(max_size=30) | st.text(alphabet="colony/dev/process?filter=&%2", max_size=30))
def test_nothing_that_is_typed_is_more_than_refused(text: str) -> None:
    with contextlib.suppress(LocatorError):
        place = parse_locator(text, colony="dev")
        assert parse_locator(str(place)) == place


def test_words_to_search_for_are_no_locators() -> None:
    assert all(map(is_locator, ("colony/dev/process/1a2b", "process/1a", "log/executor/x")))
    assert not any(map(is_locator, ("", "1a2b", "worker-1", "render tile", "/maps", "http://x", "process")))


def test_it_is_read_without_the_screen() -> None:
    script = "import colonies_tui.ui.locator, colonies_tui.ui.history, sys; print('textual' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout == "False\n"

"""Everything that has a key, and what is said about other keys: unknown ids, unknown keys, clashes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.binding import Binding

from colonies_tui.config.key_map import KeyMap
from colonies_tui.ui.app import ConsoleApp
from colonies_tui.ui.help_screen import HelpScreen
from colonies_tui.ui.key_names import key_fault, key_words, types_text, whole_name
from colonies_tui.ui.key_table import can_meet, careless, examine_keys, known_keys
from colonies_tui.ui.main_screen import MainScreen
from colonies_tui.ui.views.crons import CronsView
from colonies_tui.ui.views.processes import ProcessesView
from colonies_tui.ui.widgets.dialog import ChoiceKey, Dialog
from colonies_tui.ui.widgets.graph_view import GraphView
from colonies_tui.ui.widgets.live_table import LiveTable


def key_map(**keys: str) -> KeyMap:
    """Return a map; ``__`` stands for the dot of an id."""
    named = {name.replace("__", ".").replace("_", "-"): tuple(text.split(",")) for name, text in keys.items()}
    return KeyMap(Path("settings.toml"), named, dict.fromkeys(named, 7))


def said(**keys: str) -> list[str]:
    return [problem.words for problem in examine_keys(key_map(**keys))[1]]


def test_the_table_has_every_binding_of_the_console() -> None:
    known = known_keys()
    assert known["processes.cancel"].keys == ("C",)
    assert known["processes.cancel"].words == "cancel"
    assert known["processes.cancel"].owners == {ProcessesView}
    assert known["table.down"].keys == ("j", "down")
    assert known["app.quit"].while_typing
    assert {"main.filter", "main.processes", "app.palette", "app.help", "app.theme"} <= set(known)
    assert all(entry.words for entry in known.values())


def test_no_two_things_have_one_key_in_one_place_without_a_way_out() -> None:
    """Two bindings of one class on one key: the second could never be reached."""
    for entry in known_keys().values():
        for owner in entry.owners:
            bindings = list(Binding.make_bindings(owner.__dict__["BINDINGS"]))
            for key in entry.keys:
                assert len({b.id for b in bindings if b.key == key}) <= 1, (entry.id, key)


def test_every_key_of_the_console_could_stand_in_the_settings() -> None:
    for entry in known_keys().values():
        for key in entry.keys:
            assert key_fault(key) is None, (entry.id, key)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ctrl-k", 'is no key; did you mean "ctrl+k"?'),
        ("esc", 'is no key; did you mean "escape"?'),
        ("cmd+x", 'is no key: there is no "cmd+"'),
        ("ctr+x", 'is no key: there is no "ctr+"; did you mean "ctrl"?'),
        ("shift+k", 'arrives as the character itself: write "K"'),
        ("ctrl+K", 'arrives as "ctrl+k": with ctrl a terminal does not tell capitals'),
        ("ctrl+i", 'arrives as "tab" from a terminal'),
        ("ctrl+m", 'arrives as "enter" from a terminal'),
        ("ctrl+[", 'arrives as "escape" from a terminal'),
        ("ctrl++", 'is no key: the key "+" is written plus'),
    ],
)
def test_what_is_no_key_is_refused(name: str, words: str) -> None:
    assert key_fault(name) == words


@pytest.mark.parametrize(
    "name", ["K", "?", "question_mark", "+", "plus", "comma", "ctrl+k", "alt+x", "f5", "é", "space"]
)
def test_what_is_a_key_is_not(name: str) -> None:
    assert key_fault(name) is None


@given(st.text(max_size=12))
def test_any_text_is_a_key_or_is_refused_in_words(text: str) -> None:
    fault = key_fault(text)
    assert fault is None or fault.startswith(("is no key", "arrives as"))
    if fault is None:
        assert whole_name(whole_name(text)) == whole_name(text)
        assert key_words(whole_name(text))
        assert types_text(text) or len(text) > 1


def test_an_unknown_id_is_told_with_the_nearest_and_left_out() -> None:
    keymap, problems = examine_keys(key_map(processes__cancl="x", log__follow="F2"))
    assert keymap == {}
    assert [(problem.words, problem.is_refused) for problem in problems] == [
        ('settings.toml:7: nothing is called "processes.cancl"; did you mean "processes.cancel"?', True),
        ('settings.toml:7: "log.follow": "F2" is no key; did you mean "f2"?', True),
    ]


def test_what_works_while_typing_keeps_the_letters_free() -> None:
    (words,) = said(app__quit="x")
    assert words.endswith('"app.quit": "x" could not be typed any more: it needs a key with ctrl or alt, or f1 to f12')
    assert said(app__quit="alt+x") == []


def test_keys_change_places_without_a_clash() -> None:
    keymap, problems = examine_keys(key_map(processes__cancel="D", processes__remove="C"))
    assert keymap == {"processes.cancel": "D", "processes.remove": "C"}
    assert problems == []


def test_clashes_are_named_with_their_place_and_who_wins() -> None:
    assert said(processes__cancel="/") == [
        '/ does both "processes.cancel" (cancel) and "main.filter" (filter) in Processes; the first wins'
    ]
    assert said(processes__cancel="R") == [
        'R does both "processes.cancel" (cancel) and "processes.resubmit" (resubmit) in Processes; the first wins'
    ]
    assert said(main__filter="ctrl+q") == [
        'ctrl-q does both "app.quit" (quit) and "main.filter" (filter) in MainScreen; the first wins'
    ]
    assert 'x does both "log.filter" (only hits) and "logs.earlier" (earlier lines) in Logs; the first wins' in said(
        logs__earlier="x"
    )
    assert said(crons__remove="x") == [], "the log that has this key is in other views"


def test_what_destroys_is_not_silently_put_on_a_careless_key() -> None:
    keymap, _ = examine_keys(key_map(processes__cancel="ctrl+k", log__follow="ctrl+d"))
    assert careless(keymap) == ['"processes.cancel" (cancel) is on ctrl+k, which is easily pressed by mistake']


def test_who_can_meet() -> None:
    for one, other in ((LiveTable, CronsView), (MainScreen, CronsView), (ConsoleApp, CronsView)):
        assert can_meet(one, other)
        assert can_meet(other, one)
    assert can_meet(ChoiceKey, Dialog)
    assert not can_meet(CronsView, ProcessesView)
    assert not can_meet(GraphView, CronsView)
    assert not can_meet(Dialog, MainScreen)
    assert not can_meet(HelpScreen, ConsoleApp)
    assert not can_meet(ChoiceKey, CronsView)

"""Numbers, identifiers, states and glyphs as words."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from colonies_tui.protocol.states import ExecutorState, ProcessState
from colonies_tui.ui.format.cells import index_at, wrap
from colonies_tui.ui.format.glyphs import ALPHABETS, ASCII, UNICODE, Alphabet, alphabet_of
from colonies_tui.ui.format.ids import evidence_id, short_id
from colonies_tui.ui.format.numbers import bytes_size, counted, grouped, of_total, per_minute
from colonies_tui.ui.format.states import executor_face, process_face
from colonies_tui.ui.styles import ROLES

ID = "7c1e55aa" + "0" * 52 + "09f3"


def test_thousands_are_set_apart() -> None:
    assert grouped(4213) == "4 213"
    assert grouped(-1_204_000) == "-1 204 000"
    assert grouped(None) == "–"
    assert of_total(100, 4213) == "100 of 4 213"
    assert of_total(41, 41) == of_total(41, None) == "41"
    assert counted(1, "line") == "1 line"
    assert counted(1204, "line") == "1 204 lines"
    assert counted(2, "process", "processes") == "2 processes"


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (None, "–"),
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (10_188, "9.9 KiB"),
        (10_240, "10 KiB"),
        (1024**2 - 1, "1.0 MiB"),
        (38 * 1024**2, "38 MiB"),
        (-2048, "-2.0 KiB"),
        (2**70, "1 024 EiB"),
    ],
)
def test_sizes(size: int | None, words: str) -> None:
    assert bytes_size(size) == words


@pytest.mark.parametrize(
    ("rate", "words", "signed"),
    [
        (None, "–", "–"),
        (0, "0/min", "0/min"),
        (0.04, "0/min", "0/min"),
        (0.4, "0.4/min", "+0.4/min"),
        (2.0, "2/min", "+2/min"),
        (312, "312/min", "+312/min"),
        (-1204.2, "-1 204/min", "-1 204/min"),
    ],
)
def test_rates(rate: float | None, words: str, signed: str) -> None:
    assert per_minute(rate) == words
    assert per_minute(rate, signed=True) == signed


def test_identifiers() -> None:
    assert short_id(ID) == "7c1e55aa"
    assert evidence_id(ID) == "7c1e 55aa … 09f3"
    assert evidence_id("short") == "short"


@pytest.mark.parametrize("alphabet", ALPHABETS.values(), ids=ALPHABETS.keys())
def test_every_glyph_is_one_cell(alphabet: Alphabet) -> None:
    for part in fields(Alphabet):
        glyphs = getattr(alphabet, part.name)
        if part.name == "name":
            continue
        assert all(cell_len(glyph) == 1 for glyph in glyphs), part.name
        assert part.name == "levels" or len(glyphs) == 1
        assert alphabet is UNICODE or glyphs.isascii()


def test_states_have_different_faces_with_known_roles() -> None:
    for alphabet in ALPHABETS.values():
        processes = [process_face(state, alphabet) for state in ProcessState]
        executors = [executor_face(state, alphabet=alphabet) for state in ExecutorState]
        executors.append(executor_face(ExecutorState.APPROVED, stale=True, alphabet=alphabet))
        for faces in (processes, executors):
            assert len({face.glyph for face in faces}) == len({face.word for face in faces}) == len(faces)
            assert all(face.role in ROLES for face in faces)
    assert process_face(ProcessState.FAILED).text == "✖ failed"
    assert process_face(ProcessState.RUNNING, ASCII).text == "> running"
    assert executor_face(ExecutorState.UNREGISTERED).word == "gone"
    assert executor_face(ExecutorState.PENDING, stale=True).word == "pending"


def test_a_state_of_a_newer_server_keeps_its_number() -> None:
    assert process_face(9).text == "? state 9"
    assert executor_face(-1).text == "? state -1"


def test_the_alphabet_comes_from_its_owner() -> None:
    class Owner:
        alphabet = ASCII

    assert alphabet_of(Owner()) is ASCII
    assert alphabet_of(object()) is UNICODE


printable = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp")))


@given(printable, st.integers(2, 40))
def test_wrapping_keeps_every_character_and_the_width(text: str, cells: int) -> None:
    pieces = wrap(text, cells)
    assert "".join(pieces) == text
    assert all(sum(map(cell_len, piece)) <= cells for piece in pieces)


@given(printable, st.integers(-1, 40))
def test_the_longest_start_that_fits(text: str, cells: int) -> None:
    index = index_at(text, cells)
    assert sum(map(cell_len, text[:index])) <= max(cells, 0)
    assert index == len(text) or sum(map(cell_len, text[: index + 1])) > cells

"""ASCII mode: no decoration of the console is left over, and nothing changes its width."""

from __future__ import annotations

import dataclasses

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from colonies_tui.ui.ascii_filter import AsciiFilter
from colonies_tui.ui.format.glyphs import UNICODE

GROUND = Color(0, 0, 0)


def filtered(text: str) -> str:
    return "".join(segment.text for segment in AsciiFilter().apply([Segment(text)], GROUND))


def test_every_glyph_of_the_unicode_alphabet_has_a_seven_bit_one_of_its_width() -> None:
    glyphs = "".join(getattr(UNICODE, field.name) for field in dataclasses.fields(UNICODE))
    for glyph in glyphs + "×→←↑↓“”’∗┌─┐│└┘╭╮╰╯┼═║▆␛␊\N{REPLACEMENT CHARACTER}":
        assert filtered(glyph).isascii(), glyph
        assert cell_len(filtered(glyph)) == cell_len(glyph) == 1, glyph


def test_letters_stay_what_they_are() -> None:
    assert filtered("åäö 漢字 · naïve") == "åäö 漢字 | naïve"
    segment = Segment("plain")
    assert AsciiFilter().apply([segment], GROUND)[0] is segment

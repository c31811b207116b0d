"""Names and words in the palette stand there as they are, whatever brackets are in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.content import Content
from textual.fuzzy import Matcher

import colonies_tui.ui
from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.palette_hits import highlighted, hit, listed, literal
from tests.hostile.contents import CONTENTS

TEXTS = [*CONTENTS.values(), "\\[", "a\\", "\\\\[b]", "[", "]", "[]", "$x", "[/", "[b", "[@click='a"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_literal_reads_back_as_the_text(text: str) -> None:
    assert Content.from_markup(literal(text)).plain == plain(text)


@pytest.mark.parametrize("text", TEXTS)
def test_hits_show_names_and_words_as_they_are(text: str) -> None:
    for made in (hit(1.0, text, lambda: None, text), listed(text, lambda: None, text)):
        assert str(made.prompt) == plain(text)
        assert Content.from_markup(made.help or "").plain == plain(text)
    assert highlighted(Matcher("a"), text).plain == plain(text)


def test_what_was_typed_stands_out() -> None:
    assert [(span.start, span.end) for span in highlighted(Matcher("b]"), "[a] [b]").spans] == [(5, 6), (6, 7)]


def test_no_other_module_makes_hits() -> None:
    directory = Path(colonies_tui.ui.__file__).parent
    makers = [path.name for path in directory.rglob("*.py") if "DiscoveryHit" in path.read_text()]
    assert makers == ["palette_hits.py"]

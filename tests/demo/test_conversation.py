"""Answers to questions about files."""

from __future__ import annotations

from pathlib import Path

import pytest

from colonies_tui.demo.conversation import answer, decoded, encoded
from colonies_tui.demo.corpus import Corpus, OutsideCorpus
from colonies_tui.protocol.models.channel import ChannelEntry
from tests.demo.recording import RecordingProgress


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    library = tmp_path / "lib" / "pkg"
    library.mkdir(parents=True)
    for number in range(4):
        (library / f"m{number}.py").write_text("def f():\n    pass\n" + "# and so on\n" * 100)
    return Corpus.open(tmp_path / "inputs", library=tmp_path / "lib")


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("lines pkg/m0.py", "pkg/m0.py: 102 lines, 403 words"),
        (" functions  pkg/m1.py\n", "pkg/m1.py: 1 functions, 0 classes"),
        ("files pkg", "pkg: 4 files, 4872 bytes"),
        ("what is the meaning of life", "ask: lines FILE"),
        ("", "ask: lines FILE"),
        ("lines " + "x" * 500, "FileNotFoundError"),
    ],
)
def test_answers(corpus: Corpus, question: str, expected: str) -> None:
    if expected.endswith("Error"):
        with pytest.raises(FileNotFoundError):
            answer(RecordingProgress(), corpus, question)
    else:
        assert answer(RecordingProgress(), corpus, question).startswith(expected)


def test_nobody_is_led_out(corpus: Corpus) -> None:
    with pytest.raises(OutsideCorpus):
        answer(RecordingProgress(), corpus, "lines ../../../../etc/passwd")


def test_texts_go_both_ways() -> None:
    assert decoded(ChannelEntry(payload=encoded("Élie → json"))) == "Élie → json"
    assert decoded(ChannelEntry(payload="!")) == ""

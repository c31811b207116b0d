"""Indexes as blueprints want them, level by level."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from colonies_tui.demo.corpus import Corpus
from colonies_tui.demo.index_shelf import IndexNotWanted, IndexShelf, IndexWish, bring_closer
from tests.demo.recording import RecordingProgress


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    library = tmp_path / "lib"
    for name in ("one/a.py", "one/b.py", "one/deep/c.py", "one/deep/er/d.py", "two/e.py", "two/f.py"):
        path = library / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"common = {path.stem}_only\n" + "# and so on\n" * 100)
    (library / "one/g.py").write_text("common = g_only\n" + "# and so on\n" * 100)
    return Corpus.open(tmp_path / "inputs", library=library)


@pytest.fixture
def shelf(tmp_path: Path) -> IndexShelf:
    return IndexShelf(tmp_path / "indexes")


def state(status: dict[str, Any]) -> tuple[str, int, int, int]:
    return status["package"], status["depth"], status["files"], status["identifiers"]


def test_an_index_grows_by_one_level_at_a_time(corpus: Corpus, shelf: IndexShelf) -> None:
    progress, wish = RecordingProgress(), IndexWish("one", 3)
    seen = [state(bring_closer(progress, corpus, shelf, "i", wish)) for _ in range(3)]
    assert seen == [("one", 1, 3, 4), ("one", 2, 4, 5), ("one", 3, 5, 6)]
    again = bring_closer(progress, corpus, shelf, "i", wish)
    assert again == shelf.read("i")
    assert progress.lines[-1] == "i is as it should be: one, 3 levels"


def test_other_wishes_and_force_begin_anew(corpus: Corpus, shelf: IndexShelf) -> None:
    progress = RecordingProgress()
    for _ in range(2):
        bring_closer(progress, corpus, shelf, "i", IndexWish("one", 2))
    assert state(bring_closer(progress, corpus, shelf, "i", IndexWish("one", 2), anew=True))[:2] == ("one", 1)
    bring_closer(progress, corpus, shelf, "i", IndexWish("one", 2))
    assert state(bring_closer(progress, corpus, shelf, "i", IndexWish("one", 1))) == ("one", 1, 3, 4)
    assert state(bring_closer(progress, corpus, shelf, "i", IndexWish("two", 1))) == ("two", 1, 2, 3)
    assert shelf.remove("i")
    assert not shelf.remove("i")
    assert shelf.read("i") is None


@pytest.mark.parametrize(
    "spec",
    [
        {},
        {"package": "one"},
        {"package": 1, "depth": 1},
        {"package": "one", "depth": 0},
        {"package": "one", "depth": True},
    ],
)
def test_what_is_no_index_is_not_built(spec: dict[str, Any]) -> None:
    with pytest.raises(IndexNotWanted):
        IndexWish.of(spec)


@pytest.mark.parametrize("name", ["../evil", "", ".hidden", "a/b", "a\n"])
def test_an_index_goes_nowhere_else(shelf: IndexShelf, name: str) -> None:
    with pytest.raises(IndexNotWanted):
        shelf.path(name)

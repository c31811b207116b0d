"""Saved filters: what is written is read back, what another console saved stays, and a broken file is left alone."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colonies_tui.config.errors import ConfigError
from colonies_tui.config.saved_filters import NAME, forget_filter, load_filters, save_filter

NAMES = st.from_regex(NAME, fullmatch=True)
TEXTS = st.text(min_size=1, max_size=20).filter(str.strip)


@settings(derandomize=True, deadline=None, database=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from(["processes", "files labels"]), NAMES, TEXTS), max_size=6))
def test_what_was_saved_is_there(tmp_path_factory: pytest.TempPathFactory, kept: list[tuple[str, str, str]]) -> None:
    path = tmp_path_factory.mktemp("state") / "deep" / "filters.json"
    expected: dict[str, dict[str, str]] = {}
    for of_list, name, text in kept:
        expected.setdefault(of_list, {})[name] = text
        assert save_filter(path, of_list, name, text) == expected
    assert load_filters(path) == expected
    for of_list, name, _ in kept:
        forget_filter(path, of_list, name)
    assert load_filters(path) == {}


def test_only_its_owner_reads_the_file_and_another_console_keeps_its_own(tmp_path: Path) -> None:
    path = tmp_path / "filters.json"
    save_filter(path, "processes", "bad", "state=failed")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = json.loads(path.read_text())
    content["crons"] = {"mine": "by=me"}
    path.write_text(json.dumps(content))
    assert save_filter(path, "processes", "old", "age>1h") == {
        "processes": {"bad": "state=failed", "old": "age>1h"},
        "crons": {"mine": "by=me"},
    }
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["filters.json"]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"processes": 3}', '{"processes": {"a b": "x"}}', '{"processes": {"a": 1}}', "[" * 9999]
)
def test_a_file_that_is_none_is_said_and_left_alone(tmp_path: Path, content: str) -> None:
    path = tmp_path / "filters.json"
    path.write_text(content)
    with pytest.raises(ConfigError, match="no file of saved filters"):
        load_filters(path)
    with pytest.raises(ConfigError, match="no file of saved filters"):
        save_filter(path, "processes", "a", "x")
    assert path.read_text() == content


@pytest.mark.parametrize(("name", "text"), [("", "x"), ("two words", "x"), ("a*", "x"), ("a" * 31, "x"), ("a", " ")])
def test_what_cannot_be_a_filter_is_refused(tmp_path: Path, name: str, text: str) -> None:
    with pytest.raises(ValueError, match=r"a (name|filter) has"):
        save_filter(tmp_path / "filters.json", "processes", name, text)

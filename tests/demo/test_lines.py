"""What the child says."""

from __future__ import annotations

import pytest

from colonies_tui.demo.lines import Ended, Line, Ready, read_line, write_line


@pytest.mark.parametrize("line", [Ready(50080, "/data/keys.json"), Ended("it broke: really\nyes")])
def test_lines_come_back(line: Line) -> None:
    text = write_line(line)
    assert "\n" not in text
    assert read_line(text) == line


@pytest.mark.parametrize("text", ["", "hello", "[]", "{}", '{"event": "ready"}', '{"event": "song", "port": 1}'])
def test_other_lines_are_nothing(text: str) -> None:
    assert read_line(text) is None

"""Tracebacks become one entry with the exception as its headline, and no line is lost."""

from __future__ import annotations

import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.store.traceback_folding import Entry, fold_tracebacks

PYTHON = [
    "Traceback (most recent call last):",
    '  File "/app/run.py", line 3, in <module>',
    "    main()",
    "    ~~~~^^",
    '  File "/app/run.py", line 1, in main',
    "    raise ValueError('no tile')",
    "ValueError: no tile",
]
GO = [
    "panic: runtime error: index out of range [5] with length 3",
    "",
    "goroutine 1 [running]:",
    "main.main()",
    "\t/tmp/x.go:8 +0x1d",
    "exit status 2",
]
JAVA = [
    'Exception in thread "main" java.lang.RuntimeException: wrapped',
    "\tat com.example.Tile.render(Tile.java:31)",
    "\tat com.example.Main.main(Main.java:3)",
    "Caused by: java.io.IOException: disk full",
    "\tat com.example.Disk.write(Disk.java:7)",
    "\t... 2 more",
]
NODE = ["Error: no tile", "    at render (/app/tile.js:3:9)", "    at /app/index.js:1:1"]
KINDS = [PYTHON, GO, JAVA, NODE]


def heads(lines: list[str]) -> list[tuple[int, str]]:
    return [(entry.count, entry.headline) for entry in fold_tracebacks(lines)]


@pytest.mark.parametrize(
    ("lines", "headline"),
    [
        (PYTHON, "ValueError: no tile"),
        (GO, "panic: runtime error: index out of range [5] with length 3"),
        (JAVA, "Caused by: java.io.IOException: disk full"),
        (NODE, "Error: no tile"),
        (["    " + line for line in PYTHON], "ValueError: no tile"),
    ],
)
def test_a_traceback_between_lines_is_one_entry(lines: list[str], headline: str) -> None:
    assert heads(["decoding band 8", *lines, "Killed by its parent"]) == [
        (1, "decoding band 8"),
        (len(lines), headline),
        (1, "Killed by its parent"),
    ]


def raised() -> None:
    try:
        raise KeyError("tile")
    except KeyError as error:
        raise ValueError("no tile") from error


def test_what_python_really_writes_is_one_entry_chains_and_groups_too() -> None:
    try:
        raised()
    except ValueError as error:
        chain = "".join(traceback.format_exception(error)).splitlines()
    assert heads(chain) == [(len(chain), "ValueError: no tile")]
    try:
        raise ExceptionGroup("two at once", [ValueError("one"), TypeError("two")])
    except ExceptionGroup as error:
        group = "".join(traceback.format_exception(error)).splitlines()
    assert heads(["before", *group, "after"]) == [
        (1, "before"),
        (len(group), "ExceptionGroup: two at once (2 sub-exceptions)"),
        (1, "after"),
    ]
    try:
        compile("a b", "x.py", "exec")
    except SyntaxError as error:
        syntax = "".join(traceback.format_exception(error)).splitlines()
    assert heads(syntax) == [(len(syntax), "SyntaxError: invalid syntax")]


def test_one_that_is_cut_off_at_either_end_is_still_one() -> None:
    assert heads(PYTHON[1:]) == [(6, "ValueError: no tile")]
    assert heads(PYTHON[:3]) == [(3, "main()")]
    assert heads(PYTHON[:1]) == [(1, PYTHON[0])]


def test_two_in_a_row_are_two_and_words_alone_are_none() -> None:
    assert heads(PYTHON + PYTHON) == [(7, "ValueError: no tile")] * 2
    for line in ("panic: boom", "  at noon", "Traceback", "ValueError: no tile", "", "Caused by: rain"):
        assert heads([line, "next"]) == [(1, line), (1, "next")]


def test_a_log_line_after_a_cut_traceback_does_not_belong_to_it() -> None:
    lines = [*PYTHON[:3], "14:11:55 retrying in 5 s"]
    assert heads(lines)[-1] == (1, "14:11:55 retrying in 5 s")


LINE = st.sampled_from([line for kind in KINDS for line in kind] + ["", " ", "plain text", "  | x", "  + y"]) | st.text(
    max_size=30
)


@given(st.lists(LINE, max_size=40))
def test_no_line_is_lost_and_the_order_is_kept(lines: list[str]) -> None:
    entries = fold_tracebacks(lines)
    put_together = [line for entry in entries for line in lines[entry.start : entry.stop]]
    assert put_together == lines
    for entry in entries:
        assert entry.count >= 1
        assert any(entry.headline.strip() in line for line in lines[entry.start : entry.stop])


@given(st.lists(st.sampled_from(KINDS) | st.just(["plain text"]), max_size=8))
def test_whole_tracebacks_are_folded_whole(blocks: list[list[str]]) -> None:
    apart = [part for block in blocks for part in (block, ["-- next --"])]
    found = fold_tracebacks([line for block in apart for line in block])
    assert [entry.count for entry in found] == [len(block) for block in apart]
    assert all(entry.is_folded == (entry.count > 1) for entry in found)


def test_places_follow_each_other() -> None:
    assert fold_tracebacks(["a", *NODE]) == [Entry(0, 1, "a"), Entry(1, 3, "Error: no tile")]

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.ui.log_buffer import LogBuffer, LogLine, shown_text
from colonies_tui.ui.log_query import BadPattern, LogHits, LogQuery


def lines(*texts: str, source: str = "w") -> list[LogLine]:
    return [LogLine(source, number + 1, text) for number, text in enumerate(texts)]


def shown(buffer: LogBuffer) -> list[str]:
    return [buffer.shown(serial) for serial in range(buffer.first, buffer.end)]


def test_a_message_of_several_lines_becomes_continuation_lines() -> None:
    buffer = LogBuffer()
    buffer.append([LogLine("a", 7, "one\ntwo\r\nthree\n"), LogLine("b", 8, "four")])
    assert shown(buffer) == ["one", "two", "three", "four"]
    assert [buffer.is_continuation(serial) for serial in range(4)] == [False, True, True, False]
    assert [buffer.source(serial) for serial in range(4)] == ["a", "a", "a", "b"]
    assert [buffer.stamp(serial) for serial in range(4)] == [7, 7, 7, 8]


def test_what_is_shown_is_clean_and_what_is_kept_is_raw() -> None:
    buffer = LogBuffer()
    buffer.append(lines("\x1b[31mred\x07\tx"))
    assert buffer.raw(0) == "\x1b[31mred\x07\tx"
    assert buffer.shown(0).isprintable()
    assert "\t" not in buffer.shown(0)


@given(st.lists(st.tuples(st.text(), st.sampled_from(["", "a", "ü"]), st.integers(0, 2**62)), max_size=30))
def test_messages_come_back_as_they_were_sent(parts: list[tuple[str, str, int]]) -> None:
    messages = [LogLine(source, stamp, text) for text, source, stamp in parts]
    buffer = LogBuffer()
    buffer.append(messages[:10])
    buffer.append(messages[10:])
    assert list(buffer.messages()) == messages


@given(st.text())
def test_shown_text_is_printable(text: str) -> None:
    for piece in text.splitlines(keepends=True):
        assert shown_text(piece).isprintable()


def test_the_oldest_lines_drop_out_and_serials_stay() -> None:
    buffer = LogBuffer(max_lines=100)
    for number in range(1000):
        buffer.append(lines(str(number)))
        assert len(buffer) <= 100
        assert buffer.shown(buffer.end - 1) == str(number)
    assert buffer.end == 1000
    assert buffer.dropped == buffer.first
    assert buffer.shown(buffer.first) == str(buffer.first)
    with pytest.raises(IndexError):
        buffer.raw(buffer.first - 1)


def test_a_batch_larger_than_the_buffer_leaves_its_end() -> None:
    buffer = LogBuffer(max_lines=10)
    assert buffer.append(lines(*map(str, range(25)))) == 15
    assert shown(buffer) == [str(number) for number in range(15, 25)]


def test_older_lines_go_before_the_first_as_far_as_there_is_room() -> None:
    buffer = LogBuffer(max_lines=5)
    buffer.append(lines("d", "e"))
    assert buffer.prepend(lines("a", "b\nc", source="old")) == 3
    assert shown(buffer) == ["a", "b", "c", "d", "e"]
    assert buffer.first == -3
    assert buffer.prepend(lines("too old")) == 0
    assert buffer.dropped == 1
    assert buffer.source(-1) == "old"


def test_clearing_never_uses_a_serial_twice() -> None:
    buffer = LogBuffer()
    buffer.append(lines("a", "b"))
    buffer.clear()
    buffer.append(lines("c"))
    assert (buffer.first, buffer.end, shown(buffer)) == (2, 3, ["c"])


def test_a_buffer_needs_room() -> None:
    with pytest.raises(ValueError, match="at least one line"):
        LogBuffer(0)


def test_case_matters_only_where_capitals_are_typed() -> None:
    texts = ["an ERROR", "an error", "Ärger", "none"]
    assert LogQuery("error").scan(texts, 10) == [10, 11]
    assert LogQuery("ERROR").scan(texts, 10) == [10]
    assert LogQuery("ärger").scan(texts, 0) == [2]
    assert LogQuery("err.r", regex=True).scan(texts, 0) == [0, 1]
    assert LogQuery("E.{4}$", regex=True).scan(texts, 0) == [0]


def test_a_search_sees_what_is_shown() -> None:
    texts = ["a\tb", "\x1b[1mb"]
    assert LogQuery("a   b").scan(texts, 0) == [0]
    assert LogQuery("␛[1m").scan(texts, 0) == [1]


def test_text_is_taken_literally_unless_a_pattern_is_meant() -> None:
    assert list(LogQuery("a.c").spans("abc a.c")) == [(4, 7)]
    assert list(LogQuery("x*", regex=True).spans("axxb")) == [(1, 3)]
    with pytest.raises(BadPattern, match="not a pattern"):
        LogQuery("(", regex=True)


def test_hits_follow_the_buffer() -> None:
    buffer = LogBuffer(max_lines=64)
    buffer.append(lines("no", "hit"))
    hits = LogHits(LogQuery("hit"), buffer)
    start = buffer.end
    buffer.append(lines("hit too", "no"))
    assert list(hits.appended(buffer, start)) == [2]
    assert list(hits.serials) == [1, 2]
    assert hits.after(1) == 2
    assert hits.after(2) == 1
    assert hits.before(1) == 2
    assert hits.rank(2) == 2
    assert 1 in hits
    assert 3 not in hits
    assert "hit" not in hits
    hits.prepended(buffer, buffer.prepend(lines("hit before")))
    assert list(hits.serials) == [-1, 1, 2]
    hits.trimmed(2)
    assert list(hits.serials) == [2]


def test_no_hit_is_nowhere() -> None:
    hits = LogHits(LogQuery("x"), LogBuffer())
    assert hits.after(0) is None
    assert hits.before(0) is None


def test_a_source_is_found_too() -> None:
    buffer = LogBuffer()
    buffer.append([LogLine("gpu-7", 1, "text\nmore"), LogLine("cpu-1", 2, "gpu-7 is away"), LogLine("cpu-1", 3, "x")])
    hits = LogHits(LogQuery("gpu-7"), buffer)
    assert list(hits.serials) == [0, 1, 2]
    start = buffer.end
    buffer.append([LogLine("gpu-70", 4, "new source")])
    assert list(hits.appended(buffer, start)) == [4]

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.ui.log_marks import key_spans, level_of


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("ERROR decoding failed", "error"),
        ("[ERROR] decoding failed", "error"),
        ("2026-02-11T14:11:55.002Z ERROR x", "error"),
        ("14:11:55 [FATAL] x", "error"),
        ("error: cannot open", "error"),
        ("error[E0308]: mismatched types", "error"),
        ("panic: runtime error", "error"),
        ("Traceback (most recent call last):", "error"),
        ("MemoryError: 1.2 GiB of 1 GiB", "error"),
        ("botocore.exceptions.ClientError: denied", "error"),
        ("KeyboardInterrupt", "error"),
        ('{"ts": 1, "level": "error", "msg": "x"}', "error"),
        ("ts=1 level=ERROR msg=x", "error"),
        ('severity="critical" x=y', "error"),
        ("WARN retrying", "warning"),
        ("WARNING: retrying", "warning"),
        ("DeprecationWarning: old", "warning"),
        ('{"level":"warn"}', "warning"),
        ("level=warning a=b", "warning"),
        ("INFO 0 errors", ""),
        ("no error here", ""),
        ("errors: 0", ""),
        ("ERRORS found: 0", ""),
        ("the level=errorless run", ""),
        ("Terror: a film", ""),
        ("", ""),
    ],
)
def test_how_serious_a_line_says_it_is(line: str, level: str) -> None:
    assert level_of(line) == level


def test_keys_of_json_and_logfmt_stand_back() -> None:
    json = '{"level":"info","n": 1}'
    assert [json[start:end] for start, end in key_spans(json)] == ['{"level":', ',"n": ']
    pairs = 'ts=1 msg="a b" path=/x'
    assert [pairs[start:end] for start, end in key_spans(pairs)] == ["ts=", "msg=", "path="]
    assert list(key_spans("a = b, c == d")) == []
    assert list(key_spans("x=1")) == []


@given(st.text(max_size=300))
def test_any_text_can_be_looked_at(text: str) -> None:
    assert level_of(text) in ("", "warning", "error")
    end_before = 0
    for start, end in key_spans(text):
        assert end_before <= start < end <= len(text)
        end_before = end

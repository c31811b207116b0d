from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.ui.document import Field, Section, lay_out
from colonies_tui.ui.spans import Line, Span, fitted, line_width, zone_at


def text(lines: list[list[Span]]) -> list[str]:
    return ["".join(span.text for span in line).rstrip() for line in lines]


def test_labels_make_a_column_and_values_wrap_under_themselves() -> None:
    section = Section("", [Field.of("id", "3f9a01bc"), Field.of("errors", "one two three four five")])
    assert text(lay_out([section], 20)) == [
        "id      3f9a01bc",
        "errors  one two",
        "        three four",
        "        five",
    ]


def test_fields_stand_side_by_side_in_columns_where_there_is_room() -> None:
    rows = [
        (Field.of("in", "–"), Field.of("out", "–")),
        (Field.of("retries", "0 of 3"), Field.of("priority", "0")),
        (Field.of("spec", "a long value that has no room beside another"), Field.of("label", "tiles")),
    ]
    assert text(lay_out([Section("", rows)], 40)) == [
        "in       –               out       –",
        "retries  0 of 3          priority  0",
        "spec     a long value that has no room",
        "         beside another",
        "label    tiles",
    ]
    assert text(lay_out([Section("", rows[:2])], 20)) == [
        "in       –    out  –",
        "retries  0 of 3",
        "priority  0",
    ]


def test_sections_have_rules_across_the_whole_width() -> None:
    lines = text(lay_out([Section("", [Field.of("a", "1")]), Section("Log", [Field.of("b", "2")])], 12, indent=1))
    assert lines == [" a  1", "", "── Log ─────", " b  2"]


def test_json_keeps_its_shape() -> None:
    spec = json.dumps({"a": {"b": 1}}, indent=2)
    assert text(lay_out([Section("", [Field.of("spec", spec)])], 40)) == [
        "spec  {",
        '        "a": {',
        '          "b": 1',
        "        }",
        "      }",
    ]


def test_a_field_without_a_label_begins_where_labels_do() -> None:
    section = Section("", [Field("", (Span("✖ failed", "failed"), Span(" 2m ago"))), Field.of("errors", "x")])
    assert text(lay_out([section], 40)) == ["✖ failed 2m ago", "errors  x"]


def test_paragraphs_follow_the_fields() -> None:
    paragraphs = [(Span("It can take "), Span("111 waiting processes", "strong"), Span(" of type gpu."))]
    lines = lay_out([Section("", [Field.of("a", "b")], paragraphs)], 24)
    assert text(lines) == ["a  b", "", "It can take 111 waiting", "processes of type gpu."]
    assert {span.role for line in lines for span in line if "waiting" in span.text} == {"strong"}


def test_long_labels_are_cut() -> None:
    assert text(lay_out([Section("", [Field.of("a_very_long_label", "x")])], 40)) == ["a_very_long_l…  x"]


spans = st.lists(st.builds(Span, st.text(max_size=30), st.sampled_from(["text", "dim"])), max_size=4)
fields = st.builds(Field, st.text(max_size=20), spans)
sections = st.lists(
    st.builds(
        Section,
        st.text(max_size=10),
        st.lists(st.one_of(fields, st.lists(fields, min_size=1, max_size=3)), max_size=5),
        st.lists(spans, max_size=2),
    ),
    max_size=3,
)


@given(sections, st.integers(30, 100))
def test_any_document_fits_and_is_clean(document: list[Section], width: int) -> None:
    for line in lay_out(document, width, indent=1):
        assert line_width(line) <= width
        assert all(span.text.isprintable() for span in line)


@given(st.text(st.characters(categories=("L", "N", "P")), min_size=1), st.integers(4, 20))
def test_wrapping_loses_nothing(value: str, width: int) -> None:
    lines = lay_out([Section("", [Field.of("", value)])], width)
    assert "".join(span.text for line in lines for span in line) == "".join(
        span.text for line in lay_out([Section("", [Field.of("", value)])], 10_000) for span in line
    )


def test_lines_are_cut_and_know_their_zones() -> None:
    line: Line = [Span("ab", zone="x"), Span("広い", "dim", "y")]
    assert fitted(line, 5) == [Span("ab", zone="x"), Span("広…", "dim", "y")]
    assert fitted(line, 2) == [Span("ab", zone="x")]
    assert [zone_at(line, x) for x in range(7)] == ["x", "x", "y", "y", "y", "y", ""]

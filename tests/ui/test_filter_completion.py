"""Completion of filters: fields, then values of the rows by how many have them, then saved filters."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from colonies_tui.ui.filter import parse_filter
from colonies_tui.ui.filter_completion import OFFERED, candidates, ghost
from tests.ui.test_filter import FIELDS, NOW, Job

ROWS = [Job("render_tile", "failed"), Job("render tile", "failed"), Job("hash", "success"), Job('say "hi"', "failed")]


def words(text: str) -> list[str]:
    return [found.shown for found in candidates(text, FIELDS, ROWS, {"bad": "x", "big": "y"})]


def test_fields_while_there_is_no_operator() -> None:
    assert words("st") == ["state="]
    assert words("x na") == ["name="]
    assert words("a") == ["age>"]
    for text in ("", " ", "!st", "~st", "St", "nothing", '"st', "3"):
        assert words(text) == []


def test_values_the_most_frequent_first() -> None:
    assert words("state=") == ["failed 3", "success 1"]
    assert words("state=S") == ["success 1"]
    assert words("state!=failed|s") == ["success 1"]
    assert words("state~f") == ["failed 3"]
    assert words("state=failed") == [], "it stands there already"
    assert words("age>") == []
    assert words("colour=") == []


def test_what_has_spaces_or_quotes_is_quoted() -> None:
    found = candidates("x name=re", FIELDS, ROWS)
    assert [each.text for each in found] == ['x name="render tile"', "x name=render_tile"]
    assert [each.text for each in candidates('name="render ', FIELDS, ROWS)] == ['name="render tile"']
    assert candidates('name="render tile"', FIELDS, ROWS) == []
    assert [each.text for each in candidates("name=sa", FIELDS, ROWS)] == ['name="say ""hi"""']


def test_saved_filters_by_the_beginning_of_their_name() -> None:
    assert words("*") == ["*bad", "*big"]
    assert words("x *bi") == ["*big"]


def test_the_ghost_goes_on_from_what_is_typed() -> None:
    assert ghost("state=f", candidates("state=f", FIELDS, ROWS)) == "state=failed"
    assert ghost("state=F", candidates("state=F", FIELDS, ROWS)) == "state=failed"
    assert ghost("name=re", candidates("name=re", FIELDS, ROWS)) is None, "a quote would stand before it"
    assert ghost("x", []) is None


@settings(derandomize=True, deadline=None, database=None, max_examples=300)
@given(st.lists(st.builds(Job, st.text(max_size=8), st.just("x")), max_size=12), st.text(max_size=2))
def test_each_value_offered_can_be_asked_for_and_finds_its_rows(rows: list[Job], begun: str) -> None:
    text = "name=" + begun.replace('"', "").replace("|", "").replace(" ", "")
    found = candidates(text, FIELDS, rows)
    assert len(found) <= OFFERED
    for each in found:
        wanted = parse_filter(each.text, FIELDS, lambda: NOW)
        assert wanted is not None
        assert sum(map(wanted, rows)) >= each.count > 0

"""What differs between two snapshots of derived rows."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from colonies_tui.ui.row_diff import diff_rows


@dataclass(frozen=True)
class Row:
    """A derived row."""

    name: str
    count: int = 0


def test_new_gone_changed_and_the_same() -> None:
    old = {"a": Row("a"), "b": Row("b"), "c": Row("c", 1)}
    new = {"b": Row("b"), "c": Row("C", 2), "d": Row("d")}
    assert diff_rows(old, new) == {"a": frozenset(), "c": frozenset({"name", "count"}), "d": frozenset()}
    assert diff_rows(old, old) == {}
    assert diff_rows({}, {}) == {}


_ROWS = st.dictionaries(st.sampled_from("abcdef"), st.builds(Row, st.sampled_from("xy"), st.integers(0, 2)))


@settings(derandomize=True, deadline=None, database=None)
@given(_ROWS, _ROWS)
def test_it_names_exactly_what_a_table_has_to_paint_anew(old: dict[str, Row], new: dict[str, Row]) -> None:
    changed = diff_rows(old, new)
    assert set(changed) == {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    for key, fields in changed.items():
        if key in old and key in new:
            assert fields == {name for name in ("name", "count") if getattr(old[key], name) != getattr(new[key], name)}
            assert fields
        else:
            assert fields == frozenset()

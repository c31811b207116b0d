"""Labels as a tree."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.ui.tables.files import label_lines

labels = st.dictionaries(
    st.lists(st.sampled_from(["a", "b", "a-b", "c"]), min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts)),
    st.integers(1, 9),
    max_size=8,
)


def drawn(known: dict[str, int]) -> list[tuple[str, int, int, int]]:
    return [(line.name, line.depth, line.revisions, line.below) for line in label_lines(known).values()]


def test_folders_that_hold_nothing_themselves_are_there() -> None:
    assert drawn({"/maps/north": 3, "/maps/south": 1, "/old": 2}) == [
        ("maps", 0, 0, 4),
        ("north", 1, 3, 3),
        ("south", 1, 1, 1),
        ("old", 0, 2, 2),
    ]


def test_what_begins_alike_is_not_below() -> None:
    assert drawn({"/map": 1, "/map-old": 5, "/map/new": 2}) == [
        ("map", 0, 1, 3),
        ("new", 1, 2, 2),
        ("map-old", 0, 5, 5),
    ]


def test_a_label_without_a_slash_is_a_folder_at_the_top() -> None:
    assert drawn({"plain": 1, "plain/inner": 2}) == [("plain", 0, 1, 3), ("inner", 1, 2, 2)]


def test_odd_labels_are_all_there() -> None:
    for label in ("/", "//", "a//b", "/a/", ""):
        lines = label_lines({label: 3})
        if label.strip("/") or label:
            assert any(line.label == label and line.revisions == 3 for line in lines.values()), label
        assert all(line.name for line in lines.values())


@given(labels)
def test_parents_stand_right_before_what_is_below_them(known: dict[str, int]) -> None:
    lines = list(label_lines(known).values())
    assert known.keys() <= {line.label for line in lines}
    way: list[str] = []
    for line in lines:
        del way[line.depth :]
        assert line.depth == len(way)
        assert line.label.rpartition("/")[0] == (way[-1] if way else "")
        way.append(line.label)
    top = [line for line in lines if line.depth == 0]
    assert sum(line.below for line in top) == sum(known.values())
    for line in lines:
        children = [one for one in lines if one.label.rpartition("/")[0] == line.label]
        assert line.below == line.revisions + sum(one.below for one in children)

"""Resources say exactly what changed, and watchers lose none of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from colonies_tui.protocol.errors import NotAllowed, NotReached
from colonies_tui.protocol.models.process import ProcessRow
from colonies_tui.protocol.states import ProcessState
from colonies_tui.store.freshness import Condition
from colonies_tui.store.resource import NEW, Changes, Resource, Watcher, changed_fields

from .rows import executor, process_row


def watched() -> tuple[Resource[ProcessRow], Watcher, list[None]]:
    wakes: list[None] = []
    watcher = Watcher(lambda: wakes.append(None))
    return Resource("processes", [watcher]), watcher, wakes


def test_a_replacement_tells_what_is_new_gone_and_different_and_nothing_else() -> None:
    resource, watcher, _ = watched()
    kept, changed, gone = process_row("kept"), process_row("changed"), process_row("gone")
    resource.replace({"kept": kept, "changed": changed, "gone": gone}, 1.0)
    watcher.take()
    later = process_row("changed", ProcessState.RUNNING, started=5.0)
    assert resource.replace({"kept": kept, "changed": later, "new": process_row("new")}, 2.0)
    assert watcher.take() == {
        "processes": Changes(rows={"gone": NEW, "changed": frozenset({"state", "starttime"}), "new": NEW})
    }
    assert list(resource.rows) == ["kept", "changed", "new"]
    assert resource.freshness.loaded_at == 2.0


def test_the_same_answer_again_wakes_nobody() -> None:
    resource, watcher, wakes = watched()
    resource.replace({"a": process_row("a")}, 1.0)
    watcher.take()
    wakes.clear()
    assert not resource.replace({"a": process_row("a")}, 2.0)
    assert not resource.merge({"a": process_row("a")}, now=3.0)
    assert watcher.take() == {}
    assert wakes == []
    assert resource.freshness.loaded_at == 3.0


def test_a_merge_leaves_other_rows_and_the_freshness_alone() -> None:
    resource, watcher, _ = watched()
    resource.replace({"a": process_row("a"), "b": process_row("b")}, 1.0)
    watcher.take()
    assert resource.merge({"c": process_row("c")}, ["a", "never there"])
    assert set(resource.rows) == {"b", "c"}
    assert resource.freshness.loaded_at == 1.0
    assert watcher.take()["processes"].rows == {"a": NEW, "c": NEW}


def test_a_watcher_is_woken_once_until_it_takes() -> None:
    resource, watcher, wakes = watched()
    resource.merge({"a": process_row("a")})
    resource.merge({"b": process_row("b")})
    assert len(wakes) == 1
    watcher.take()
    resource.merge({"c": process_row("c")})
    assert len(wakes) == 2


def test_changes_of_one_row_add_up() -> None:
    changes = Changes()
    changes.merge({"a": frozenset({"state"}), "b": NEW}, False)
    changes.merge({"a": frozenset({"starttime"}), "b": frozenset({"state"}), "c": frozenset({"error"})}, False)
    changes.merge({"c": NEW}, True)
    assert changes.rows == {"a": frozenset({"state", "starttime"}), "b": NEW, "c": NEW}
    assert changes.freshness


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), st.sampled_from(ProcessState), max_size=4), max_size=8))
def test_whoever_applies_the_changes_has_the_rows(answers: list[dict[str, ProcessState]]) -> None:
    resource, watcher, _ = watched()
    mine: dict[str, ProcessRow] = {}
    for number, answer in enumerate(answers):
        resource.replace({name: process_row(name, state) for name, state in answer.items()}, float(number))
        if number % 2:
            continue  # two answers are taken together
        for row_id in watcher.take().get("processes", Changes()).rows:
            row = resource.get(row_id)
            if row is None:
                mine.pop(row_id, None)
            else:
                mine[row_id] = row
    for row_id in watcher.take().get("processes", Changes()).rows:
        row = resource.get(row_id)
        if row is None:
            mine.pop(row_id, None)
        else:
            mine[row_id] = row
    assert mine == resource.snapshot()


def test_a_failure_keeps_the_rows_and_tells_only_when_the_words_change() -> None:
    resource, watcher, wakes = watched()
    resource.replace({"a": process_row("a")}, 1.0)
    watcher.take()
    wakes.clear()
    resource.fail(NotReached("nobody there"))
    assert resource.freshness.condition is Condition.STALE
    assert watcher.take() == {"processes": Changes(freshness=True)}
    resource.fail(NotReached("nobody there"))
    assert watcher.take() == {}
    resource.fail(NotAllowed(403, "no"))
    assert watcher.take() == {"processes": Changes(freshness=True)}
    assert len(resource) == 1


def test_the_view_of_the_rows_follows_and_the_snapshot_does_not() -> None:
    resource, _, _ = watched()
    view, snapshot = resource.rows, resource.snapshot()
    resource.merge({"a": process_row("a")})
    assert set(view) == {"a"}
    assert snapshot == {}


def test_changed_fields_know_models_and_dataclasses() -> None:
    assert changed_fields(executor("a"), executor("a", kind="gpu")) == {"executortype"}
    assert changed_fields(process_row("a"), process_row("a", kind="gpu")) == {"executortype"}

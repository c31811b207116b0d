"""Which rows a table shows, in which order, with cursor and marks that stay on ids. Pure; knows no widget.

A table of 100,000 rows of which ten change must not cost 100,000 of anything. So the order is kept, not recomputed:
changed rows are taken out and put back by binary search, with the sort keys of all shown rows at hand. Whenever that
would not pay, or anything does not add up, the order is built anew.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Reversible, Sequence
from itertools import islice
from typing import Any, Generic, Literal, TypeVar

RowT = TypeVar("RowT")

Loss = Literal["removed", "filtered"]
"""Why a cursor was moved without being asked: its row is gone, or hidden by the filter."""

SortKey = Any
"""A row's sort value. Those of one column compare with each other, save None: rows without a value come last."""

_UNKNOWN = object()
"""Stands for the sort value of a row that has none yet; equal to nothing."""


class TableOrder(Generic[RowT]):
    """The rows on show, in order. Ties keep the natural order (that of the snapshot) in both directions."""

    def __init__(self) -> None:
        self.rows: Mapping[str, RowT] = {}
        """The whole snapshot, hidden rows included."""
        self.ids: list[str] = []
        """Ids on show, in order. Not to be changed from outside."""
        self.cursor_id: str | None = None
        self.cursor: int = -1
        """Position of `cursor_id` in `ids`; -1 when there are no rows."""
        self.lost: Loss | None = None
        """Set when the cursor's row vanished under it; cleared by the next movement that was asked for."""
        self.marks: frozenset[str] = frozenset()
        """Marked ids; rows hidden by the filter keep their mark, rows that are gone lose it."""
        self._mark_anchor: str | None = None
        self._predicate: Callable[[RowT], bool] | None = None
        self._shown: set[str] = set()
        """Ids on show; kept only while a filter is set."""
        self._sort: Callable[[RowT], Any] | None = None
        self._reverse = False
        self._keys: dict[str, SortKey] = {}
        """Sort keys of the rows on show; empty without a sort."""
        self._ranks: dict[str, int] | None = None
        """Natural order of all rows; made when first needed, numbers need not be dense."""
        self._first_rank = 0
        self._last_rank = -1

    # -- rows ------------------------------------------------------------------------------------------------------

    def update(self, rows: Mapping[str, RowT], changed: Mapping[str, frozenset[str]] | None) -> bool:
        """Take the next snapshot; `changed` names the ids that were added, changed or removed, None says nothing.

        The natural order of rows that stay is taken to be the same as before, unless `changed` is None.

        Returns:
            Whether rows came, went or moved (False: at most the content of rows in place has changed).
        """
        before, self.rows = self.rows, rows
        if changed is None:
            return self._rebuild()
        removed = [id_ for id_ in changed if id_ not in rows and id_ in before]
        added = [id_ for id_ in changed if id_ in rows and id_ not in before]
        if len(before) + len(added) - len(removed) != len(rows):
            return self._rebuild()  # the snapshot holds more changes than it was said to
        if self._ranks is None and (self._sort is not None or removed or added):
            self._ranks = self._rank_all(before)
        if added and not self._rank(added):
            return self._rebuild()
        return self._apply(changed, removed, added)

    def set_filter(self, predicate: Callable[[RowT], bool] | None) -> bool:
        """Show only rows that satisfy `predicate`; None shows all. Returns whether the order has changed."""
        self._predicate = predicate
        return self._rebuild()

    def set_sort(self, key: Callable[[RowT], Any] | None, reverse: bool) -> bool:
        """Sort by `key`, stable; None gives the natural order. Returns whether the order has changed."""
        self._sort, self._reverse = key, reverse
        return self._rebuild()

    @property
    def hidden_count(self) -> int:
        """Rows of the snapshot that the filter hides."""
        return len(self.rows) - len(self.ids)

    # -- cursor and marks ------------------------------------------------------------------------------------------

    def move_to(self, id_: str) -> bool:
        """Put the cursor on a row on show. Returns False, and moves nothing, when it is not on show."""
        position = self.position(id_)
        if position is None:
            return False
        self.cursor, self.cursor_id, self.lost = position, id_, None
        return True

    def move_by(self, lines: int) -> bool:
        """Move the cursor by a number of rows, stopping at the ends. Returns whether it is on another row now."""
        return self.move_to_position(self.cursor + lines)

    def move_to_position(self, position: int) -> bool:
        """Put the cursor on the nth row on show, or the nearest there is. Returns whether it is on another row now."""
        self.lost = None
        if not self.ids:
            return False
        before = self.cursor_id
        self.cursor = max(0, min(position, len(self.ids) - 1))
        self.cursor_id = self.ids[self.cursor]
        return self.cursor_id != before

    def toggle_mark(self) -> bool:
        """Mark the cursor's row, or take its mark away. Returns False when there is no row."""
        if self.cursor_id is None:
            return False
        self.marks = self.marks ^ {self.cursor_id}
        self._mark_anchor = self.cursor_id
        return True

    def mark_range(self) -> bool:
        """Mark every row from the one last marked to the cursor's. Returns False when there is no row."""
        if self.cursor_id is None:
            return False
        anchor = None if self._mark_anchor is None else self.position(self._mark_anchor)
        if anchor is None:
            anchor = self.cursor
        first, last = sorted((anchor, self.cursor))
        self.marks = self.marks.union(self.ids[first : last + 1])
        self._mark_anchor = self.cursor_id
        return True

    def unmark(self, ids: Collection[str]) -> bool:
        """Take the marks of some rows away. Returns whether there were any."""
        before, self.marks = self.marks, self.marks.difference(ids)
        return self.marks != before

    def clear_marks(self) -> bool:
        """Take all marks away. Returns whether there were any."""
        had_marks = bool(self.marks)
        self.marks = frozenset()
        self._mark_anchor = None
        return had_marks

    def position(self, id_: str) -> int | None:
        """Where an id is on show; None when it is not."""
        if not self._is_shown(id_):
            return None
        if 0 <= self.cursor < len(self.ids) and self.ids[self.cursor] == id_:
            return self.cursor
        position = self._search(id_)
        if position < len(self.ids) and self.ids[position] == id_:
            return position
        return self.ids.index(id_)  # keys that do not compare, such as NaN

    # -- keeping the order -----------------------------------------------------------------------------------------

    def _apply(self, changed: Mapping[str, frozenset[str]], removed: list[str], added: list[str]) -> bool:
        """Take out what went or moves and put back what came or moved; rebuild when that is too much."""
        rows, predicate, sort = self.rows, self._predicate, self._sort
        new = set(added)
        leaving = {id_ for id_ in removed if predicate is None or id_ in self._shown}
        arriving: list[str] = []
        moving: dict[str, SortKey] = {}
        for id_ in changed:
            if id_ not in rows:
                continue
            was_shown = id_ not in new and (predicate is None or id_ in self._shown)
            is_shown = predicate is None or predicate(rows[id_])
            if was_shown and not is_shown:
                leaving.add(id_)
            elif is_shown and not was_shown:
                arriving.append(id_)
            elif is_shown and sort is not None and (key := sort(rows[id_])) != self._keys.get(id_, _UNKNOWN):
                moving[id_] = key
        if removed and self.marks:
            self.marks = self.marks.difference(removed)
        if not (leaving or arriving or moving):
            self._forget_ranks(removed)
            return False
        if len(leaving) + len(arriving) + len(moving) > max(64, len(self.ids) // 32):
            return self._rebuild()
        self._settle_cursor(self.ids, lambda id_: id_ not in leaving)
        if not all(self._take_out(id_) for id_ in (*leaving, *moving)):
            return self._rebuild()
        self._forget_ranks(removed)
        for id_ in arriving:
            self._put_in(id_, None if sort is None else sort(rows[id_]))
        for id_, key in moving.items():
            self._put_in(id_, key)
        self._find_cursor()
        return True

    def _rebuild(self) -> bool:
        """Build the order from the snapshot."""
        rows, before, predicate = self.rows, self.ids, self._predicate
        self._ranks = None
        if predicate is None:
            ids = list(rows)
            self._shown = set()
        else:
            ids = [id_ for id_, row in rows.items() if predicate(row)]
            self._shown = set(ids)
        self._keys = {}
        if (sort := self._sort) is not None:
            keys = self._keys = {id_: sort(rows[id_]) for id_ in ids}
            without = [id_ for id_ in ids if keys[id_] is None] if None in keys.values() else []
            if without:
                ids = [id_ for id_ in ids if keys[id_] is not None]
            ids.sort(key=keys.__getitem__, reverse=self._reverse)
            ids += without
        if self.marks:
            self.marks = frozenset(id_ for id_ in self.marks if id_ in rows)
        self._settle_cursor(before, self._is_shown)
        self.ids = ids
        self._find_cursor()
        return ids != before

    def _settle_cursor(self, order: Sequence[str], stays: Callable[[str], bool]) -> None:
        """When the cursor's row does not stay, take the nearest that does; of two as near, the one below."""
        if self.cursor_id is None or stays(self.cursor_id):
            return
        self.lost = "filtered" if self.cursor_id in self.rows else "removed"
        self.cursor_id = None
        above, below = self.cursor - 1, self.cursor + 1
        while above >= 0 or below < len(order):
            for position in (below, above):
                if 0 <= position < len(order) and stays(order[position]):
                    self.cursor_id = order[position]
                    return
            above, below = above - 1, below + 1

    def _find_cursor(self) -> None:
        """Make `cursor` the position of `cursor_id`, or put the cursor on the first row when it has none."""
        if self.cursor_id is None:
            self.cursor_id = self.ids[0] if self.ids else None
            self.cursor = 0 if self.ids else -1
            return
        position = self.position(self.cursor_id)
        self.cursor = -1 if position is None else position

    def _take_out(self, id_: str) -> bool:
        position = self._search(id_)
        if position >= len(self.ids) or self.ids[position] != id_:
            return False
        del self.ids[position]
        self._keys.pop(id_, None)
        self._shown.discard(id_)
        return True

    def _put_in(self, id_: str, key: SortKey | None) -> None:
        if self._sort is not None:
            self._keys[id_] = key
        if self._predicate is not None:
            self._shown.add(id_)
        self.ids.insert(self._search(id_), id_)

    def _search(self, id_: str) -> int:
        """Where `id_` is in the order, or belongs: binary search by sort key, then natural order."""
        ids, keys, reverse = self.ids, self._keys, self._reverse
        if (ranks := self._ranks) is None:
            ranks = self._ranks = self._rank_all(self.rows)
        rank = ranks[id_]
        low, high = 0, len(ids)
        if self._sort is None:
            while low < high:
                middle = (low + high) // 2
                if ranks[ids[middle]] < rank:
                    low = middle + 1
                else:
                    high = middle
            return low
        key = keys[id_]
        while low < high:
            middle = (low + high) // 2
            other_key = keys[ids[middle]]
            if other_key == key:
                comes_before = ranks[ids[middle]] < rank
            elif other_key is None or key is None:
                comes_before = key is None
            else:
                comes_before = bool(other_key > key if reverse else other_key < key)
            if comes_before:
                low = middle + 1
            else:
                high = middle
        return low

    def _rank(self, added: Sequence[str]) -> bool:
        """Give new rows their place in the natural order; False when they are neither its end nor its start."""
        rows, new = self.rows, set(added)
        if self._ranks is None:
            return False
        last = list(islice(reversed(rows if isinstance(rows, Reversible) else list(rows)), len(new)))
        if new == set(last):
            for id_ in reversed(last):
                self._last_rank += 1
                self._ranks[id_] = self._last_rank
            return True
        first = list(islice(rows, len(new)))
        if new == set(first):
            for id_ in reversed(first):
                self._first_rank -= 1
                self._ranks[id_] = self._first_rank
            return True
        return False

    def _rank_all(self, rows: Mapping[str, RowT]) -> dict[str, int]:
        """Number the rows in their natural order."""
        self._first_rank, self._last_rank = 0, len(rows) - 1
        return {id_: rank for rank, id_ in enumerate(rows)}

    def _is_shown(self, id_: str) -> bool:
        return id_ in self.rows if self._predicate is None else id_ in self._shown

    def _forget_ranks(self, removed: Iterable[str]) -> None:
        if self._ranks is not None:
            for id_ in removed:
                self._ranks.pop(id_, None)

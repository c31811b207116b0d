"""A resource: immutable rows by id, with what changed since each watcher last looked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from colonies_tui.protocol.errors import ColoniesError
from colonies_tui.store.freshness import Freshness

Row = TypeVar("Row")

NEW: frozenset[str] = frozenset()
"""Changed fields of a row that was not there before, and of one that is gone."""


def _field_names(row: Any) -> Iterable[str]:
    fields = getattr(type(row), "model_fields", None) or getattr(type(row), "__dataclass_fields__", None)
    if fields is None:
        raise TypeError(f"{type(row).__name__} is neither a model nor a dataclass")
    names: Iterable[str] = fields
    return names


def changed_fields(old: Any, new: Any) -> frozenset[str]:
    """Return the names of the fields in which two rows of one type differ."""
    return frozenset(name for name in _field_names(new) if getattr(old, name) != getattr(new, name))


@dataclass(slots=True)
class Changes:
    """What happened to one resource: changed fields by row id (ids that are gone are in here, too)."""

    rows: dict[str, frozenset[str]] = field(default_factory=dict)
    freshness: bool = False
    """Whether the resource's freshness changed."""

    def merge(self, rows: Mapping[str, frozenset[str]], freshness: bool) -> None:
        """Add what happened later."""
        for row_id, fields in rows.items():
            earlier = self.rows.get(row_id)
            self.rows[row_id] = fields if earlier is None else (NEW if not earlier or not fields else earlier | fields)
        self.freshness = self.freshness or freshness


class Watcher:
    """Collects the changes of all resources for one reader, and wakes it once for any number of them."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._pending: dict[str, Changes] = {}
        self._is_held = False

    @property
    def is_held(self) -> bool:
        """Whether nothing is told for the moment, since what is known is on its way to another time."""
        return self._is_held

    def hold(self) -> None:
        """Collect without telling until :meth:`release`."""
        self._is_held = True

    def release(self) -> None:
        """Tell again, and wake the reader for what was collected meanwhile."""
        self._is_held = False
        if self._pending:
            self._wake()

    def tell(self, resource: str, rows: Mapping[str, frozenset[str]], freshness: bool) -> None:
        """Note a change; wakes the reader at the first one after it last took."""
        sleeping = not self._pending and not self._is_held
        self._pending.setdefault(resource, Changes()).merge(rows, freshness)
        if sleeping:
            self._wake()

    def take(self) -> dict[str, Changes]:
        """Return the changes by resource name since the last call; none while they are held."""
        if self._is_held:
            return {}
        pending, self._pending = self._pending, {}
        return pending


class Resource(Generic[Row]):
    """Rows of one kind by id, their freshness, and who wants to know."""

    def __init__(self, name: str, watchers: list[Watcher]) -> None:
        self.name = name
        self.freshness = Freshness()
        self._rows: dict[str, Row] = {}
        self._watchers = watchers

    @property
    def rows(self) -> Mapping[str, Row]:
        """The rows by id: a read-only view that follows later changes."""
        return MappingProxyType(self._rows)

    def snapshot(self) -> dict[str, Row]:
        """Return the rows by id as they are now, for a reader that must not see later changes."""
        return self._rows.copy()

    def get(self, row_id: str) -> Row | None:
        """Return one row."""
        return self._rows.get(row_id)

    def __len__(self) -> int:
        return len(self._rows)

    def replace(self, rows: Mapping[str, Row], now: float) -> bool:
        """Make ``rows`` the whole content, as just answered by the server; return whether anything differs."""
        changed: dict[str, frozenset[str]] = {row_id: NEW for row_id in self._rows if row_id not in rows}
        for row_id in changed:
            del self._rows[row_id]
        changed.update(self._put(rows))
        self._tell(changed, self.freshness.succeeded(now))
        return bool(changed)

    def merge(self, rows: Mapping[str, Row], gone: Iterable[str] = (), *, now: float | None = None) -> bool:
        """Put ``rows`` over what is there and drop ``gone``; return whether anything differs.

        ``now`` is given when this is the server's answer to a read of the resource, which makes it fresh.
        """
        changed: dict[str, frozenset[str]] = {}
        for row_id in gone:
            if self._rows.pop(row_id, None) is not None:
                changed[row_id] = NEW
        changed.update(self._put(rows))
        self._tell(changed, self.freshness if now is None else self.freshness.succeeded(now))
        return bool(changed)

    def clear(self) -> None:
        """Know nothing, as before the first answer."""
        gone = dict.fromkeys(self._rows, NEW)
        self._rows.clear()
        self._tell(gone, Freshness())

    def fail(self, error: ColoniesError) -> None:
        """Note that a read failed; rows stay."""
        self._tell({}, self.freshness.failed(error))

    def _put(self, rows: Mapping[str, Row]) -> dict[str, frozenset[str]]:
        changed: dict[str, frozenset[str]] = {}
        for row_id, row in rows.items():
            old = self._rows.get(row_id)
            if old is None:
                changed[row_id] = NEW
            elif old == row:
                continue
            else:
                changed[row_id] = changed_fields(old, row)
            self._rows[row_id] = row
        return changed

    def _tell(self, changed: Mapping[str, frozenset[str]], freshness: Freshness) -> None:
        turned = freshness.differs_from(self.freshness)
        self.freshness = freshness
        if changed or turned:
            self.tell(changed, turned)

    def tell(self, changed: Mapping[str, frozenset[str]], freshness: bool) -> None:
        """Tell every watcher what changed. Called from outside for what readers know under this resource's name too."""
        for watcher in tuple(self._watchers):
            watcher.tell(self.name, changed, freshness)

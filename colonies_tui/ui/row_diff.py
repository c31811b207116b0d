"""What differs between two snapshots of derived rows, in the form that tables take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from colonies_tui.store.resource import NEW, changed_fields


def diff_rows(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    """Return the changed fields by id: none for rows that are new or gone."""
    changed: dict[str, frozenset[str]] = {row_id: NEW for row_id in old if row_id not in new}
    for row_id, row in new.items():
        before = old.get(row_id)
        if before is None:
            changed[row_id] = NEW
        elif before != row:
            changed[row_id] = changed_fields(before, row)
    return changed

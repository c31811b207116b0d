"""The critical path: the chain of boxes that took longest, by the times their members ran."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def critical_path(durations: Mapping[str, float | None], parents: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the longest chain from a parent to a child and so on, by duration; of equal ones that with more boxes.

    Boxes that have not started are not part of it. A single box is no path: nothing is returned then.

    Args:
        durations: seconds by box; None for a box that has not started.
        parents: known parents by box, without cycles.
    """
    best: dict[str, tuple[float, int]] = {}
    before: dict[str, str | None] = {}
    for start in durations:
        stack = [start]
        while stack:
            id_ = stack[-1]
            if id_ in best or (own := durations[id_]) is None:
                stack.pop()
                continue
            above = [parent for parent in parents.get(id_, ()) if durations.get(parent) is not None]
            missing = [parent for parent in above if parent not in best]
            if missing:
                stack.extend(missing)
                continue
            stack.pop()
            longest = max(above, key=best.__getitem__, default=None)
            seconds, count = (0.0, 0) if longest is None else best[longest]
            best[id_] = (seconds + own, count + 1)
            before[id_] = longest
    if not best:
        return ()
    end: str | None = max(best, key=best.__getitem__)
    path = []
    while end is not None:
        path.append(end)
        end = before[end]
    return tuple(reversed(path)) if len(path) > 1 else ()

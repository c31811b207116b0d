"""Whether a reply is about what was asked for: a server is not believed when it answers with somebody else's objects.

What a question names (a colony, a process, an executor …), every object of the answer that says the same kind of name
must say, too. An object that leaves it empty is taken for what was asked for, as some servers leave such keys out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from colonies_tui.protocol.messages.colony import GetColony
from colonies_tui.protocol.messages.log import GetLogs
from colonies_tui.protocol.request import Request

NAMES: Final = (
    "colonyname",
    "processid",
    "processgraphid",
    "executorid",
    "executorname",
    "userid",
    "cronid",
    "generatorid",
    "attributeid",
    "blueprintid",
    "snapshotid",
    "fileid",
)
"""Keys that say which object is meant."""


def foreign_part(request: Request[Any], reply: Any) -> str:
    """Return, in words, the first thing in a reply that belongs to something else than was asked for; empty for none.

    Only questions are looked at: the answer to a request that changes something is never a reason to doubt that it did.
    """
    if request.changes:
        return ""
    asked = dict(_asked(request))
    if not asked:
        return ""
    for row in reply if isinstance(reply, tuple) else (reply,):
        for name, wanted in asked.items():
            said = _said(row, name)
            if said and said != wanted:
                return f"{name} {said[:60]!r}"
    return ""


def _asked(request: Request[Any]) -> Iterator[tuple[str, str]]:
    for name in NAMES:
        value = getattr(request, name, "")
        if not value or not isinstance(value, str):
            continue
        if name == "processid" and isinstance(request, GetLogs) and request.executorname:
            continue  # the executor wins, and writes about many processes
        yield ("name" if isinstance(request, GetColony) else name), value
    namespace = getattr(request, "namespace", "")
    if namespace:
        yield "colonyname", namespace


def _said(row: Any, name: str) -> str:
    """Return what an object says: itself, or in the part of it that says where it belongs."""
    said = getattr(row, name, None)
    if said is None and name == "colonyname":
        spec = getattr(row, "spec", None)
        part = getattr(spec, "conditions", None) or getattr(row, "metadata", None)
        said = getattr(part, name, None)
    return said if isinstance(said, str) else ""

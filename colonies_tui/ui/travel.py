"""Where a locator leads in the colony on the screen."""

from __future__ import annotations

import re
from typing import Final

from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.freshness import Condition
from colonies_tui.store.session import Session
from colonies_tui.ui.context import Target
from colonies_tui.ui.format.ids import SHORT
from colonies_tui.ui.locator import Locator
from colonies_tui.ui.seek import seek, seek_file

_LONG_ID: Final = re.compile(rf"([0-9a-f]{{{SHORT}}})[0-9a-f]{{{64 - SHORT}}}")


def short_form(locator: Locator) -> str:
    """Return a locator for reading: with short ids, cleaned."""
    return plain(_LONG_ID.sub(r"\1…", str(locator)))


def reason_against_colony(session: Session, colony: str) -> str:
    """Return why another colony cannot be opened; empty when it can, or when only the server knows."""
    colonies = session.colonies
    knows_all = session.client.keys.server is not None and colonies.freshness.condition is Condition.FRESH
    if knows_all and colonies.get(colony) is None:
        return f"there is no colony {plain(colony)} at {session.client.address}"
    return ""


async def destination(session: Session, locator: Locator) -> Target | None:
    """Return the object that a locator names, as its view knows it; ``None`` when it names none.

    Raises:
        NotKnown: it is not found.
    """
    view, kind, text = locator.view, locator.kind, locator.id
    if not kind or kind == "type":
        return Target(view, kind, text) if kind else None
    if kind == "file":
        return Target(view, kind, await seek_file(session, text))
    return Target(view, kind, (await seek(session, kind, text)).id)

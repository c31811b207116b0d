"""A server that answers with what belongs to somebody else: nothing of it is shown, and the console says so."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.messages.every import MESSAGES
from colonies_tui.protocol.request import Request
from colonies_tui.store.freshness import Condition
from tests.hostile.fields import MARKS
from tests.hostile.filling import HostileColony
from tests.hostile.server import hostile_server
from tests.ui.console.driver import HASTE, console, profile_at

KEY = PrivateKey.new()
KEYS = Keyring(member=KEY, colony=KEY, server=KEY)


class Liar(HostileColony):
    """Answers about another colony, and about another process than was asked for, once it is told to."""

    lies = False

    def reply(self, kind: type[Request[Any]], asked: dict[str, Any]) -> Any:
        if not self.lies:
            return super().reply(kind, asked)
        other = HostileColony(self.now, name="other", plain_kinds=True)
        foreign = {"colonyname": "other", "namespace": "other", "processid": "other"}
        return other.reply(kind, asked | {name: foreign[name] for name in foreign if name in asked})


async def test_what_belongs_to_another_colony_is_not_shown_and_that_is_said(tmp_path: Path) -> None:
    colony = Liar(time.time(), name="dev", plain_kinds=True)
    colony.lies = True
    async with (
        hostile_server(colony) as server,
        console(profile_at(server.address, KEYS, "dev"), tmp_path, pace=HASTE) as c,
    ):
        await c.until(lambda: c.session.executors.freshness.condition is Condition.FAILED)
        await c.go("executors")
        await c.until_shows("answers, but not with executors", "not asked for", "colonyname 'other'")
        await c.go("processes")
        await c.until_shows("not asked for", "colonyname 'other'")
        session = c.session
        assert not session.executors.rows
        assert not session.processes.rows
        assert not session.functions.rows
        assert MARKS["executorname"] not in c.text
        assert MARKS["FunctionSpec.funcname"] not in c.text


async def test_rows_that_were_true_stay_when_the_server_begins_to_lie(tmp_path: Path) -> None:
    colony = Liar(time.time(), name="dev", plain_kinds=True)
    async with (
        hostile_server(colony) as server,
        console(profile_at(server.address, KEYS, "dev"), tmp_path, pace=HASTE) as c,
    ):
        await c.until_known()
        executors, processes = dict(c.session.executors.rows), set(c.session.processes.rows)
        server.forget_answers()
        colony.lies = True
        await c.go("executors")
        await c.until(lambda: c.session.executors.freshness.condition is Condition.STALE)
        assert dict(c.session.executors.rows) == executors
        assert set(c.session.processes.rows) == processes


def test_every_question_about_a_colony_is_lied_about() -> None:
    liar = Liar(0.0, name="dev", plain_kinds=True)
    liar.lies = True
    answered = [kind for kind in MESSAGES.values() if "colonyname" in kind.model_fields and not kind.changes]
    assert any("other" in str(liar.reply(kind, {"colonyname": "dev", "state": 0})) for kind in answered)

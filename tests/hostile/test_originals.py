"""What leaves the screen, copied, exported or saved, is the text as it was sent: every list of every view."""

from __future__ import annotations

import csv
import io
import json
import time
from pathlib import Path

import pytest

from colonies_tui.protocol.crypto import PrivateKey
from colonies_tui.protocol.keyring import Keyring
from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.pace import Pace
from colonies_tui.ui.context import Target
from colonies_tui.ui.export import records, to_csv, to_json
from colonies_tui.ui.log_buffer import LogLine
from colonies_tui.ui.log_file import write_log
from colonies_tui.ui.widgets.live_table import LiveTable
from tests.hostile.contents import CONTENTS, LONE_SURROGATES
from tests.hostile.fields import MARKS
from tests.hostile.filling import PROCESSES, HostileColony
from tests.hostile.server import hostile_server
from tests.hostile.walk import ALL_VIEWS, until_loaded
from tests.ui.console.driver import LARGE, console, profile_at

KEY = PrivateKey.new()
KEYS = Keyring(member=KEY, colony=KEY, server=KEY)
MARK = "Ŋ"

COPIED_ROWS = 4
"""Rows whose id is copied in each table; the id of every third one is hostile."""


def is_original(text: str, originals: dict[str, list[str]]) -> bool:
    """Whether every marked text within a text is the whole of what was sent, or a known beginning of an id."""
    pieces = [piece for piece in text.split(MARK)[1:] if piece]
    for piece in pieces:
        known = originals.get(MARK + piece[:2], [])
        if not any((MARK + piece).startswith(original) or original.startswith(MARK + piece) for original in known):
            return False
    return True


async def test_copied_ids_and_exported_lists_are_what_was_sent(tmp_path: Path) -> None:
    colony = HostileColony(time.time(), name="dev")
    originals = {mark: [colony.text(key, row) for row in range(PROCESSES + 2)] for key, mark in MARKS.items()}
    seen = 0
    async with hostile_server(colony) as server:
        profile = profile_at(server.address, KEYS, colony.name)
        async with console(profile, tmp_path, size=LARGE, pace=Pace()) as c:
            await c.until_known()
            for kind in ALL_VIEWS:
                await c.main.go(Target(kind.KEY))
                await until_loaded(c)
                await c.settle()
                for table in list(c.main.active_view.query(LiveTable)):
                    found = records(table.columns, table.rows_on_show(), c.clock.now())
                    texts = [value for row in found.rows for value in row if isinstance(value, str)]
                    wrong = [text for text in texts if not is_original(text, originals)]
                    assert wrong == [], (kind.KEY, table.id)
                    seen += sum(MARK in text and plain(text) != text for text in texts)
                    marked = {text for text in texts if MARK in text}
                    in_json = [value for row in json.loads(to_json(found)) for value in row.values()]
                    in_csv = [value for row in csv.reader(io.StringIO(to_csv(found), newline="")) for value in row]
                    assert all(text in in_json and text in in_csv for text in marked)
                    if not table.focusable or not table.row_count:
                        continue
                    table.focus()
                    for row_id in list(table.rows)[:COPIED_ROWS]:
                        if table.move_to(row_id):
                            await c.press("y")
                            assert is_original(c.app.clipboard, originals), (kind.KEY, table.id)
                            seen += plain(c.app.clipboard) != c.app.clipboard
    assert seen > 100, "texts that differ when they are cleaned were really taken out"


def line_of(text: str) -> LogLine:
    return LogLine("", 1, text)


@pytest.mark.parametrize("name", CONTENTS)
def test_a_saved_log_holds_the_bytes_that_were_sent(tmp_path: Path, name: str) -> None:
    path = tmp_path / "log"
    write_log(path, [line_of(CONTENTS[name])], stamps=False, sources=False)
    assert path.read_bytes().decode().removesuffix("\n") == CONTENTS[name].removesuffix("\n")


def test_a_saved_log_says_what_no_file_can_hold(tmp_path: Path) -> None:
    path = tmp_path / "log"
    write_log(path, [line_of(LONE_SURROGATES)], stamps=False, sources=False)
    assert path.read_text() == "\\ud800x\\udfff\\udcff\n"

"""A line of a megabyte, in narrow and in wide characters, is drawn, searched and wrapped like any other."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from rich.cells import cell_len

from colonies_tui.ui.document import Field, Section, lay_out
from colonies_tui.ui.fit import cut, fit
from tests.hostile.contents import LONG_LINE
from tests.hostile.screens import Looks
from tests.ui.console.colony import Colony, living_colony
from tests.ui.console.driver import SMALL, console, profile_of

LONG = {"narrow": LONG_LINE, "wide": "漢" * (len(LONG_LINE) // 3), "marks": "e\u0301" * (len(LONG_LINE) // 3)}


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("width", [1, 2, 7, 80])
def test_it_is_cut_to_the_cells_there_are(name: str, width: int) -> None:
    assert cell_len(cut(LONG[name], width)) <= width
    assert cell_len(fit(LONG[name], width)) == width
    assert cut(LONG[name], width).endswith("…")


def test_more_marks_than_a_character_has_are_cut() -> None:
    assert cut("a" + "\u0301" * 1_000_000, 5).endswith("…")
    assert cell_len(fit("\u0301" * 1_000_000, 5)) == 5


@pytest.mark.parametrize("name", LONG)
def test_it_is_wrapped_without_a_loss(name: str) -> None:
    lines = lay_out([Section("", [Field.of("", LONG[name])])], 80)
    texts = ["".join(span.text for span in line) for line in lines]
    assert "".join(texts) == LONG[name]
    assert all(cell_len(text) <= 80 for text in texts)


@pytest.mark.parametrize("name", ["narrow", "wide"])
async def test_it_is_shown_wherever_an_executor_may_write(tmp_path: Path, name: str) -> None:
    text = LONG[name]
    async with living_colony() as colony, console(profile_of(colony), tmp_path, size=SMALL) as c:
        process_id = await failed_with(colony, text)
        looks = Looks(c)
        await c.until_known()
        await c.go("processes")
        await c.until(partial(c.processes.table.move_to, process_id))
        await looks.look()
        await c.press("enter")
        await c.until(lambda: process_id in c.session.open_processes.rows)
        for keys in (("end",), ("home",), ("l",)):
            await c.press(*keys)
            await looks.look()
        await c.until(lambda: c.logs.log_view.line_count >= 1)
        for key in ("w", "end", "t", "w", "right"):
            await c.press(key)
            await looks.look()
        assert looks.faults == {}


async def failed_with(colony: Colony, text: str) -> str:
    """Have a process fail with a text in its error, its output and its log; return its id."""
    await colony.register("worker", "cli")
    await colony.submit("cli", "render", args=(text,))
    process = await colony.assign("worker")
    await colony.log("worker", process, text)
    await colony.fail("worker", process, text)
    return process.processid

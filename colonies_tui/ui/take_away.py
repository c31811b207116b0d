"""What leaves the screen: copied texts, lists as files, the screen itself as text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from textual.app import App

from colonies_tui.protocol.plaintext import plain
from colonies_tui.ui.document import Field
from colonies_tui.ui.export import Records, is_exported, records, to_csv, to_json, write_new
from colonies_tui.ui.fit import cut
from colonies_tui.ui.format.numbers import counted, grouped
from colonies_tui.ui.notify import say
from colonies_tui.ui.spans import Span
from colonies_tui.ui.widgets.dialog import Choice, Dialog, Question
from colonies_tui.ui.widgets.live_table import LiveTable
from colonies_tui.ui.widgets.prompt import Prompt

MUCH_TO_COPY: Final = 50_000
"""Bytes; some terminals drop what is longer when it is copied through them."""

_MANNER: Final = (
    "Texts are the originals, ids whole, times in UTC, durations in seconds. In CSV, texts are quoted and not changed:"
    " a spreadsheet that is not told otherwise takes one that begins with = for a formula."
)

_SHOWN: Final = 60
"""Cells of a copied text that are repeated on the screen."""


def copy(app: App[Any], text: str) -> None:
    """Copy a text as it is, through the terminal, and say what was copied."""
    if not text:
        say(app, "there is nothing to copy here", "information")
        return
    content = text.encode("utf-8", "backslashreplace")
    app.copy_to_clipboard(content.decode("utf-8"))
    words = f"copied  {cut(plain(text.strip()), _SHOWN)}"
    if len(text) > _SHOWN:
        words += f"  ({counted(len(text), 'character')})"
    if len(content) > MUCH_TO_COPY:
        say(app, f"{words}; a terminal may not take so much at once", "warning")
    else:
        say(app, words)


def dated_name(what: str, ending: str, now: float) -> str:
    """Return the name of a file: what is in it and when it was made, in local time."""
    return f"{what}-{datetime.fromtimestamp(now).astimezone():%Y%m%d-%H%M%S}.{ending}"


async def export(app: App[Any], table: LiveTable[Any], now: float) -> None:
    """Ask for form and file, and write the rows that are on show now. Runs in a worker."""
    rows, columns = table.rows_on_show(), table.columns
    things = (table.id or "list").removesuffix("-table")
    names = [column.named or column.key for column in columns if is_exported(column)]
    question = Question(
        title=f"Export {grouped(len(rows))} rows of {things}?",
        choices=[
            Choice("leave", "escape", "leave", acts=False),
            Choice("csv", "c", "CSV"),
            Choice("json", "j", "JSON"),
        ],
        fields=[
            Field.of("rows", f"{grouped(len(rows))}, those on show, in this order"),
            Field.of("values", ", ".join(names)),
        ],
        paragraphs=((Span(_MANNER, "dim"),),),
    )
    form = await app.push_screen_wait(Dialog(question))
    if form not in ("csv", "json"):
        return
    path = await ask_for_file(app, f"Export {things} as {form.upper()}", dated_name(things, form, now))
    if path is not None:
        found = records(columns, rows, now)
        if await _write(app, path, lambda: _text(found, form)):
            say(app, f"{counted(len(rows), 'row')} written to {path}")


def _text(found: Records, form: str) -> str:
    return to_csv(found) if form == "csv" else to_json(found)


async def ask_for_file(app: App[Any], title: str, name: str) -> Path | None:
    """Ask for the name of a file that is not there yet; ``None`` when it was left."""
    hint = f"a new file, in {Path.cwd()} unless another directory is named; only you will be able to read it"
    text = await app.push_screen_wait(Prompt(title, hint, value=name, check=file_fault))
    return None if text is None else _path_of(text)


def _path_of(text: str) -> Path:
    return Path(text.strip()).expanduser().absolute()


def file_fault(text: str) -> str | None:
    """Return what keeps a new file from being written, ``None`` when nothing is known to."""
    try:
        path = _path_of(text)
        if not text.strip() or path.is_dir():
            return "name a file"
        if not path.parent.is_dir():
            return f"there is no directory {path.parent}"
        return "is there already; name another one" if path.exists() else None
    except (OSError, ValueError, RuntimeError) as error:
        return f"cannot be the name of a file: {error}"


async def save_screen(app: App[Any], lines: list[str], now: float) -> None:
    """Write what the terminal shows to a file in the working directory. Runs in a worker."""
    path = Path.cwd() / dated_name("colonies", "txt", now)
    if await _write(app, path, lambda: "".join(f"{line.rstrip()}\n" for line in lines)):
        say(app, f"the screen was written to {path}")


async def _write(app: App[Any], path: Path, text: Callable[[], str]) -> bool:
    try:
        await asyncio.to_thread(lambda: write_new(path, text()))
    except FileExistsError:
        say(app, f"{path} is there already; nothing was written", "error")
    except OSError as error:
        say(app, f"{path} was not written: {error.strerror or error}", "error")
    else:
        return True
    return False

"""Runs the operator's own program for news, without a shell and with a time limit."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from typing import Final

from colonies_tui.protocol.keyless_environment import without_keys
from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.watch import News

COMMAND_SECONDS: Final = 10.0
"""How long a program may take before it is ended."""

MOST_CHARACTERS: Final = 1000
"""Most characters of one variable."""

_PREFIX: Final = "COLONIES_TUI_"


def news_environment(news: News, *, colony: str, profile: str, env: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a program that is told of news.

    What else begins with ``COLONIES_`` is left out: keys may be in it, and the program has no use for them.
    """
    told = {
        "EVENT": news.event.value,
        "KIND": news.kind.value,
        "NAME": news.subject,
        "ID": news.id,
        "WORDS": news.sentence,
        "AWAY": news.away,
        "COLONY": colony,
        "PROFILE": profile,
    }
    kept = {name: value for name, value in without_keys(env).items() if not name.startswith("COLONIES_")}
    return kept | {_PREFIX + name: plain(text)[:MOST_CHARACTERS] for name, text in told.items()}


async def run_command(words: Sequence[str], env: Mapping[str, str], seconds: float = COMMAND_SECONDS) -> str:
    """Run a program to its end; return what went wrong, in words, empty when nothing did.

    What takes longer than ``seconds`` is ended, with all that it has started.
    """
    name = plain(words[0])
    try:
        process = await asyncio.create_subprocess_exec(
            *words,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env=dict(env),
            start_new_session=True,
        )
    except FileNotFoundError:
        return f"{name}: there is no such program"
    except (OSError, ValueError) as error:
        return f"{name} cannot be run: {plain(getattr(error, 'strerror', None) or str(error))}"
    try:
        async with asyncio.timeout(seconds):
            code = await process.wait()
    except TimeoutError:
        return f"{name} took longer than {seconds:g} s and was ended"
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
    return f"{name} ended with exit code {code}" if code else ""

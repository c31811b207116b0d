"""Finding the object that a locator names: among what is known, else in its list once read, else at the server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from colonies_tui.protocol.errors import ColoniesError
from colonies_tui.protocol.plaintext import plain
from colonies_tui.store.session import Session
from colonies_tui.store.sought import WHOLE_ID, ask_for_file, ask_for_process, ask_for_workflow
from colonies_tui.ui.format.ids import short_id
from colonies_tui.ui.known import LEAST_PREFIX, Known, feeds_of, is_answered, refusal, resolve, unread_feeds

SECONDS: Final = 15.0
"""Longest wait for a list."""

SHOWN: Final = 3
"""How many of several objects are named."""

_ASKED: Final = {"process": ask_for_process, "workflow": ask_for_workflow}


class NotKnown(LookupError):
    """An object was not found; the message says so, and what was looked for."""


async def seek(session: Session, word: str, text: str, *, seconds: float = SECONDS) -> Known:
    """Return the one object of a kind that a text means.

    Args:
        session: where to look.
        word: the kind, in the word of locators.
        text: its id, the beginning of that, or its name.
        seconds: how long to wait for what has not been read yet.

    Raises:
        NotKnown: there is none, or more than one, or the server does not answer.
    """
    found = resolve(session, word, text)
    if not found and word in _ASKED and WHOLE_ID.match(text.casefold()):
        try:
            async with asyncio.timeout(seconds):
                await _ASKED[word](session, text.casefold())
        except (ColoniesError, TimeoutError) as error:
            raise NotKnown(f"{word} {short_id(text)} was not found: {plain(str(error)) or 'no answer'}") from None
        found = resolve(session, word, text)
    elif not found:
        await _wait(session, word, text, seconds)
        found = resolve(session, word, text)
    if not found:
        raise NotKnown(_why_nothing(session, word, text))
    if len(found) > 1:
        names = [f"{plain(known.name)} {short_id(known.identity)}" for known in found[:SHOWN]]
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise NotKnown(f"{plain(text)} is more than one {word}: {', '.join(names)}{more}")
    return found[0]


async def seek_file(session: Session, text: str, *, seconds: float = SECONDS) -> str:
    """Return label and name, joined by ``/``, of the file that a text means: those, or the whole id of a revision.

    Raises:
        NotKnown: there is none, or the server does not answer.
    """
    label, _, name = text.rpartition("/")
    if not label and WHOLE_ID.match(text.casefold()):
        try:
            async with asyncio.timeout(seconds):
                file = await ask_for_file(session, text.casefold())
        except (ColoniesError, TimeoutError) as error:
            raise NotKnown(f"file {short_id(text)} was not found: {plain(str(error)) or 'no answer'}") from None
        if file is None:
            raise NotKnown(f"no file {short_id(text)} is known in colony {plain(session.colony)}")
        label, name = file.label, file.name
    if not label:
        raise NotKnown(f"a file is named by its label and its name: file/LABEL/{plain(name)}")
    return f"{(await seek(session, 'label', label, seconds=seconds)).id}/{name}"


async def answered(session: Session, *, seconds: float) -> None:
    """Wait until lists of which nothing was known have been read, at most so long."""
    await _until(session, unread_feeds(session), lambda: not unread_feeds(session), seconds)


async def _wait(session: Session, word: str, text: str, seconds: float) -> None:
    """Wait until an object or all of its list is known."""
    await _until(
        session, feeds_of(word), lambda: is_answered(session, word) or bool(resolve(session, word, text)), seconds
    )


async def _until(session: Session, feeds: frozenset[str], is_enough: Callable[[], bool], seconds: float) -> None:
    """Look at feeds until it is enough, or the time is over: what is known by then decides."""
    woken = asyncio.Event()
    watcher = session.watch(woken.set)
    session.look(watcher, feeds)
    try:
        async with asyncio.timeout(seconds):
            while not is_enough():
                await woken.wait()
                woken.clear()
                watcher.take()
    except TimeoutError:
        pass
    finally:
        session.look(watcher, ())
        session.unwatch(watcher)


def _why_nothing(session: Session, word: str, text: str) -> str:
    shown = short_id(text) if WHOLE_ID.match(text) else plain(text)
    reason = refusal(session, word)
    if reason:
        return f"{word} {shown} was not found: {reason}"
    if not is_answered(session, word):
        return f"{word} {shown} was not found: {session.client.address} has not answered yet"
    if len(text) < LEAST_PREFIX:
        return f"no {word} is called {shown}; of an id at least {LEAST_PREFIX} characters are needed"
    older = "; older ones are found by their whole id" if word in _ASKED and not WHOLE_ID.match(text) else ""
    return f"no {word} {shown} is known in colony {plain(session.colony)}{older}"

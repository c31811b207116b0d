"""Conversations over a channel: whoever started the process asks about the standard library, the guide answers."""

from __future__ import annotations

import asyncio
import base64
import binascii
from typing import Final

from colonies_tui.demo import work
from colonies_tui.demo.assignment import Assignment, Ending
from colonies_tui.demo.corpus import Corpus
from colonies_tui.demo.joint_work import list_package
from colonies_tui.demo.process_run import Done, Failed, TakenAway
from colonies_tui.demo.progress import Progress
from colonies_tui.protocol.errors import NotFound
from colonies_tui.protocol.messages.channel import SubscribeChannel
from colonies_tui.protocol.models.channel import ChannelEntry

CHANNEL: Final = "questions"
"""Name of the channel."""

SILENCE_SECONDS: Final = 180.0
"""How long nobody may ask anything before the guide takes its leave."""

END: Final = "end"
"""Type of the entry with which one side ends the conversation."""

FAREWELL: Final = "bye"

_LISTEN_SECONDS: Final = 10
_LONGEST_QUESTION: Final = 200
_HELP: Final = "ask: lines FILE, functions FILE, sha256 FILE, files FOLDER (such as: lines json/decoder.py), or bye"


def encoded(text: str) -> str:
    """Return a text as the content of an entry."""
    return base64.b64encode(text.encode()).decode()


def decoded(entry: ChannelEntry) -> str:
    """Return the text of an entry; what is none is shown as well as it can be."""
    try:
        return base64.b64decode(entry.payload).decode(errors="replace")
    except binascii.Error:
        return ""


def answer(progress: Progress, corpus: Corpus, question: str) -> str:
    """Return the answer to a question; one that cannot be answered says why."""
    match question[:_LONGEST_QUESTION].split():
        case ["lines", name]:
            ask, say = work.count_words, "{lines} lines, {words} words"
        case ["functions", name]:
            ask, say = work.count_definitions, "{functions} functions, {classes} classes"
        case ["sha256", name]:
            ask, say = work.hash_file, "{sha256}"
        case ["files", name]:
            found = list_package(progress, corpus.resolve(name))
            return f"{name}: {len(found['files'])} files, {found['bytes']} bytes"
        case _:
            return _HELP
    return f"{name}: {say.format(**ask(progress, corpus.resolve(name)))}"


async def answer_questions(assignment: Assignment) -> Ending:
    """Answer questions about files over the channel of the process, until nobody asks any more."""
    client, processid = assignment.client, assignment.process.processid
    if CHANNEL not in (assignment.process.spec.channels or ()):
        return Failed(f"a conversation needs a channel called {CHANNEL!r} in its specification")
    guide = _Guide(assignment)
    request = SubscribeChannel(processid=processid, name=CHANNEL, timeout=_LISTEN_SECONDS)
    try:
        await guide.write(_HELP)
        async with client.follow_channel(request) as entries:
            while True:
                async with asyncio.timeout(SILENCE_SECONDS):
                    entry = await anext(entries)
                if entry.senderid == guide.identity:
                    continue
                if entry.type == END or decoded(entry).strip() == FAREWELL:
                    break
                await guide.answer(entry)
    except TimeoutError:
        await assignment.say(f"nobody asked anything for {SILENCE_SECONDS:.0f} s")
    except (StopAsyncIteration, NotFound):
        return TakenAway("the process has ended")
    await guide.write("goodbye", kind=END)
    return Done({"answered": guide.answered})


class _Guide:
    """The executor's side of one conversation."""

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment
        self._sequence = 0
        member = assignment.client.keys.member
        self.identity = "" if member is None else member.identity
        self.answered = 0

    async def answer(self, entry: ChannelEntry) -> None:
        """Answer one question; work that fails is an answer too."""
        question = decoded(entry)
        corpus = self._assignment.workplace.corpus
        match await self._assignment.work(lambda progress: {"answer": answer(progress, corpus, question)}):
            case Done(result):
                text = result["answer"]
            case Failed(error):
                text = error
            case TakenAway():
                return  # what follows from it shows at the next entry
        await self.write(text, to=entry.sequence)
        self.answered += 1

    async def write(self, text: str, *, to: int = 0, kind: str | None = None) -> None:
        """Append an entry, in reply to one that was read."""
        self._sequence += 1
        await self._assignment.client.append_to_channel(
            processid=self._assignment.process.processid,
            name=CHANNEL,
            sequence=self._sequence,
            inreplyto=to,
            content=encoded(text),
            payloadtype=kind,
        )

"""The demo's side of conversations: a process with a channel is started, and the first questions are asked.

This is done in the operator's name: a channel is open only to who started its process and to who runs it, and the
operator should be able to read along and to ask.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Iterator
from typing import Final

from colonies_tui.client.client import ColoniesClient
from colonies_tui.demo.cast import COLONY, GUIDE
from colonies_tui.demo.conversation import CHANNEL, encoded
from colonies_tui.demo.corpus import Corpus
from colonies_tui.protocol.errors import ColoniesError, NotFound
from colonies_tui.protocol.models.process import Conditions, FunctionSpec
from colonies_tui.protocol.states import ProcessState

_log = logging.getLogger(__name__)

QUESTIONS: Final = 3
"""How many questions the demo asks; the rest is the operator's."""

_BETWEEN_QUESTIONS: Final = 6.0
_LOOK_SECONDS: Final = 3.0
_PAUSE_SECONDS: Final = 60.0

CONVERSATION: Final = FunctionSpec(
    funcname="answer_questions",
    maxwaittime=120,
    maxexectime=900,
    conditions=Conditions(colonyname=COLONY, executortype=GUIDE),
    label="questions",
    channels=(CHANNEL,),
)
"""What a conversation is started with."""


def questions(seed: int, corpus: Corpus) -> Iterator[str]:
    """Yield questions for ever."""
    choose = random.Random(seed).choice  # noqa: S311  (choices of a demo that must repeat, not secrets)
    while True:
        yield f"functions {choose(corpus.modules)}"
        yield f"files {choose(corpus.packages)}"
        yield f"lines {choose(corpus.modules)}"


async def talk(operator: ColoniesClient, asked: Iterator[str]) -> None:
    """Start one conversation after the other until this is cancelled."""
    while True:
        try:
            await _one_conversation(operator, asked)
        except NotFound as error:
            _log.info("conversation: %s", error)  # it ended between two looks
        except ColoniesError as error:
            _log.warning("conversation: %s", error)
        await asyncio.sleep(_PAUSE_SECONDS)


async def _one_conversation(operator: ColoniesClient, asked: Iterator[str]) -> None:
    processid = (await operator.submit_process(spec=CONVERSATION)).processid
    number = 0
    while True:
        process = await operator.get_process(processid=processid)
        if process.state.is_final:
            return
        if process.state is ProcessState.RUNNING and number < QUESTIONS:
            number += 1
            await operator.append_to_channel(
                processid=processid, name=CHANNEL, sequence=number, content=encoded(next(asked))
            )
            await asyncio.sleep(_BETWEEN_QUESTIONS)
        else:
            await asyncio.sleep(_LOOK_SECONDS)

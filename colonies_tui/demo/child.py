"""The demo's child process: the server and everybody in its colony, until the parent's pipe closes.

``python -m colonies_tui.demo.child --data DIR --seed N --socket FD [--ephemeral]``: ``DIR`` holds the keys, ``FD`` is
a listening socket that the parent made. What it says on standard output is in :mod:`colonies_tui.demo.lines`.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import logging
import os
import shutil
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from colonies_tui.demo.colony import run_colony
from colonies_tui.demo.keys import KEYS_FILE, open_keys
from colonies_tui.demo.lines import Ended, Line, Ready, write_line
from colonies_tui.demo.serving import serving

_log = logging.getLogger(__name__)

GRACE_SECONDS: Final = 5.0
"""How long the colony may take to end before the process is ended hard."""

_SWITCH_SECONDS: Final = 0.001
_NICENESS: Final = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the colony until standard input closes; 0 then, 1 when it ended by itself."""
    parser = argparse.ArgumentParser(prog="python -m colonies_tui.demo.child")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--socket", type=int, required=True)
    parser.add_argument("--ephemeral", action="store_true")
    options = parser.parse_args(arguments)

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s")
    # Files are parsed and compiled as they are; what the compiler thinks of their style is nobody's concern here.
    warnings.simplefilter("ignore", SyntaxWarning)
    warnings.simplefilter("ignore", DeprecationWarning)
    # Work in threads must not keep the server waiting, nor this process the console.
    sys.setswitchinterval(_SWITCH_SECONDS)
    os.nice(_NICENESS)

    directory: Path = options.data

    def remove() -> None:
        if options.ephemeral:
            shutil.rmtree(directory, ignore_errors=True)

    try:
        with (
            socket.socket(fileno=options.socket) as listening,
            asyncio.Runner(loop_factory=_loop_factory()) as runner,
        ):
            runner.run(_run(directory, options.seed, listening, remove=remove))
    except BaseException as error:
        _log.exception("the demo ended by itself")
        _say(Ended(_words(error)))
        return 1
    finally:
        remove()
    return 0


async def _run(directory: Path, seed: int, listening: socket.socket, *, remove: Callable[[], None]) -> None:
    keys = open_keys(directory)
    over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, over.set)
    async with asyncio.TaskGroup() as tasks:
        watch = tasks.create_task(_parent_gone(over))
        async with serving(directory, keys, listening) as address:
            _say(Ready(address.port, str(directory / KEYS_FILE)))
            colony = tasks.create_task(run_colony(address, keys, directory, seed), name="colony")
            await over.wait()
            _end_hard_after(GRACE_SECONDS, remove)
            colony.cancel()
            await asyncio.wait([colony])
        watch.cancel()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if importlib.util.find_spec("uvloop") is None:
        return None
    import uvloop

    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


async def _parent_gone(over: asyncio.Event) -> None:
    """Set the event when standard input closes: the parent ended, in whatever way."""
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while await reader.read(1024):
        pass
    over.set()


def _end_hard_after(seconds: float, remove: Callable[[], None]) -> None:
    def end() -> None:
        remove()
        os._exit(1)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()


def _say(line: Line) -> None:
    try:
        sys.stdout.write(write_line(line) + "\n")
        sys.stdout.flush()
    except OSError:
        pass  # nobody listens any more


def _words(error: BaseException) -> str:
    """Return the innermost reason in one line."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return f"{type(error).__name__}: {error}".partition("\n")[0]


if __name__ == "__main__":
    raise SystemExit(main())

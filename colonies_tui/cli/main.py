"""Where the program begins: answers at once what can be answered at once, and loads the command line for the rest."""

from __future__ import annotations

import atexit
import gc
import sys
from collections.abc import Sequence

from colonies_tui import __version__

OBJECTS_BETWEEN_COLLECTIONS = 25_000
"""New objects after which Python looks for garbage. Loading makes many objects and no garbage: the usual 700 cost a
command some twentieth of its time, and the console as much while it draws.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    # When it ends Python looks among all that was loaded for garbage that wants to be told of its end: a seventh of
    # what a call takes, and there is none, as what is ours is closed by then. Registered first, this is done last.
    atexit.register(gc.freeze)
    if (sys.argv[1:] if argv is None else list(argv)) == ["--version"]:
        print(f"colonies-tui {__version__}")
        return 0
    from colonies_tui.cli.command_line import run

    return run(argv)

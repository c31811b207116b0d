"""``colonies-tui serve``: the local server in the foreground."""

from __future__ import annotations

import dataclasses
import os
import sys

from colonies_tui.cli.output import complain, say
from colonies_tui.config.paths import paths_from_environment
from colonies_tui.config.private_file import reason_of
from colonies_tui.localserver.bootstrap import environment_lines
from colonies_tui.localserver.database import DatabaseUnusable
from colonies_tui.localserver.listening import CannotListen
from colonies_tui.localserver.run import Started, serve
from colonies_tui.localserver.settings import ServerSettings, SettingsError

_HOW_TO_CONNECT = "To connect: set the variables that --print-env prints (they hold the keys), then run colonies-tui."


def run(*, host: str, port: int, data: str | None, print_env: bool, real_quirks: bool) -> int:
    """Serve until interrupted; the server's own variables are read from the environment.

    Args:
        host: address to listen on.
        port: port to listen on; 0 for a free one.
        data: directory to keep everything in, or ``:memory:``; ``None`` for the usual one.
        print_env: print the official client's variables, keys included, to standard output and the rest to standard
            error, so that the output can go into a file.
        real_quirks: behave as the real server also where this one does better.
    """
    try:
        settings = ServerSettings.from_environment(os.environ)
    except SettingsError as error:
        complain(str(error))
        return 2
    if data is None:
        data = str(paths_from_environment(os.environ).data_dir / "server")
    settings = dataclasses.replace(settings, host=host, port=port, data=data, real_quirks=real_quirks)

    def announce(started: Started) -> None:
        if print_env:
            for line in environment_lines(started.address, started.identities).splitlines():
                say(line)
        for line in [*started.words().splitlines(), *([] if print_env else [_HOW_TO_CONNECT])]:
            say(line, to=sys.stderr if print_env else sys.stdout)

    try:
        serve(settings, announce=announce)
    except KeyboardInterrupt:  # before the server listens to signals itself; being interrupted is its normal end
        return 0
    except (CannotListen, DatabaseUnusable) as error:
        complain(str(error))
        return 1
    except OSError as error:
        complain(f"{data}: {reason_of(error)}")
        return 1
    return 0

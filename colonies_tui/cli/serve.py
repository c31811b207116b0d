"""``colonies-tui serve``: the local server in the foreground."""

from __future__ import annotations

import dataclasses
import ipaddress
import os
import sys

from colonies_tui.cli.exit_codes import USAGE
from colonies_tui.cli.output import complain, say
from colonies_tui.config.paths import paths_from_environment
from colonies_tui.config.private_file import reason_of
from colonies_tui.localserver.bootstrap import environment_lines
from colonies_tui.localserver.database import DatabaseUnusable
from colonies_tui.localserver.listening import CannotListen
from colonies_tui.localserver.run import Started, serve
from colonies_tui.localserver.settings import ServerSettings, SettingsError

_HOW_TO_CONNECT = "To connect: set the variables that --print-env prints (they hold the keys), then run colonies-tui."


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach an address; a name other than ``localhost`` may be anything."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def run(*, host: str, expose: bool, port: int, data: str | None, print_env: bool, real_quirks: bool) -> int:
    """Serve until interrupted; the server's own variables are read from the environment.

    Args:
        host: address to listen on.
        expose: allow one that other machines can reach.
        port: port to listen on; 0 for a free one.
        data: directory to keep everything in, or ``:memory:``; ``None`` for the usual one.
        print_env: print the official client's variables, keys included, to standard output and the rest to standard
            error, so that the output can go into a file.
        real_quirks: behave as the real server also where this one does better.
    """
    if not is_loopback(host):
        if not expose:
            complain(f"{host} can be reached from other machines, and traffic is not encrypted; --expose allows it")
            return USAGE
        complain(f"warning: {host} can be reached from other machines, and traffic is not encrypted")
    try:
        settings = ServerSettings.from_environment(os.environ)
    except SettingsError as error:
        complain(str(error))
        return USAGE
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

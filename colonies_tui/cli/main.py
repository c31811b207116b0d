"""The command ``colonies-tui``: reads the arguments, then imports only what the chosen command needs.

Exit codes: 0 all well, 1 refused or a check failed, 2 wrong usage or configuration, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from colonies_tui import __version__
from colonies_tui.cli.output import PROGRAM, complain
from colonies_tui.config.errors import ConfigError, redacted
from colonies_tui.protocol.errors import ColoniesError

OK = 0
FAILED = 1
USAGE = 2
INTERRUPTED = 130

_EPILOG = """\
With no command the console opens: on the profile that --profile names, else on the server that the environment
variables of the official client name (COLONIES_SERVER_HOST …), else on the default profile of keys.toml.
"""


class _Parser(argparse.ArgumentParser):
    """A parser that never repeats a key given where none belongs."""

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"{self.prog}: {redacted(message)}\n")


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    chooser = _Parser(add_help=False)
    # Suppressed defaults: a subcommand that is not given an option leaves the one before the subcommand as it is.
    chooser.add_argument("--profile", metavar="NAME", default=argparse.SUPPRESS, help="the profile of keys.toml to use")
    chooser.add_argument(
        "--keys", metavar="FILE", type=Path, default=argparse.SUPPRESS, help="read profiles from this file"
    )
    parser = _Parser(
        prog=PROGRAM,
        description="A terminal operations console for Colonies servers.",
        epilog=_EPILOG,
        parents=[chooser],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    parser.add_argument("--read-only", action="store_true", help="change nothing, whatever the keys could do")
    parser.add_argument("--theme", metavar="NAME", help="colonies-dark, colonies-light, or any theme of Textual")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", parser_class=_Parser)
    _add_demo(commands)
    _add_serve(commands)
    _add_doctor(commands, chooser)
    _add_keys(commands, chooser)
    return parser


_Commands = argparse._SubParsersAction  # argparse gives this type no public name


def _add_demo(commands: _Commands[_Parser]) -> None:
    words = "a living colony in this terminal: local server, executors at work, the console in front"
    demo = commands.add_parser("demo", help=words, description=f"Start {words}. Quitting ends everything.")
    demo.add_argument("--data", metavar="DIR", type=Path, help="keep the colony here (usually nothing is kept)")
    demo.add_argument("--seed", metavar="N", type=int, default=1, help="number that decides which work is submitted")


def _add_serve(commands: _Commands[_Parser]) -> None:
    serve = commands.add_parser(
        "serve",
        help="a local Colonies server, for development, demonstration and tests",
        description="Run a local Colonies server until interrupted. Production is a real Colonies cluster.",
    )
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    serve.add_argument("--port", type=_port, default=50080, help="port to listen on, 0 for a free one (%(default)s)")
    serve.add_argument("--data", metavar="DIR", help="where to keep everything; :memory: keeps nothing")
    serve.add_argument(
        "--print-env", action="store_true", help="print the official client's variables for connecting, then serve"
    )
    serve.add_argument(
        "--real-quirks", action="store_true", help="behave as the real server also where this one does better"
    )


def _add_doctor(commands: _Commands[_Parser], chooser: _Parser) -> None:
    doctor = commands.add_parser(
        "doctor",
        parents=[chooser],
        help="check the configuration, the server and the keys, and say what to do",
        description="Check the configuration, the server and the keys. Changes nothing.",
    )
    doctor.add_argument("--json", action="store_true", help="print one JSON object instead of lines")


def _add_keys(commands: _Commands[_Parser], chooser: _Parser) -> None:
    keys = commands.add_parser("keys", help="make keys, see their identities, list profiles")
    actions = keys.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=_Parser)
    new = actions.add_parser("new", help="make a new private key", description="Make a new private key.")
    new.add_argument(
        "--out",
        metavar="FILE",
        type=Path,
        help="write the key to a new file that only you can read, and print only its identity",
    )
    actions.add_parser(
        "id",
        help="read a private key from standard input and print its identity",
        description="Read a private key from standard input and print its identity.",
    )
    actions.add_parser(
        "list",
        parents=[chooser],
        help="list the profiles and the identities of their keys",
        description="List profiles.",
    )


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")


def _run(arguments: argparse.Namespace) -> int:
    match arguments.command:
        case "demo":
            from colonies_tui.cli import demo

            return demo.run(
                data=arguments.data, seed=arguments.seed, read_only=arguments.read_only, theme=arguments.theme
            )
        case "serve":
            from colonies_tui.cli import serve

            return serve.run(
                host=arguments.host,
                port=arguments.port,
                data=arguments.data,
                print_env=arguments.print_env,
                real_quirks=arguments.real_quirks,
            )
        case "doctor":
            from colonies_tui.cli import doctor

            return doctor.run(profile=arguments.profile, keys_file=arguments.keys, as_json=arguments.json)
        case "keys":
            from colonies_tui.cli import keys

            match arguments.action:
                case "new":
                    return keys.new(arguments.out)
                case "id":
                    return keys.identity()
                case _:
                    return keys.list_profiles(keys_file=arguments.keys, profile=arguments.profile)
        case _:
            from colonies_tui.cli import console

            return console.run(
                profile=arguments.profile,
                keys_file=arguments.keys,
                read_only=arguments.read_only,
                theme=arguments.theme,
            )


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        arguments = build_parser().parse_args(argv, argparse.Namespace(profile=None, keys=None))
    except SystemExit as done:  # --help, --version, wrong usage: everything is printed already
        return done.code if isinstance(done.code, int) else USAGE
    try:
        return _run(arguments)
    except ConfigError as error:
        complain(str(error))
        return USAGE
    except ColoniesError as error:
        complain(str(error))
        return FAILED
    except BrokenPipeError:  # the reader of our output went away; nothing more can be said to it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED

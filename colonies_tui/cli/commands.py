"""The commands and what each takes, in words. Nothing is imported here that only one of them needs."""

from __future__ import annotations

import argparse
from typing import TypeAlias

from colonies_tui import __version__
from colonies_tui.cli import PROGRAM
from colonies_tui.cli.command_parser import CommandParser, Subcommand, path_from
from colonies_tui.cli.exit_codes import EPILOG

_EPILOG = f"""\
With no command the console opens: on the profile that --profile names, else on the server that the environment
variables of the official client name (COLONIES_SERVER_HOST …), else on the default profile of keys.toml.

{EPILOG}"""

_CALL_EPILOG = f"""\
examples:
  colonies-tui call getprocessesmsg state=failed count=10 | jq '.[].spec.funcname'
  colonies-tui call submitfuncspec spec.funcname=echo spec.args.0=hello spec.conditions.executortype=cli
  colonies-tui call addcron --json @cron.json cron.name=nightly
  colonies-tui call --list getlogsmsg

A value is JSON where it is JSON, else text; where the message wants text it is always text. Numbers in a path count the
items of a list from 0. The colony is the profile's where none is given. The reply is one JSON value with the wire's own
keys: lists are never null, a time that is not set is 0001-01-01T00:00:00Z. What changes something is journaled.

{EPILOG}"""

_OPEN_EPILOG = """\
examples:
  colonies-tui open colony/dev/process/1a2b3c4d
  colonies-tui open 'colony/dev/processes?state=failed&filter=type=gpu age>1h'
  colonies-tui open log/executor/gpu-1

The word after the colony is a view, or process, queue, workflow, executor, cron, generator, label, file, snapshot,
function, blueprint, user, location, log/process or log/executor with an id, the beginning of one, or a name. Without
colony/NAME the colony is the profile's.
"""

_WATCH_EPILOG = f"""\
Each line is a process that entered a state, as the server told it; read the process again for all that is known of it.
Lost connections are made again and said on standard error. On a server that does not keep observers apart from
executors, waiting processes are not watched (that would take work from executors), and whole executor types only with
an executor's key.

{EPILOG}"""


_JOURNAL_EPILOG = f"""\
examples:
  colonies-tui journal --count 20
  colonies-tui journal --json | jq -r 'select(.outcome != "done") | [.time, .verb, .target.name, .words] | @tsv'
  colonies-tui journal --json --count 1 | jq -r .call

An action whose outcome is unknown was asked for, and no answer came, or the program was ended before it knew: look at
the object before trying again. No key is in the journal, and the commands in it name none.

{EPILOG}"""


def build_parser() -> CommandParser:
    """Return the parser of the whole command line."""
    parser = CommandParser(
        prog=PROGRAM,
        description="A terminal operations console for Colonies servers.",
        epilog=_EPILOG,
        is_laid_out=True,
    )
    _add_choice_of_profile(parser)
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    parser.add_argument("--read-only", action="store_true", help="change nothing, whatever the keys could do")
    parser.add_argument(
        "--theme", metavar="NAME", help="colonies-dark, -light, -night, -contrast, -16, or one of Textual"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", parser_class=Subcommand)
    _add_open(commands)
    _add_demo(commands)
    _add_serve(commands)
    _add_doctor(commands)
    _add_call(commands)
    _add_get(commands)
    _add_watch(commands)
    _add_journal(commands)
    _add_record(commands)
    _add_replay(commands)
    _add_keys(commands)
    _add_settings(commands)
    return parser


_Commands: TypeAlias = "argparse._SubParsersAction[Subcommand]"  # argparse gives this type no public name


def _add_choice_of_profile(parser: CommandParser) -> None:
    # Suppressed defaults: a subcommand that is not given an option leaves the one before the subcommand as it is.
    parser.add_argument("--profile", metavar="NAME", default=argparse.SUPPRESS, help="the profile of keys.toml to use")
    parser.add_argument(
        "--keys", metavar="FILE", type=path_from, default=argparse.SUPPRESS, help="read profiles from this file"
    )


def _add_open(commands: _Commands) -> None:
    def fill(parser: CommandParser) -> None:
        _add_choice_of_profile(parser)
        parser.add_argument("locator", metavar="LOCATOR", help="a place; Y copies one")

    commands.add_parser(
        "open",
        help="open the console at a place, such as a copied locator",
        description="Open the console where a locator leads.",
        epilog=_OPEN_EPILOG,
        is_laid_out=True,
        fill=fill,
    )


def _add_demo(commands: _Commands) -> None:
    words = "a living colony in this terminal: local server, executors at work, the console in front"

    def fill(parser: CommandParser) -> None:
        parser.add_argument(
            "--data", metavar="DIR", type=path_from, help="keep the colony here (usually nothing is kept)"
        )
        parser.add_argument(
            "--seed", metavar="N", type=int, default=1, help="number that decides which work is submitted"
        )

    commands.add_parser("demo", help=words, description=f"Start {words}. Quitting ends everything.", fill=fill)


def _add_serve(commands: _Commands) -> None:
    def fill(parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
        parser.add_argument(
            "--expose",
            action="store_true",
            help="allow an address that other machines can reach; traffic is not encrypted",
        )
        parser.add_argument(
            "--port", type=_port, default=50080, help="port to listen on, 0 for a free one (%(default)s)"
        )
        parser.add_argument("--data", metavar="DIR", help="where to keep everything; :memory: keeps nothing")
        parser.add_argument(
            "--print-env", action="store_true", help="print the official client's variables for connecting, then serve"
        )
        parser.add_argument(
            "--real-quirks", action="store_true", help="behave as the real server also where this one does better"
        )

    commands.add_parser(
        "serve",
        help="a local Colonies server, for development, demonstration and tests",
        description="Run a local Colonies server until interrupted. Production is a real Colonies cluster.",
        fill=fill,
    )


def _add_doctor(commands: _Commands) -> None:
    def fill(parser: CommandParser) -> None:
        _add_choice_of_profile(parser)
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")

    commands.add_parser(
        "doctor",
        help="check the configuration, the server and the keys, and say what to do",
        description="Check the configuration, the server and the keys. Changes nothing.",
        fill=fill,
    )


def _add_call(commands: _Commands) -> None:
    def fill(parser: CommandParser) -> None:
        _add_choice_of_profile(parser)
        parser.add_argument(
            "msgtype", metavar="MSGTYPE", nargs="?", help="type of the message, with or without msg at its end"
        )
        parser.add_argument(
            "assignments", metavar="KEY=VALUE", nargs="*", help="a field by its path, such as spec.args.0=hello"
        )
        parser.add_argument(
            "--json",
            metavar="OBJECT",
            nargs="?",
            const="",
            help="fields as one JSON object, @FILE or - for standard input; KEY=VALUE goes over it"
            " (with --list: as JSON)",
        )
        parser.add_argument("--as", dest="signer", choices=("member", "colony", "server"), help="the key that signs")
        parser.add_argument(
            "--list", dest="lists", action="store_true", help="list all messages, or the fields of MSGTYPE"
        )

    commands.add_parser(
        "call",
        help="send any one message of the protocol and print the reply as JSON",
        description="Send one message of the protocol and print the reply as JSON.",
        epilog=_CALL_EPILOG,
        is_laid_out=True,
        fill=fill,
    )


def _add_get(commands: _Commands) -> None:
    def fill(parser: CommandParser) -> None:
        from colonies_tui.cli.get_arguments import add_get_arguments

        _add_choice_of_profile(parser)
        add_get_arguments(parser, count=_count)

    commands.add_parser(
        "get",
        help="print a list of the console, as a table, JSON or CSV",
        description="Print a list of the console, and with --watch what changes in it. Changes nothing.",
        is_laid_out=True,
        fill=fill,
    )


def _add_watch(commands: _Commands) -> None:
    def fill(parser: CommandParser) -> None:
        _add_choice_of_profile(parser)
        what = parser.add_mutually_exclusive_group()
        what.add_argument(
            "--type",
            dest="types",
            metavar="TYPE",
            action="append",
            default=[],
            help="an executor type; may be repeated (usually all that are registered)",
        )
        what.add_argument("--process", metavar="ID", help="one process, until it has ended")
        parser.add_argument(
            "--state",
            dest="states",
            metavar="STATE",
            action="append",
            default=[],
            help="waiting, running, success, failed, cancelled, or 0 to 4; may be repeated (usually all)",
        )
        parser.add_argument("--count", metavar="N", type=_count, help="end after this many lines")

    commands.add_parser(
        "watch",
        help="print what happens to processes as JSON lines",
        description="Print processes as JSON lines as they enter states, until interrupted or the process has ended.",
        epilog=_WATCH_EPILOG,
        is_laid_out=True,
        fill=fill,
    )


def _add_journal(commands: _Commands) -> None:
    def fill(parser: CommandParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="one JSON object a line, with the commands that do the same again"
        )
        parser.add_argument("--count", metavar="N", type=_count, help="the newest N (usually 1000)")
        parser.add_argument("--follow", action="store_true", help="go on: print each further action when it has ended")

    commands.add_parser(
        "journal",
        help="print what was done from here, and how it ended",
        description="Print every request that was to change something, from the console or by call, the oldest first.",
        epilog=_JOURNAL_EPILOG,
        is_laid_out=True,
        fill=fill,
    )


def _add_record(commands: _Commands) -> None:
    def fill(parser: CommandParser) -> None:
        _add_choice_of_profile(parser)
        parser.add_argument("file", metavar="FILE", type=path_from, help="a file that does not exist, usually *.ctrec")

    commands.add_parser(
        "record",
        help="open the console and record what it sees, without secrets",
        description="Open the console and record what it sees into a new file. Keys and other secrets are left out.",
        fill=fill,
    )


def _add_replay(commands: _Commands) -> None:
    def fill(parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=path_from, help="a recording made with record, or with F9")

    commands.add_parser(
        "replay",
        help="open the console over a recording",
        description="Open the console over a recording: . plays and pauses, < and > go 10 s, ( and ) change the speed.",
        fill=fill,
    )


def _add_keys(commands: _Commands) -> None:
    def fill(parser: CommandParser) -> None:
        actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=Subcommand)
        actions.add_parser(
            "new", help="make a new private key", description="Make a new private key.", fill=_fill_keys_new
        )
        actions.add_parser(
            "encrypt",
            help="write a key to a new file that a pass phrase opens",
            description="Write a key to a new file that a pass phrase opens, and print its identity.",
            fill=_fill_keys_encrypt,
        )
        actions.add_parser(
            "id",
            help="read a private key from standard input and print its identity",
            description="Read a private key from standard input and print its identity.",
        )
        actions.add_parser(
            "list",
            help="list the profiles and the identities of their keys",
            description="List profiles.",
            fill=_add_choice_of_profile,
        )

    commands.add_parser("keys", help="make keys, see their identities, list profiles", fill=fill)


def _fill_keys_new(parser: CommandParser) -> None:
    parser.add_argument(
        "--out",
        metavar="FILE",
        type=path_from,
        help="write the key to a new file that only you can read, and print only its identity",
    )


def _fill_keys_encrypt(parser: CommandParser) -> None:
    parser.add_argument(
        "--from", dest="source", metavar="FILE", type=path_from, help="the key (usually a new one is made)"
    )
    parser.add_argument("--out", metavar="FILE", type=path_from, required=True, help="the new file")


def _add_settings(commands: _Commands) -> None:
    def fill(parser: CommandParser) -> None:
        parser.add_argument(
            "--keys", dest="key_table", action="store_true", help="list what can have other keys, by id"
        )

    commands.add_parser(
        "settings",
        help="show the settings, and everything that can have other keys",
        description="Show the settings of the console as they are in use. Changes nothing.",
        fill=fill,
    )


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 18 and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError("a count is a number from 1")

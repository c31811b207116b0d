"""The command ``colonies-tui``: reads the arguments, then imports only what the chosen command needs.

What its exit codes mean stands in :mod:`colonies_tui.cli.exit_codes`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from colonies_tui import __version__
from colonies_tui.cli.exit_codes import EPILOG, FAILED, INTERRUPTED, USAGE, code_of
from colonies_tui.cli.get_arguments import Get, add_get
from colonies_tui.cli.output import PROGRAM, complain, words_of
from colonies_tui.config.errors import ConfigError, redacted
from colonies_tui.protocol.errors import ColoniesError

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
    parser.add_argument(
        "--theme", metavar="NAME", help="colonies-dark, -light, -night, -contrast, -16, or one of Textual"
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", parser_class=_Parser)
    _add_open(commands, chooser)
    _add_demo(commands)
    _add_serve(commands)
    _add_doctor(commands, chooser)
    _add_call(commands, chooser)
    add_get(commands, chooser, count=_count)
    _add_watch(commands, chooser)
    _add_journal(commands)
    _add_record(commands, chooser)
    _add_replay(commands)
    _add_keys(commands, chooser)
    _add_settings(commands)
    return parser


_Commands = argparse._SubParsersAction  # argparse gives this type no public name


def _add_open(commands: _Commands[_Parser], chooser: _Parser) -> None:
    opening = commands.add_parser(
        "open",
        parents=[chooser],
        help="open the console at a place, such as a copied locator",
        description="Open the console where a locator leads.",
        epilog=_OPEN_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    opening.add_argument("locator", metavar="LOCATOR", help="a place; Y copies one")


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
    serve.add_argument(
        "--expose", action="store_true", help="allow an address that other machines can reach; traffic is not encrypted"
    )
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


def _add_call(commands: _Commands[_Parser], chooser: _Parser) -> None:
    call = commands.add_parser(
        "call",
        parents=[chooser],
        help="send any one message of the protocol and print the reply as JSON",
        description="Send one message of the protocol and print the reply as JSON.",
        epilog=_CALL_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    call.add_argument(
        "msgtype", metavar="MSGTYPE", nargs="?", help="type of the message, with or without msg at its end"
    )
    call.add_argument(
        "assignments", metavar="KEY=VALUE", nargs="*", help="a field by its path, such as spec.args.0=hello"
    )
    call.add_argument(
        "--json",
        metavar="OBJECT",
        nargs="?",
        const="",
        help="fields as one JSON object, @FILE or - for standard input; KEY=VALUE goes over it (with --list: as JSON)",
    )
    call.add_argument("--as", dest="signer", choices=("member", "colony", "server"), help="the key that signs")
    call.add_argument("--list", dest="lists", action="store_true", help="list all messages, or the fields of MSGTYPE")


def _add_watch(commands: _Commands[_Parser], chooser: _Parser) -> None:
    watch = commands.add_parser(
        "watch",
        parents=[chooser],
        help="print what happens to processes as JSON lines",
        description="Print processes as JSON lines as they enter states, until interrupted or the process has ended.",
        epilog=_WATCH_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = watch.add_mutually_exclusive_group()
    what.add_argument(
        "--type",
        dest="types",
        metavar="TYPE",
        action="append",
        default=[],
        help="an executor type; may be repeated (usually all that are registered)",
    )
    what.add_argument("--process", metavar="ID", help="one process, until it has ended")
    watch.add_argument(
        "--state",
        dest="states",
        metavar="STATE",
        action="append",
        default=[],
        help="waiting, running, success, failed, cancelled, or 0 to 4; may be repeated (usually all)",
    )
    watch.add_argument("--count", metavar="N", type=_count, help="end after this many lines")


def _add_journal(commands: _Commands[_Parser]) -> None:
    journal = commands.add_parser(
        "journal",
        help="print what was done from here, and how it ended",
        description="Print every request that was to change something, from the console or by call, the oldest first.",
        epilog=_JOURNAL_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    journal.add_argument(
        "--json", action="store_true", help="one JSON object a line, with the commands that do the same again"
    )
    journal.add_argument("--count", metavar="N", type=_count, help="the newest N (usually 1000)")
    journal.add_argument("--follow", action="store_true", help="go on: print each further action when it has ended")


def _add_record(commands: _Commands[_Parser], chooser: _Parser) -> None:
    record = commands.add_parser(
        "record",
        parents=[chooser],
        help="open the console and record what it sees, without secrets",
        description="Open the console and record what it sees into a new file. Keys and other secrets are left out.",
    )
    record.add_argument("file", metavar="FILE", type=Path, help="a file that does not exist, usually *.ctrec")


def _add_replay(commands: _Commands[_Parser]) -> None:
    replay = commands.add_parser(
        "replay",
        help="open the console over a recording",
        description="Open the console over a recording: . plays and pauses, < and > go 10 s, ( and ) change the speed.",
    )
    replay.add_argument("file", metavar="FILE", type=Path, help="a recording made with record, or with F9")


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
    encrypt = actions.add_parser(
        "encrypt",
        help="write a key to a new file that a pass phrase opens",
        description="Write a key to a new file that a pass phrase opens, and print its identity.",
    )
    encrypt.add_argument("--from", dest="source", metavar="FILE", type=Path, help="the key (usually a new one is made)")
    encrypt.add_argument("--out", metavar="FILE", type=Path, required=True, help="the new file")
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


def _add_settings(commands: _Commands[_Parser]) -> None:
    settings = commands.add_parser(
        "settings",
        help="show the settings, and everything that can have other keys",
        description="Show the settings of the console as they are in use. Changes nothing.",
    )
    settings.add_argument("--keys", dest="key_table", action="store_true", help="list what can have other keys, by id")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 5 and int(text) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")


def _count(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 18 and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError("a count is a number from 1")


def _run(arguments: argparse.Namespace) -> int:
    match arguments.command:
        case "open":
            from colonies_tui.cli import open as opening

            return opening.run(
                arguments.locator,
                profile=arguments.profile,
                keys_file=arguments.keys,
                read_only=arguments.read_only,
                theme=arguments.theme,
            )
        case "demo":
            from colonies_tui.cli import demo

            return demo.run(
                data=arguments.data, seed=arguments.seed, read_only=arguments.read_only, theme=arguments.theme
            )
        case "serve":
            from colonies_tui.cli import serve

            return serve.run(
                host=arguments.host,
                expose=arguments.expose,
                port=arguments.port,
                data=arguments.data,
                print_env=arguments.print_env,
                real_quirks=arguments.real_quirks,
            )
        case "doctor":
            from colonies_tui.cli import doctor

            return doctor.run(profile=arguments.profile, keys_file=arguments.keys, as_json=arguments.json)
        case "call":
            from colonies_tui.cli import call

            asked = call.Call(
                arguments.msgtype, arguments.assignments, arguments.json, arguments.signer, arguments.lists
            )
            return call.run(asked, profile=arguments.profile, keys_file=arguments.keys, read_only=arguments.read_only)
        case "get":
            from colonies_tui.cli import get

            return get.run(Get.of(arguments), profile=arguments.profile, keys_file=arguments.keys)
        case "watch":
            from colonies_tui.cli import watch

            return watch.run(
                types=arguments.types,
                process=arguments.process,
                states=arguments.states,
                count=arguments.count,
                profile=arguments.profile,
                keys_file=arguments.keys,
            )
        case "journal":
            from colonies_tui.cli import journal

            return journal.run(as_json=arguments.json, count=arguments.count, follow=arguments.follow)
        case "record":
            from colonies_tui.cli import console

            return console.run(
                profile=arguments.profile,
                keys_file=arguments.keys,
                read_only=arguments.read_only,
                theme=arguments.theme,
                record_to=arguments.file,
            )
        case "replay":
            from colonies_tui.cli import replay

            return replay.run(arguments.file, theme=arguments.theme)
        case "keys":
            from colonies_tui.cli import keys

            match arguments.action:
                case "new":
                    return keys.new(arguments.out)
                case "encrypt":
                    return keys.encrypt(arguments.source, arguments.out)
                case "id":
                    return keys.identity()
                case _:
                    return keys.list_profiles(keys_file=arguments.keys, profile=arguments.profile)
        case "settings":
            from colonies_tui.cli import settings

            return settings.show_keys() if arguments.key_table else settings.show()
        case _:
            from colonies_tui.cli import console

            return console.run(
                profile=arguments.profile,
                keys_file=arguments.keys,
                read_only=arguments.read_only,
                theme=arguments.theme,
            )


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = build_parser()
    arguments, rest = parser.parse_known_args(argv, argparse.Namespace(profile=None, keys=None))
    # argparse takes positional arguments in one go; those that stand after an option come back here.
    if not rest:
        return arguments
    if arguments.command == "call" and arguments.msgtype and _are_assignments(rest):
        arguments.assignments += rest
    elif arguments.command == "get" and arguments.resource and not any(word.startswith("-") for word in rest):
        arguments.words += rest
    else:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    return arguments


def _are_assignments(words: Sequence[str]) -> bool:
    return all("=" in word and not word.startswith("-") for word in words)


def run(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        arguments = _parse(argv)
    except SystemExit as done:  # --help, --version, wrong usage: everything is printed already
        return done.code if isinstance(done.code, int) else USAGE
    try:
        return _run(arguments)
    except ConfigError as error:
        complain(str(error))
        return USAGE
    except ColoniesError as error:
        complain(words_of(error))
        return code_of(error)
    except BrokenPipeError:  # the reader of our output went away; nothing more can be said to it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED

"""The command ``colonies-tui``: reads the arguments, then imports only what the chosen command needs.

What its exit codes mean stands in :mod:`colonies_tui.cli.exit_codes`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from colonies_tui.cli.commands import build_parser
from colonies_tui.cli.exit_codes import FAILED, INTERRUPTED, USAGE, code_of
from colonies_tui.protocol.errors import ColoniesError


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
            from colonies_tui.cli.get_arguments import Get

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
    from colonies_tui.cli.output import complain, words_of
    from colonies_tui.config.errors import ConfigError

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

"""The parsers of the commands print and read as argparse's own do, though they are made late."""

from __future__ import annotations

import argparse
import os

import pytest

from colonies_tui.cli.command_parser import CommandParser, Subcommand

LONG = "many words that are wrapped by the width of the terminal, " * 5


def described(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--option", help=LONG)
    return parser


@pytest.mark.parametrize("columns", ["20", "80", "133", "0", "-5", "wide", None])
@pytest.mark.parametrize("terminal", [0, 61, None])
def test_help_is_as_wide_as_argparse_makes_it(
    monkeypatch: pytest.MonkeyPatch, columns: str | None, terminal: int | None
) -> None:
    def size(descriptor: int) -> os.terminal_size:
        if terminal is None:
            raise OSError("no terminal")
        return os.terminal_size((terminal, 24))

    monkeypatch.setattr(os, "get_terminal_size", size)
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    theirs = described(argparse.ArgumentParser(prog="x", description=LONG)).format_help()
    assert described(CommandParser(prog="x", description=LONG)).format_help() == theirs


def test_only_the_chosen_command_is_filled() -> None:
    filled: list[str] = []

    def fill(parser: CommandParser) -> None:
        filled.append(parser.prog)
        parser.add_argument("word")

    parser = CommandParser(prog="x")
    commands = parser.add_subparsers(dest="command", parser_class=Subcommand)
    for name in ("one", "two", "three"):
        commands.add_parser(name, help=f"the {name}", fill=fill)
    assert "the three" in parser.format_help()
    assert filled == []
    assert parser.parse_args(["two", "hello"]) == argparse.Namespace(command="two", word="hello")
    assert filled == ["x two"]
    assert parser.parse_args(["two", "again"]).word == "again"

"""The options of ``colonies-tui get``, and what they ask for."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import NamedTuple

from colonies_tui.cli.exit_codes import EPILOG

_EPILOG = f"""\
examples:
  colonies-tui get processes state=failed 'age<1h'
  colonies-tui get executors type=gpu --columns name,state,heard
  colonies-tui get files --label /results --output csv
  colonies-tui get processes --watch --output json | jq 'select(.change == "new") | .id'

The lists, their columns and their filters are those of the console; colonies-tui get --list names them. A filter is
words that must all match: render, !render, ~exit.\\d+, state=failed|cancelled, type!=gpu, label~tile, age>1h, and *name
for a filter that was saved in the console. Where the server does not list all, standard error says so.

With --watch a line comes for each row that is new, changed or gone by what is printed of it; a row is also new when it
begins to match the filter, and gone when it ceases to. The rows of the beginning are "present".

{EPILOG}"""


class Get(NamedTuple):
    """What the command line asks for."""

    name: str | None
    words: Sequence[str] = ()
    """The filter."""
    label: str | None = None
    output: str = "table"
    columns: Sequence[str] = ()
    sort: str | None = None
    is_reversed: bool = False
    limit: int | None = None
    watches: bool = False
    most_changes: int | None = None
    """Changes after which watching ends."""
    lists: bool = False

    @classmethod
    def of(cls, arguments: argparse.Namespace) -> Get:
        """Return what the parsed arguments ask for."""
        return cls(
            arguments.resource,
            arguments.words,
            label=arguments.label,
            output=arguments.output,
            columns=arguments.columns,
            sort=arguments.sort,
            is_reversed=arguments.reverse,
            limit=arguments.limit,
            watches=arguments.watch,
            most_changes=arguments.count,
            lists=arguments.lists,
        )


def add_get_arguments(parser: argparse.ArgumentParser, *, count: Callable[[str], int]) -> None:
    """Say what the command takes.

    Args:
        parser: that of the command.
        count: reads a number from 1.
    """
    parser.epilog = _EPILOG
    parser.add_argument(
        "resource", metavar="RESOURCE", nargs="?", help="a list, such as processes; none: name them all"
    )
    parser.add_argument("words", metavar="FILTER", nargs="*", help="words that a row must match")
    parser.add_argument("--output", choices=("table", "json", "csv"), default="table", help="how (%(default)s)")
    parser.add_argument("--columns", metavar="A,B", type=_names, default=(), help="only these columns, in this order")
    parser.add_argument("--sort", metavar="COLUMN", help="sort by this column (usually as the console does)")
    parser.add_argument("--reverse", action="store_true", help="the other way round")
    parser.add_argument("--limit", metavar="N", type=count, help="print the first N rows")
    parser.add_argument("--label", metavar="LABEL", help="the label of files")
    parser.add_argument("--watch", action="store_true", help="go on: print what changes, until interrupted")
    parser.add_argument("--count", metavar="N", type=count, help="with --watch: end after so many changes")
    parser.add_argument("--list", dest="lists", action="store_true", help="name the lists, or the columns of RESOURCE")


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    if all(names):
        return names
    raise argparse.ArgumentTypeError("columns are names with commas between them")

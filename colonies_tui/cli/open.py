"""``colonies-tui open``: the console at a place that a locator names."""

from __future__ import annotations

from pathlib import Path

from colonies_tui.cli import console
from colonies_tui.cli.exit_codes import USAGE
from colonies_tui.cli.output import complain


def run(locator: str, *, profile: str | None, keys_file: Path | None, read_only: bool, theme: str | None) -> int:
    """Open the console where a locator leads, and return its exit code.

    Raises:
        ConfigError: a file or a variable is wrong.
    """
    from colonies_tui.ui.locator import LocatorError, parse_locator

    try:
        parse_locator(locator, colony="the profile's")  # what is wrong with it is said before anything is opened
    except LocatorError as error:
        complain(str(error))
        return USAGE
    return console.run(profile=profile, keys_file=keys_file, read_only=read_only, theme=theme, start=locator)

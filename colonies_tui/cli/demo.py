"""``colonies-tui demo``: a living colony in this terminal."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from colonies_tui.cli.output import complain, has_terminal
from colonies_tui.config.paths import paths_from_environment
from colonies_tui.config.profile import Profile
from colonies_tui.config.settings import load_settings
from colonies_tui.demo.run import DemoColony, DemoError, run_demo

USUAL_SEED = 1
"""Decides which work is submitted where no other number was given."""


def run(*, data: Path | None, seed: int, read_only: bool, theme: str | None) -> int:
    """Run the demo with the console in front of it, and return the console's exit code.

    Raises:
        ConfigError: ``settings.toml`` is wrong.
    """
    paths = paths_from_environment(os.environ)
    settings = load_settings(paths.settings_file)
    if theme is not None:
        settings = dataclasses.replace(settings, theme=theme)
    if not has_terminal():
        complain("the demo needs a terminal; without one there is: colonies-tui serve")
        return 2

    def open_console(colony: DemoColony) -> int:
        from colonies_tui.ui.run import run_console

        profile = Profile(
            name=colony.name,
            address=colony.address,
            colony=colony.colony,
            keys=colony.keys,
            read_only=read_only,
            source="the demo",
        )
        return run_console(profile, settings=settings, paths=paths, reason=None)

    try:
        return run_demo(data=data, seed=seed, run_console=open_console)
    except DemoError as error:
        complain(str(error))
        return 1

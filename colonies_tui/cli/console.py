"""The console itself: finds the profile and the settings, then opens the screen."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from colonies_tui.cli.output import complain, has_terminal
from colonies_tui.config.choose import NothingConfigured, choose_profile
from colonies_tui.config.paths import paths_from_environment
from colonies_tui.config.settings import load_settings


def run(*, profile: str | None, keys_file: Path | None, read_only: bool, theme: str | None) -> int:
    """Open the console; with nothing configured it opens on its first-run screen.

    Raises:
        ConfigError: a file or a variable is wrong.
    """
    paths = paths_from_environment(os.environ)
    settings = load_settings(paths.settings_file)
    if theme is not None:
        settings = dataclasses.replace(settings, theme=theme)
    chosen = choose_profile(profile, os.environ, paths, keys_file=keys_file)
    if not has_terminal():
        complain("the console needs a terminal; for scripts there is: colonies-tui doctor --json")
        return 2

    from colonies_tui.ui.first_run import DEMO_WANTED
    from colonies_tui.ui.run import run_console

    if isinstance(chosen, NothingConfigured):
        code = run_console(None, settings=settings, paths=paths, reason=chosen.words)
    else:
        if read_only:
            chosen = dataclasses.replace(chosen, read_only=True)
        code = run_console(chosen, settings=settings, paths=paths, reason=None)
    if code != DEMO_WANTED:
        return code

    from colonies_tui.cli import demo

    return demo.run(data=None, seed=demo.USUAL_SEED, read_only=read_only, theme=theme)

"""The console itself: finds the profile and the settings, then opens the screen."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from colonies_tui.cli.exit_codes import USAGE
from colonies_tui.cli.output import complain, has_terminal
from colonies_tui.config.choose import PROFILE_VARIABLE, NothingConfigured, choose_profile
from colonies_tui.config.errors import ConfigError
from colonies_tui.config.paths import Paths, paths_from_environment
from colonies_tui.config.profile import Profile
from colonies_tui.config.saved_tabs import RestoredTabs, load_saved_tabs, restore_tabs
from colonies_tui.config.settings import load_settings


def run(
    *,
    profile: str | None,
    keys_file: Path | None,
    read_only: bool,
    theme: str | None,
    start: str = "",
    record_to: Path | None = None,
) -> int:
    """Open the console; with nothing configured it opens on its first-run screen.

    Args:
        profile: name of the profile; ``None`` for the usual one.
        keys_file: where profiles are read from; ``None`` for the usual file.
        read_only: change nothing.
        theme: colours instead of those of the settings.
        start: a locator that can be read, or nothing for the overview.
        record_to: a new file into which what the console sees is recorded.

    Raises:
        ConfigError: a file or a variable is wrong.
    """
    paths = paths_from_environment(os.environ)
    settings = load_settings(paths.settings_file)
    if theme is not None:
        settings = dataclasses.replace(settings, theme=theme)
    chosen = choose_profile(profile, os.environ, paths, keys_file=keys_file)
    if record_to is not None and isinstance(chosen, NothingConfigured):
        complain(f"there is nothing to record: {chosen.words}")
        return USAGE
    if record_to is not None and record_to.exists():
        complain(f"{record_to} exists already; a recording never writes over a file")
        return USAGE
    if not has_terminal():
        complain("the console needs a terminal; for scripts there is: colonies-tui doctor --json")
        return 2

    from colonies_tui.ui.exit_codes import DEMO_WANTED
    from colonies_tui.ui.locator import parse_locator
    from colonies_tui.ui.run import run_console

    # What is asked for by name, or recorded, is opened alone; what was open before stays saved for the next start.
    is_named = profile is not None or keys_file is not None or bool(os.environ.get(PROFILE_VARIABLE, "").strip())
    keeps_tabs = settings.restore_tabs and not is_named and not start and record_to is None
    if isinstance(chosen, NothingConfigured):
        code = run_console(
            None, settings=settings, paths=paths, reason=chosen.words, keeps_tabs=keeps_tabs, read_only=read_only
        )
    else:
        if read_only:
            chosen = dataclasses.replace(chosen, read_only=True)
        place = parse_locator(start, colony=chosen.colony) if start else None
        if place is not None:
            chosen = dataclasses.replace(chosen, colony=place.colony)
        code = run_console(
            chosen,
            settings=settings,
            paths=paths,
            reason=None,
            start=place,
            restored=_restored(chosen, paths, read_only=read_only) if keeps_tabs else None,
            keeps_tabs=keeps_tabs,
            read_only=read_only,
            record_to=record_to,
        )
    if code != DEMO_WANTED:
        return code

    from colonies_tui.cli import demo

    return demo.run(data=None, seed=demo.USUAL_SEED, read_only=read_only, theme=theme)


def _restored(chosen: Profile, paths: Paths, *, read_only: bool) -> RestoredTabs:
    """Return the tabs that were open the last time; a file that cannot be used is said, and the console opens."""
    try:
        saved = load_saved_tabs(paths.tabs_file)
    except ConfigError as error:
        return RestoredTabs(skipped=(f"the tabs of the last time do not come back: {error}",))
    return restore_tabs(saved, chosen, os.environ, paths.keys_file, read_only=read_only)

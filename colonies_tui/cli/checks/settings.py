"""Checks of ``settings.toml``: whether it is understood, and whether the operator's keys can do what they are to do."""

from __future__ import annotations

from collections.abc import Iterator

from colonies_tui.cli.checks.finding import Finding, bad, good, neutral
from colonies_tui.config.errors import ConfigError, with_home
from colonies_tui.config.paths import Paths
from colonies_tui.config.settings import load_settings


def check_settings(paths: Paths) -> Iterator[Finding]:
    """Say what is wrong with the settings, and what is doubtful about the keys in them."""
    what, path = "settings", paths.settings_file
    if not path.exists():
        yield neutral(what, f"all as usual: there is no {with_home(path)}")
        return
    try:
        settings = load_settings(path)
    except ConfigError as error:
        yield bad(what, str(error), "correct that line, or take it out")
        return

    from colonies_tui.ui.theme_choice import theme_fault

    if wrong := theme_fault(settings.theme):
        yield bad(what, f"{with_home(path)}: {wrong}", "the palette of the console lists them under Theme")
    if not settings.keys.keys:
        yield good(what, f"{with_home(path)} is understood")
        return

    from colonies_tui.ui.key_table import careless, examine_keys

    in_use, problems = examine_keys(settings.keys)
    careful = careless(in_use)
    yield good(what, f"{with_home(path)} is understood; other keys for {len(in_use)} of the console's actions")
    for problem in problems:
        if problem.is_refused:
            yield bad("keys", problem.words, "colonies-tui settings --keys lists everything that can have other keys")
        else:
            yield neutral("keys", problem.words)
    for words in careful:
        yield neutral("keys", words)

"""``colonies-tui replay``: the console over a recording."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from colonies_tui.cli.exit_codes import USAGE
from colonies_tui.cli.output import complain, has_terminal
from colonies_tui.config.paths import paths_from_environment
from colonies_tui.config.settings import load_settings
from colonies_tui.store.recording.entries import RecordingError
from colonies_tui.store.recording.reading import read_recording


def run(file: Path, *, theme: str | None) -> int:
    """Show a recording until it is left, and return the console's exit code.

    Raises:
        ConfigError: ``settings.toml`` is wrong.
    """
    paths = paths_from_environment(os.environ)
    settings = load_settings(paths.settings_file)
    if theme is not None:
        settings = dataclasses.replace(settings, theme=theme)
    if not has_terminal():
        complain("a replay needs a terminal")
        return USAGE
    from colonies_tui.ui.run import run_replay

    try:
        return run_replay(read_recording(file), settings=settings, paths=paths)
    except RecordingError as error:
        complain(str(error))
        return USAGE

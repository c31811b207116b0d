"""The profile that a command for scripts works with."""

from __future__ import annotations

import os
from pathlib import Path

from colonies_tui.config.choose import NothingConfigured, choose_profile
from colonies_tui.config.errors import ConfigError
from colonies_tui.config.paths import Paths
from colonies_tui.config.profile import Profile


def profile_in_use(name: str | None, keys_file: Path | None, paths: Paths) -> Profile:
    """Return the profile that was asked for, or the usual one.

    Raises:
        ConfigError: there is none, or it is not usable.
    """
    chosen = choose_profile(name, os.environ, paths, keys_file=keys_file)
    if isinstance(chosen, NothingConfigured):
        raise ConfigError(None, None, chosen.words)
    return chosen

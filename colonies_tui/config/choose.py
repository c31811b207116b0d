"""Which profile is used when several sources could give one.

What was asked for by name comes first. Then the official variables, which stand in this very shell and so are the more
deliberate choice. Then the default of ``keys.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from colonies_tui.config.environment import HOST_VARIABLE, profile_from_environment
from colonies_tui.config.errors import ConfigError, with_home
from colonies_tui.config.paths import Paths
from colonies_tui.config.profile import Profile

PROFILE_VARIABLE: Final = "COLONIES_TUI_PROFILE"
"""Names a profile like ``--profile`` does."""


@dataclass(frozen=True, slots=True)
class NothingConfigured:
    """There is no profile anywhere."""

    keys_file: Path
    """Where one was looked for, and where one would be saved."""

    @property
    def words(self) -> str:
        """What was looked for, in one line."""
        return f"no profile in {with_home(self.keys_file)}, and {HOST_VARIABLE} is not set"


def choose_profile(
    name: str | None, env: Mapping[str, str], paths: Paths, *, keys_file: Path | None = None
) -> Profile | NothingConfigured:
    """Return the profile to use, its keys fetched; its ``source`` says where it comes from and why.

    Args:
        name: a profile's name, when one was asked for.
        env: the environment.
        paths: where ``keys.toml`` usually is.
        keys_file: a file to read instead, when one was asked for.

    Raises:
        ConfigError: what was chosen is not usable.
    """
    path = keys_file if keys_file is not None else paths.keys_file
    if name is not None:
        return _named(path, name, env, "named with --profile")
    if named := env.get(PROFILE_VARIABLE, "").strip():
        return _named(path, named, env, f"named by {PROFILE_VARIABLE}")
    if keys_file is None:
        profile = profile_from_environment(env)
        if profile is not None:
            return profile
        if not path.exists():
            return NothingConfigured(path)
    from colonies_tui.config.keys_file import load_profiles  # not needed where the variables name a server

    profiles = load_profiles(path)
    if not profiles.entries and keys_file is None:
        return NothingConfigured(path)
    why = "its default profile" if len(profiles.entries) > 1 else "its only profile"
    return profiles.entry().resolve(env, why=why)


def _named(path: Path, name: str, env: Mapping[str, str], why: str) -> Profile:
    if not path.exists():
        raise ConfigError(path, None, f'the profile "{name}" is {why}, but there is no such file')
    from colonies_tui.config.keys_file import load_profiles

    return load_profiles(path).entry(name).resolve(env, why=why)

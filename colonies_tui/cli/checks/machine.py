"""Checks on this machine: where the configuration comes from, and who can use the files."""

from __future__ import annotations

import os
import shlex
import stat
from pathlib import Path

from colonies_tui.cli.checks.finding import Finding, bad, good, neutral
from colonies_tui.config.errors import with_home
from colonies_tui.config.paths import Paths
from colonies_tui.config.private_file import reason_of
from colonies_tui.config.profile import Profile


def check_configuration(profile: Profile) -> Finding:
    """Say which profile is used and why."""
    return good("configuration", f"profile {profile.name} from {profile.source}: {profile.address}, {profile.colony}")


def check_key_file(profile: Profile) -> Finding:
    """Say who can use the file of the profile. One that others can use was refused before this."""
    if profile.file is None:
        return neutral("key file", "none: the keys are in environment variables")
    mode = stat.S_IMODE(profile.file.stat().st_mode)
    return good("key file", f"only you can use {with_home(profile.file)} (mode {mode:04o})")


def check_state_dir(paths: Paths) -> Finding:
    """Say whether the journal can be written, and whether others can read it. Creates nothing."""
    what, directory = "state directory", paths.state_dir
    if not directory.exists():
        parent = _nearest(directory)
        if os.access(parent, os.W_OK | os.X_OK):
            return good(what, f"{with_home(directory)} is not there yet; it will be made when it is needed")
        return bad(
            what,
            f"{with_home(directory)} is not there, and {with_home(parent)} is not writable: no journal can be kept",
            "make it yourself, or set COLONIES_TUI_STATE_DIR to a directory that you can write",
        )
    try:
        mode = stat.S_IMODE(directory.stat().st_mode)
        is_directory = directory.is_dir()
    except OSError as error:
        return bad(what, f"{with_home(directory)} cannot be looked at: {reason_of(error)}")
    if not is_directory:
        return bad(what, f"{with_home(directory)} is not a directory", "move it away, or set COLONIES_TUI_STATE_DIR")
    quoted = shlex.quote(str(directory))
    if not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
        return bad(what, f"{with_home(directory)} is not writable: no journal can be kept", f"chmod u+rwx {quoted}")
    if os.name == "posix" and mode & 0o077:
        return bad(what, f"others can look into {with_home(directory)} (mode {mode:04o})", f"run: chmod 700 {quoted}")
    return good(what, f"{with_home(directory)} is writable, by you alone (mode {mode:04o})")


def _nearest(directory: Path) -> Path:
    """Return the nearest directory above that exists."""
    for parent in directory.parents:
        if parent.exists():
            return parent
    return Path("/")

"""Beginning and ending a recording from the console, in words."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from textual.app import App

from colonies_tui.config.paths import Paths
from colonies_tui.store.recording.entries import RecordingError
from colonies_tui.store.recording.recorder import SUFFIX
from colonies_tui.store.session import Session
from colonies_tui.ui.notify import say

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]+")


def new_recording_path(paths: Paths, session: Session) -> Path:
    """Return where a recording that is begun now goes."""
    begun = datetime.fromtimestamp(session.clock.now()).astimezone()
    name = _NOT_IN_NAMES.sub("-", f"{session.profile_name}-{session.colony}").strip("-.")
    return paths.state_dir / "recordings" / f"{name}-{begun:%Y%m%d-%H%M%S}{SUFFIX}"


def record(app: App[Any], session: Session, path: Path) -> None:
    """Begin to record a session, and say so; say where the recording is when it has ended."""

    def ended() -> None:
        problem = recorder.problem
        say(app, problem or f"Recorded: {path}", "error" if problem else "information")

    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        recorder = session.record(path, on_end=ended)
    except OSError as error:
        say(app, f"{path.parent} cannot be made: {error.strerror or error}", "error")
    except RecordingError as error:
        say(app, str(error), "error")
    else:
        say(app, f"Recording to {path}; secrets are left out. F9 ends it")

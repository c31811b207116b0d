"""The console's colours: a palette for each of its themes.

A palette holds three greys (text, dim, faint), one accent and the colours of states.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme, as `#rrggbb`."""

    background: str
    """Behind everything."""
    surface: str
    """Dialogs and inputs."""
    panel: str
    """Raised parts: the active tab, the keys of a dialog."""
    cursor: str
    """The line under the cursor of the focused pane."""
    cursor_blurred: str
    """The line under the cursor of a pane without focus."""
    glow: str
    """A cell that has just changed."""
    glow_fading: str
    """The same cell half a second later."""
    line: str
    """Rules and borders; not for text."""
    text: str
    text_dim: str
    """Ids, labels, units, hints."""
    text_faint: str
    """The least important text: gaps, disabled keys."""
    accent: str
    """Focus and cursor, nothing else."""
    amber: str
    """Waiting, pending, warnings."""
    blue: str
    """Running."""
    green: str
    """Success, approved."""
    red: str
    """Failed, rejected, errors."""
    violet: str
    """Cancelled."""
    rust: str
    """Stale."""


DARK = Palette(
    background="#101214",
    surface="#171a1d",
    panel="#1d2125",
    cursor="#212930",
    cursor_blurred="#191d20",
    glow="#1f2a2e",
    glow_fading="#171e21",
    line="#353c43",
    text="#d8dbde",
    text_dim="#9aa1a8",
    text_faint="#8b9299",
    accent="#6cc9c0",
    amber="#d9a94e",
    blue="#7db0f5",
    green="#7cc48c",
    red="#f4837a",
    violet="#aea3c2",
    rust="#cf8f8b",
)

LIGHT = Palette(
    background="#fbfaf7",
    surface="#f3f2ee",
    panel="#ebeae5",
    cursor="#e2e8e8",
    cursor_blurred="#efeeea",
    glow="#e1eeea",
    glow_fading="#eef4f1",
    line="#cbc9c2",
    text="#24282c",
    text_dim="#54595f",
    text_faint="#5f656b",
    accent="#0a6763",
    amber="#7c5200",
    blue="#1c57ad",
    green="#22652f",
    red="#ad221b",
    violet="#625779",
    rust="#8d4642",
)

NIGHT = Palette(
    background="#14100d",
    surface="#1b1612",
    panel="#221c17",
    cursor="#2b231c",
    cursor_blurred="#1f1914",
    glow="#2a2318",
    glow_fading="#1f1a13",
    line="#453a30",
    text="#e2d3bf",
    text_dim="#a99a87",
    text_faint="#9d8f7d",
    accent="#e0a86a",
    amber="#d9b25a",
    blue="#9ab0cf",
    green="#a3bd7c",
    red="#ef8a72",
    violet="#bba3ae",
    rust="#cf917a",
)
"""Dark and warm, with little blue, for the small hours."""

CONTRAST = Palette(
    background="#000000",
    surface="#000000",
    panel="#141414",
    cursor="#12323f",
    cursor_blurred="#1a1a1a",
    glow="#13302c",
    glow_fading="#0c1c1a",
    line="#6f6f6f",
    text="#ffffff",
    text_dim="#d0d0d0",
    text_faint="#c4c4c4",
    accent="#5fefe0",
    amber="#ffc94a",
    blue="#9accff",
    green="#86ea9e",
    red="#ffab9f",
    violet="#d6c8ff",
    rust="#ffbca8",
)
"""White on black; every text at 7 : 1 or more."""

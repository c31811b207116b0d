"""The console's themes: tables of tokens, one for dark and one for light terminals.

A palette holds three greys (text, dim, faint), one accent and the colours of states. Everything a widget paints comes
from here, by token; no other module names a colour. Any of Textual's own themes works too: the tokens they lack are
derived from their foreground and background, held to the same contrast.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.color import Color
from textual.theme import Theme

MIN_CONTRAST = 4.5
"""Least contrast ratio (WCAG 2) between a text token and every background it is drawn on."""


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

TEXT_TOKENS = (
    "foreground",
    "text-dim",
    "text-faint",
    "accent",
    "state-waiting",
    "state-running",
    "state-success",
    "state-failed",
    "state-cancelled",
    "state-pending",
    "state-approved",
    "state-rejected",
    "state-gone",
    "state-stale",
    "tone-warning",
    "tone-error",
)
"""Theme variables that colour text."""

BACKGROUND_TOKENS = (
    "background",
    "surface",
    "panel",
    "cursor-background",
    "cursor-blurred-background",
    "glow-background",
    "glow-fading-background",
)
"""Theme variables that text is drawn on."""


def palette_variables(palette: Palette) -> dict[str, str]:
    """The console's own theme variables (`$text-dim`, `$line`, `$state-waiting`, …) for a palette."""
    return {
        "line": palette.line,
        "text-dim": palette.text_dim,
        "text-faint": palette.text_faint,
        "state-waiting": palette.amber,
        "state-running": palette.blue,
        "state-success": palette.green,
        "state-failed": palette.red,
        "state-cancelled": palette.violet,
        "state-pending": palette.amber,
        "state-approved": palette.green,
        "state-rejected": palette.red,
        "state-gone": palette.text_faint,
        "state-stale": palette.rust,
        "tone-warning": palette.amber,
        "tone-error": palette.red,
        "cursor-background": palette.cursor,
        "cursor-blurred-background": palette.cursor_blurred,
        "glow-background": palette.glow,
        "glow-fading-background": palette.glow_fading,
    }


def _textual_variables(palette: Palette) -> dict[str, str]:
    """Textual's own variables, set so that its stock widgets look like ours."""
    return {
        "text": palette.text,
        "text-muted": palette.text_dim,
        "text-disabled": palette.text_faint,
        "border": palette.line,
        "border-blurred": palette.line,
        "block-cursor-foreground": palette.text,
        "block-cursor-background": palette.cursor,
        "block-cursor-text-style": "none",
        "block-cursor-blurred-foreground": palette.text,
        "block-cursor-blurred-background": palette.cursor_blurred,
        "block-cursor-blurred-text-style": "none",
        "block-hover-background": palette.cursor_blurred,
        "input-cursor-background": palette.accent,
        "input-cursor-foreground": palette.background,
        "input-cursor-text-style": "none",
        "input-selection-background": palette.cursor,
        "screen-selection-background": palette.cursor,
        "screen-selection-foreground": palette.text,
        "scrollbar": palette.line,
        "scrollbar-hover": palette.text_faint,
        "scrollbar-active": palette.accent,
        "scrollbar-background": palette.background,
        "scrollbar-background-hover": palette.background,
        "scrollbar-background-active": palette.background,
        "scrollbar-corner-color": palette.background,
        "footer-background": palette.background,
        "footer-foreground": palette.text_dim,
        "footer-key-foreground": palette.text,
        "footer-description-foreground": palette.text_dim,
        "link-color": palette.text,
        "link-color-hover": palette.accent,
        "link-background-hover": palette.background,
    }


def _theme(name: str, palette: Palette, *, dark: bool) -> Theme:
    return Theme(
        name=name,
        dark=dark,
        primary=palette.accent,
        secondary=palette.text_dim,
        accent=palette.accent,
        warning=palette.amber,
        error=palette.red,
        success=palette.green,
        foreground=palette.text,
        background=palette.background,
        surface=palette.surface,
        panel=palette.panel,
        text_alpha=1.0,
        variables={**_textual_variables(palette), **palette_variables(palette)},
    )


COLONIES_DARK = _theme("colonies-dark", DARK, dark=True)
COLONIES_LIGHT = _theme("colonies-light", LIGHT, dark=False)
THEMES = (COLONIES_DARK, COLONIES_LIGHT)
"""The themes the console brings along; the first is the default."""

ANSI_VARIABLES = {
    "line": "ansi_bright_black",
    "text-dim": "ansi_default",
    "text-faint": "ansi_bright_black",
    "state-waiting": "ansi_yellow",
    "state-running": "ansi_blue",
    "state-success": "ansi_green",
    "state-failed": "ansi_red",
    "state-cancelled": "ansi_magenta",
    "state-pending": "ansi_yellow",
    "state-approved": "ansi_green",
    "state-rejected": "ansi_red",
    "state-gone": "ansi_bright_black",
    "state-stale": "ansi_red",
    "tone-warning": "ansi_yellow",
    "tone-error": "ansi_red",
    "cursor-background": "ansi_default",
    "cursor-blurred-background": "ansi_default",
    "glow-background": "ansi_default",
    "glow-fading-background": "ansi_default",
}
"""Variables for themes that use the terminal's own sixteen colours, where nothing can be blended."""


def contrast_ratio(first: Color, second: Color) -> float:
    """The WCAG 2 contrast ratio of two opaque colours, 1.0 to 21.0."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Color) -> float:
    def linear(channel: int) -> float:
        value = channel / 255
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)


def legible(color: Color, backgrounds: list[Color], *, dark: bool) -> Color:
    """Move `color` towards white (dark themes) or black until it is legible on all `backgrounds`."""
    end = Color(255, 255, 255) if dark else Color(0, 0, 0)
    for step in range(21):
        moved = color.blend(end, step / 20)
        if all(contrast_ratio(moved, background) >= MIN_CONTRAST for background in backgrounds):
            return moved
    return end


def variable_defaults(theme: Theme) -> dict[str, str]:
    """The console's variables for a theme that does not define them, such as one of Textual's own.

    Greys, cursor and glow are blended from the theme's foreground and background; state colours are those of our dark
    or light palette, moved until they are legible on this theme's backgrounds.
    """
    if theme.ansi:
        return dict(ANSI_VARIABLES)
    generated = theme.to_color_system().generate()
    background = Color.parse(generated["background"])
    foreground = Color.parse(generated["foreground"])
    accent = Color.parse(generated["accent"])
    blends = {
        "cursor-background": background.blend(foreground, 0.10),
        "cursor-blurred-background": background.blend(foreground, 0.05),
        "glow-background": background.blend(accent, 0.14),
        "glow-fading-background": background.blend(accent, 0.06),
    }
    behind = [background, *blends.values(), *(Color.parse(generated[name]) for name in ("surface", "panel"))]
    variables = palette_variables(DARK if theme.dark else LIGHT)
    variables["text-dim"] = foreground.blend(background, 0.25).hex
    variables["text-faint"] = variables["state-gone"] = foreground.blend(background, 0.35).hex
    for name in TEXT_TOKENS:
        if name in variables:
            variables[name] = legible(Color.parse(variables[name]), behind, dark=theme.dark).hex
    variables["line"] = background.blend(foreground, 0.22).hex
    variables.update({name: color.hex for name, color in blends.items()})
    return variables

"""The console's themes: tables of tokens made from palettes, and one of the terminal's own sixteen colours.

Everything a widget paints comes from here, by token; no other module but that of the palettes names a colour. Any of
Textual's own themes works too: the tokens they lack are derived from their foreground and background, held to the same
contrast.
"""

from __future__ import annotations

from textual.color import Color
from textual.theme import Theme

from colonies_tui.ui.palettes import CONTRAST, DARK, LIGHT, NIGHT, Palette

MIN_CONTRAST = 4.5
"""Least contrast ratio (WCAG 2) between a text token and every background it is drawn on."""
HIGH_CONTRAST = 7.0
"""The same in a theme of high contrast."""

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
        "cursor-foreground": palette.text,
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
COLONIES_NIGHT = _theme("colonies-night", NIGHT, dark=True)
COLONIES_CONTRAST = _theme("colonies-contrast", CONTRAST, dark=True)

ANSI_VARIABLES = {
    "line": "ansi_bright_black",
    "text-dim": "ansi_default",
    "text-faint": "ansi_default",
    "state-waiting": "ansi_yellow",
    "state-running": "ansi_blue",
    "state-success": "ansi_green",
    "state-failed": "ansi_red",
    "state-cancelled": "ansi_magenta",
    "state-pending": "ansi_yellow",
    "state-approved": "ansi_green",
    "state-rejected": "ansi_red",
    "state-gone": "ansi_default",
    "state-stale": "ansi_red",
    "tone-warning": "ansi_yellow",
    "tone-error": "ansi_red",
    "cursor-background": "ansi_cyan",
    "cursor-foreground": "ansi_black",
    "cursor-blurred-background": "ansi_default",
    "glow-background": "ansi_default",
    "glow-fading-background": "ansi_default",
}
"""Variables for themes that use the terminal's own sixteen colours, where nothing can be blended.

Bright black is for rules alone: some terminals set it to the colour of their background. The line under the cursor is
black on cyan, whatever stands on it: no other pair is legible together with every colour of a state.
"""

_BRIGHT = {
    "line": "ansi_bright_black",
    "text-dim": "ansi_white",
    "text-faint": "ansi_white",
    "state-waiting": "ansi_bright_yellow",
    "state-running": "ansi_bright_blue",
    "state-success": "ansi_bright_green",
    "state-failed": "ansi_bright_red",
    "state-cancelled": "ansi_bright_magenta",
    "state-pending": "ansi_bright_yellow",
    "state-approved": "ansi_bright_green",
    "state-rejected": "ansi_bright_red",
    "state-gone": "ansi_white",
    "state-stale": "ansi_bright_red",
    "tone-warning": "ansi_bright_yellow",
    "tone-error": "ansi_bright_red",
    "cursor-background": "ansi_cyan",
    "cursor-foreground": "ansi_black",
    "cursor-blurred-background": "ansi_black",
    "glow-background": "ansi_black",
    "glow-fading-background": "ansi_black",
}


def _sixteen() -> Theme:
    """Return the theme of sixteen colours: bright ones on black, whatever background the terminal has."""
    black, white, grey = "ansi_black", "ansi_bright_white", "ansi_white"
    return Theme(
        name="colonies-16",
        ansi=True,
        dark=True,
        primary="ansi_bright_cyan",
        secondary=grey,
        accent="ansi_bright_cyan",
        warning="ansi_bright_yellow",
        error="ansi_bright_red",
        success="ansi_bright_green",
        foreground=white,
        background=black,
        surface=black,
        panel=black,
        boost=black,
        variables={
            "ansi-background": black,
            "ansi-foreground": white,
            "background": black,
            "surface": black,
            "panel": black,
            "text": white,
            "text-muted": grey,
            "text-disabled": grey,
            "border": "ansi_bright_black",
            "border-blurred": "ansi_bright_black",
            "block-cursor-foreground": black,
            "block-cursor-background": "ansi_cyan",
            "block-cursor-text-style": "none",
            "block-cursor-blurred-foreground": white,
            "block-cursor-blurred-background": black,
            "block-cursor-blurred-text-style": "none",
            "block-hover-background": black,
            "input-cursor-background": "ansi_bright_cyan",
            "input-cursor-foreground": black,
            "input-cursor-text-style": "none",
            "input-selection-background": "ansi_cyan",
            "input-selection-foreground": black,
            "screen-selection-background": "ansi_cyan",
            "screen-selection-foreground": black,
            "scrollbar": "ansi_bright_black",
            "scrollbar-hover": grey,
            "scrollbar-active": "ansi_bright_cyan",
            "scrollbar-background": black,
            "scrollbar-background-hover": black,
            "scrollbar-background-active": black,
            "scrollbar-corner-color": black,
            "footer-background": black,
            "footer-foreground": grey,
            "footer-key-foreground": white,
            "footer-description-foreground": grey,
            "link-color": white,
            "link-color-hover": "ansi_bright_cyan",
            "link-background-hover": black,
            **_BRIGHT,
        },
    )


COLONIES_16 = _sixteen()
THEMES = (COLONIES_DARK, COLONIES_LIGHT, COLONIES_NIGHT, COLONIES_CONTRAST, COLONIES_16)
"""The themes the console brings along; the first is the default."""


def contrast_ratio(first: Color, second: Color) -> float:
    """The WCAG 2 contrast ratio of two opaque colours, 1.0 to 21.0."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Color) -> float:
    def linear(channel: int) -> float:
        value = channel / 255
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)


def legible(color: Color, backgrounds: list[Color], *, dark: bool, least: float = MIN_CONTRAST) -> Color:
    """Move `color` towards white (dark themes) or black until it has a contrast of `least` on all `backgrounds`."""
    end = Color(255, 255, 255) if dark else Color(0, 0, 0)
    for step in range(21):
        moved = color.blend(end, step / 20)
        if all(contrast_ratio(moved, background) >= least for background in backgrounds):
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
    variables["cursor-foreground"] = foreground.hex
    variables.update({name: color.hex for name, color in blends.items()})
    return variables

"""Colours of JSON in the editor, from the tokens of the theme: legible in each of them."""

from __future__ import annotations

from typing import Final

from textual.widgets.text_area import TextAreaTheme

from colonies_tui.ui.styles import RoleStyles

NAME: Final = "colonies"
"""Name of the editor's theme."""

_ROLES: Final = {
    "json.label": "strong",
    "string": "success",
    "string.escape": "warning",
    "number": "running",
    "boolean": "running",
    "json.null": "dim",
    "json.error": "error",
    "punctuation.delimiter": "dim",
    "punctuation.bracket": "dim",
}
"""Roles by what the parser calls a part of the text."""


def editor_theme(styles: RoleStyles) -> TextAreaTheme:
    """Return the theme of the editor for the theme of the console; grounds are those of the style sheet."""
    return TextAreaTheme(NAME, syntax_styles={part: styles.rich(role, None) for part, role in _ROLES.items()})

"""Every text token is legible on every background, in our themes and, for our own tokens, in Textual's."""

from __future__ import annotations

import pytest
from textual.app import ComposeResult
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme
from textual.widgets import Static

from colonies_tui.ui.styles import GROUNDS, ROLES, RoleStyles
from colonies_tui.ui.theme_choice import WORDS, next_theme
from colonies_tui.ui.themed_app import ThemedApp
from colonies_tui.ui.themes import (
    BACKGROUND_TOKENS,
    COLONIES_16,
    COLONIES_CONTRAST,
    HIGH_CONTRAST,
    MIN_CONTRAST,
    TEXT_TOKENS,
    THEMES,
    contrast_ratio,
    legible,
    variable_defaults,
)

TEXTUAL_OWN_TOKENS = {"foreground", "accent"}
"""Not ours to set in a built-in theme."""


OF_PALETTES = [theme for theme in THEMES if not theme.ansi]


def variables_of(theme: Theme) -> dict[str, str]:
    return {**variable_defaults(theme), **theme.to_color_system().generate(), **theme.variables}


def test_contrast_ratio_knows_its_ends() -> None:
    black, white = Color(0, 0, 0), Color(255, 255, 255)
    assert contrast_ratio(black, white) == pytest.approx(21.0)
    assert contrast_ratio(white, black) == pytest.approx(21.0)
    assert contrast_ratio(white, white) == pytest.approx(1.0)


def test_legible_leaves_a_good_colour_alone_and_lifts_a_bad_one() -> None:
    black = Color(0, 0, 0)
    assert legible(Color(255, 255, 255), [black], dark=True) == Color(255, 255, 255)
    assert contrast_ratio(legible(Color(20, 20, 20), [black], dark=True), black) >= MIN_CONTRAST


@pytest.mark.parametrize("theme", OF_PALETTES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("token", TEXT_TOKENS)
def test_text_is_legible_on_every_background(theme: Theme, token: str) -> None:
    variables = variables_of(theme)
    for background in BACKGROUND_TOKENS:
        ratio = contrast_ratio(Color.parse(variables[token]), Color.parse(variables[background]))
        least = HIGH_CONTRAST if theme is COLONIES_CONTRAST else MIN_CONTRAST
        assert ratio >= least, f"{token} on {background}: {ratio:.2f}"


@pytest.mark.parametrize("theme", [t for t in BUILTIN_THEMES.values() if not t.ansi], ids=lambda theme: theme.name)
def test_our_tokens_are_legible_in_textuals_themes(theme: Theme) -> None:
    variables = variables_of(theme)
    for token in TEXT_TOKENS:
        if token in TEXTUAL_OWN_TOKENS:
            continue
        for background in BACKGROUND_TOKENS:
            ratio = contrast_ratio(Color.parse(variables[token]), Color.parse(variables[background]))
            assert ratio >= MIN_CONTRAST, f"{token} on {background}: {ratio:.2f}"


@pytest.mark.parametrize("theme", OF_PALETTES, ids=lambda theme: theme.name)
def test_greys_are_told_apart_and_lines_are_fainter_than_text(theme: Theme) -> None:
    variables = variables_of(theme)
    background = Color.parse(variables["background"])
    ratios = [
        contrast_ratio(Color.parse(variables[token]), background)
        for token in ("foreground", "text-dim", "text-faint", "line")
    ]
    assert ratios == sorted(ratios, reverse=True)
    assert ratios[0] > 1.5 * ratios[1]
    assert ratios[2] > 2 * ratios[3]


class Page(ThemedApp[None]):
    CSS = "Static { color: $text-dim; background: $cursor-background; border: solid $line; }"

    def compose(self) -> ComposeResult:
        yield Static("page")


async def test_our_variables_work_in_every_theme_and_style_cache_follows_it() -> None:
    app = Page()
    async with app.run_test() as pilot:
        assert app.theme == "colonies-dark"
        dark = RoleStyles.current(None, app)
        assert RoleStyles.current(dark, app) is dark
        assert dark.rich("waiting") is dark.rich("waiting")
        for name in app.available_themes:
            app.theme = name
            await pilot.pause()
            styles = RoleStyles.current(dark, app)
            for role in ROLES:
                for ground in GROUNDS:
                    assert styles.rich(role, ground).color is not None
        app.theme = "colonies-light"
        await pilot.pause()
        light = RoleStyles.current(dark, app)
        assert light is not dark
        assert light.color("text") != dark.color("text")


def test_unknown_roles_look_like_text() -> None:
    styles = RoleStyles(variables_of(THEMES[0]))
    assert styles.rich("no such role") == styles.rich("text")
    assert styles.rich("strong").bold
    assert styles.content("dim").background is None
    assert styles.content("dim", "panel").background == styles.ground("panel")
    assert styles.rich("text", reverse=True).reverse


def test_the_cursors_line_in_sixteen_colours_has_one_colour_for_every_role() -> None:
    styles = RoleStyles(variables_of(COLONIES_16))
    assert {styles.color(role, "cursor") for role in ROLES} == {Color.parse("ansi_black")}
    assert styles.color("failed") == Color.parse("ansi_bright_red")
    dark = RoleStyles(variables_of(THEMES[0]))
    assert dark.color("failed", "cursor") == dark.color("failed")


def test_every_own_theme_has_words_and_the_key_goes_through_all_of_them() -> None:
    seen = ["colonies-dark"]
    while (following := next_theme(seen[-1])) != seen[0]:
        seen.append(following)
    assert seen == [theme.name for theme in THEMES]
    assert set(WORDS) == set(seen)
    assert next_theme("nord") == seen[0]

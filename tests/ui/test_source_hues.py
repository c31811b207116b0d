from __future__ import annotations

import pytest

from colonies_tui.ui.source_hues import HUES, SourceHues, hue_index
from colonies_tui.ui.styles import Ground, RoleStyles
from colonies_tui.ui.themed_app import ThemedApp
from colonies_tui.ui.themes import HIGH_CONTRAST, MIN_CONTRAST, contrast_ratio

GROUNDS: tuple[Ground, ...] = ("base", "cursor", "blurred")


@pytest.mark.parametrize(
    "theme", ["colonies-dark", "colonies-light", "colonies-night", "colonies-contrast", "nord", "textual-light"]
)
async def test_sources_are_legible_and_told_apart(theme: str) -> None:
    app: ThemedApp[None] = ThemedApp()
    async with app.run_test() as pilot:
        app.theme = theme
        await pilot.pause()
        styles = RoleStyles(app.theme_variables)
        hues = SourceHues(styles)
        least = HIGH_CONTRAST if theme == "colonies-contrast" else MIN_CONTRAST
        colours = {hue_index(name): hues.color(name) for name in map(str, range(400))}
        assert len(colours) == HUES
        assert len(set(colours.values())) == HUES
        for colour in colours.values():
            for ground in GROUNDS:
                assert contrast_ratio(colour, styles.ground(ground)) >= least


async def test_sixteen_colour_themes_leave_sources_dim() -> None:
    app: ThemedApp[None] = ThemedApp()
    async with app.run_test() as pilot:
        app.theme = "ansi-dark"
        await pilot.pause()
        styles = RoleStyles(app.theme_variables)
        hues = SourceHues(styles)
        assert hues.rich("worker") == styles.rich("dim")
        assert hues.color("worker") == styles.color("dim")


def test_a_source_keeps_its_hue_whatever_else_there_is() -> None:
    assert hue_index("worker-12") == 9
    assert hue_index("worker-13") == 3
    assert 0 <= hue_index("\ud800") < HUES

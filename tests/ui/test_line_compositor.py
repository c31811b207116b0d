"""What is painted for a change of some lines is what the toolkit's own compositor paints, with fewer widgets asked."""

from __future__ import annotations

from textual._compositor import Compositor
from textual.app import App, ComposeResult
from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.widgets import Static

from colonies_tui.ui.line_compositor import LineCompositor

REGIONS = (
    [Region(0, 0, 60, 1)],
    [Region(0, 3, 20, 1)],
    [Region(25, 4, 10, 2)],
    [Region(0, 0, 60, 1), Region(5, 9, 20, 2), Region(40, 9, 5, 1)],
    [Region(0, 0, 60, 20)],
    [Region(18, 5, 30, 3), Region(0, 19, 60, 1)],
)


class Asked(Static):
    """Counts how often it is asked for its lines."""

    asked = 0

    def render_lines(self, crop: Region) -> list[object]:  # type: ignore[override]  # strips, handed through
        self.asked += 1
        return super().render_lines(crop)  # type: ignore[return-value]  # the same


class Sides(App[None]):
    """Panes beside and over one another."""

    CSS = """
    #left { width: 22; border: solid red; }
    #over { layer: top; offset: 10 4; width: 20; height: 4; background: blue; }
    Screen { layers: base top; }
    """

    def compose(self) -> ComposeResult:
        yield Asked("head " * 9, id="head")
        with Horizontal():
            with Vertical(id="left"):
                yield Asked("\n".join(f"left {number}" for number in range(9)), id="list")
            yield Asked("\n".join(f"right {number}" for number in range(30)), id="right")
        yield Asked("over", id="over")


async def test_the_same_is_painted() -> None:
    app = Sides()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        ours = LineCompositor()
        ours.__dict__.update(app.screen._compositor.__dict__)
        for regions in REGIONS:
            ours._dirty_regions = set(regions)
            expected = Compositor.render_partial_update(ours)
            ours._dirty_regions = set(regions)
            found = ours.render_partial_update()
            assert expected is not None
            assert found is not None
            assert found.render_segments(app.console) == expected.render_segments(app.console)
            assert not ours._dirty_regions
        assert ours.render_partial_update() is None


async def test_only_what_is_on_the_lines_is_asked() -> None:
    app = Sides()
    async with app.run_test(size=(60, 20)) as pilot:
        await pilot.pause()
        ours = LineCompositor()
        ours.__dict__.update(app.screen._compositor.__dict__)
        before = {widget.id: widget.asked for widget in app.query(Asked)}
        ours._dirty_regions = {Region(0, 0, 60, 1)}
        ours.render_partial_update()
        assert {widget.id for widget in app.query(Asked) if widget.asked > before[widget.id]} == {"head"}

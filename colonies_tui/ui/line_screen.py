"""A screen on which a change of some lines costs little: only their widgets are asked, and nobody is sent a message."""

from __future__ import annotations

import asyncio

from textual.geometry import Region
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget

from colonies_tui.ui.line_compositor import LineCompositor


class LineScreen(Screen[ScreenResultType]):
    """A screen whose widgets can be painted with :func:`repaint`."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = LineCompositor()
        self._changed: set[Widget] = set()
        """What is painted at the end of this turn of the event loop."""

    def paint_soon(self, widget: Widget) -> None:
        """Have the regions painted that a widget has marked, together with all others of this turn."""
        if not self._changed:
            asyncio.get_running_loop().call_soon(self._paint_changed)
        self._changed.add(widget)

    def can_paint(self, widget: Widget) -> bool:
        """Return whether a widget is where the last frame had it, so that its lines can be painted by themselves."""
        return (
            self.is_current
            and not (self._layout_required or self._scroll_required or self._repaint_required)
            and not self.app._batch_count
            and widget in self._compositor.visible_widgets
        )

    def _paint_changed(self) -> None:
        changed, self._changed = self._changed, set()
        if not self.is_running or self._closing or self.app._exit:
            return
        paintable = {widget for widget in changed if self.can_paint(widget)}
        for widget in changed - paintable:
            widget.refresh()
        if not paintable:
            return
        self._dirty_widgets |= paintable  # what the toolkit was going to paint is painted, too
        try:
            self._compositor.update_widgets(self._dirty_widgets)
            self._compositor_refresh()
        except Exception as error:
            self.app._handle_exception(error)


def repaint(widget: Widget, *regions: Region) -> None:
    """Have a widget painted that is still as large as it was and where it was: the same as refreshing it, but cheaper.

    Refreshing takes three messages, each of which has the widget and its screen look for what else there is to do, and
    two turns of a timer.

    Args:
        widget: what has changed.
        regions: the parts of it to be painted; all of it if not given.
    """
    screen = widget.screen if widget.is_attached else None
    if isinstance(screen, LineScreen) and screen.can_paint(widget):
        widget._set_dirty(*regions)
        screen.paint_soon(widget)
    else:
        widget.refresh(*regions)

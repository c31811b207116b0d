"""A compositor that, for a change of a few lines, asks only the widgets on those lines to paint.

The toolkit's own has every widget on the screen paint whenever anything has changed, and then drops what it does not
need: the moving age of one row costs as much as ten widgets.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip

_NOTHING: Mapping[int, Strip | None] = {}


class LineCompositor(Compositor):
    """Puts the same on the terminal as its base does."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """Paint the lines that something dirty is on; ``None`` when nothing is dirty."""
        cuts = self.cuts
        regions = self._dirty_regions.copy()
        self._dirty_regions.clear()
        spans = [span for span in self._regions_to_spans(regions) if 0 <= span[0] < len(cuts)]
        if not spans:
            return None
        chops: list[Mapping[int, Strip | None]] = [_NOTHING] * len(cuts)
        painted: dict[int, dict[int, Strip | None]] = {}
        missing: dict[int, set[int]] = {}
        """By line: where the pieces begin that a span needs and nobody has painted yet."""
        for y, left, right in spans:
            if y not in painted:
                chops[y] = painted[y] = dict.fromkeys(cuts[y][:-1])
                missing[y] = set()
            missing[y].update(start for start, end in pairwise(cuts[y]) if start < right and end > left)
        for widget, (region, clip) in self.visible_widgets.items():  # front to back: what is there first stays
            shown = region.intersection(clip)
            touched = [
                y
                for y, starts in missing.items()
                if shown.y <= y < shown.bottom and any(shown.x <= start < shown.right for start in starts)
            ]
            if not touched:
                continue
            strips = widget.render_lines(Region(shown.x - region.x, shown.y - region.y, shown.width, shown.height))
            for y in touched:
                own_cuts = [cut for cut in cuts[y] if shown.x <= cut <= shown.right]
                pieces = strips[y - shown.y].divide([cut - shown.x for cut in own_cuts[1:]])
                for start, piece in zip(own_cuts, pieces, strict=False):
                    if start in missing[y]:
                        painted[y][start] = piece
                        missing[y].discard(start)
                if not missing[y]:
                    del missing[y]
            if not missing:
                break
        return ChopsUpdate(chops, spans, [cut_set[1:] for cut_set in cuts])

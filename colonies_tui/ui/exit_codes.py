"""What the console returns beside the usual codes."""

from __future__ import annotations

from typing import Final

DEMO_WANTED: Final = 64
"""The operator asked for the demo instead."""

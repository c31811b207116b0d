"""httpx without its own command line, which it loads with rich, pygments and click wherever those are installed.

That is more than half of the time that it takes to load, and nothing here uses it. httpx itself does without the
command line where loading it fails.
"""

from __future__ import annotations

import sys

_COMMAND_LINE = "httpx._main"

if "httpx" in sys.modules:
    import httpx
else:
    sys.modules[_COMMAND_LINE] = None  # type: ignore[assignment]  # this is how Python is told that a module is missing
    try:
        import httpx
    finally:
        del sys.modules[_COMMAND_LINE]

__all__ = ["httpx"]

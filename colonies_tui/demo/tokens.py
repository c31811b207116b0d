"""Identifiers of a Python file."""

from __future__ import annotations

import io
import keyword
import tokenize
from collections.abc import Callable, Iterator
from typing import Final

_TOKENS_PER_STEP: Final = 2_000


def identifiers(source: bytes, step: Callable[[], None]) -> Iterator[str]:
    """Yield every identifier of a Python source as often as it is used, keywords left out.

    ``step`` is called every few milliseconds of work.

    Raises:
        SyntaxError: no valid encoding declaration.
        tokenize.TokenError: the text ends within a statement.
    """
    for number, token in enumerate(tokenize.tokenize(io.BytesIO(source).readline), 1):
        if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
            yield token.string
        if number % _TOKENS_PER_STEP == 0:
            step()
    step()

"""Cpu and memory texts, as a real server reads them (§ FunctionSpec)."""

from __future__ import annotations

import pytest

from colonies_tui.protocol.sizes import mebibytes, millicores


@pytest.mark.parametrize(("text", "value"), [("1000m", 1000), ("0m", 0), ("", 0), ("1000", 0), ("lots", 0)])
def test_millicores(text: str, value: int) -> None:
    assert millicores(text) == value


@pytest.mark.parametrize("text", ["xm", "m", "-1m", "1.5m"])
def test_millicores_that_cannot_be_read(text: str) -> None:
    with pytest.raises(ValueError, match="millicores"):
        millicores(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", 0),
        ("0Mi", 0),
        ("500Mi", 500),
        ("500MiB", 500),
        ("1Gi", 1024),
        ("1GiB", 1024),
        ("1TiB", 1024 * 1024),
        ("2048Ki", 2),
        ("1023KiB", 0),
        ("1000M", 953),
        ("1G", 953),
        ("2000000K", 1907),
    ],
)
def test_mebibytes(text: str, value: int) -> None:
    assert mebibytes(text) == value


@pytest.mark.parametrize("text", ["lots", "12", "1Ti", "1GB", "-1Mi", "1.5Gi", "Mi"])
def test_sizes_that_cannot_be_read(text: str) -> None:
    with pytest.raises(ValueError, match="size is a number"):
        mebibytes(text)

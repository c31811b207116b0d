"""The catalogue says of each view what its class says, and leaves none out."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import colonies_tui.ui.views as package
from colonies_tui.ui.locator import VIEWS as NAMED
from colonies_tui.ui.view_catalogue import BY_KEY, FIRST_KEY, VIEWS, ViewEntry
from colonies_tui.ui.views.view import View


@pytest.mark.parametrize("entry", BY_KEY.values(), ids=BY_KEY)
def test_an_entry_says_what_its_class_says(entry: ViewEntry) -> None:
    kind = entry.load()
    assert (entry.key, entry.title) == (kind.KEY, kind.TITLE)


def test_no_view_is_left_out() -> None:
    kinds: set[type[View]] = set()
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        for kind in vars(importlib.import_module(found.name)).values():
            if isinstance(kind, type) and issubclass(kind, View) and hasattr(kind, "KEY"):
                kinds.add(kind)
    assert {entry.load() for entry in BY_KEY.values()} == kinds


def test_digits_name_one_view_each_and_locators_name_them_all() -> None:
    assert sorted(entry.digit for entry in VIEWS) == list("0123456789")
    assert set(NAMED) == set(BY_KEY)
    assert VIEWS[0].key == FIRST_KEY

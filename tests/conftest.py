"""What all tests have in common: how many examples are looked at, and what keeps a run short.

Property tests look at few enough examples to be run always, and at as many as one likes before a release:
``HYPOTHESIS_PROFILE=thorough make test`` looks at a thousand for each. No test has a time limit for an example: a busy
machine is no defect.
"""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import settings

settings.register_profile("usual", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))


def pytest_configure(config: pytest.Config) -> None:
    """Let the programs that tests start find each other's compiled modules, where compiling is for nothing otherwise.

    With ``PYTHONDONTWRITEBYTECODE`` each of them would compile the whole of the console anew.
    """
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ["PYTHONPYCACHEPREFIX"] = str(config.rootpath / ".pytest_cache" / "bytecode")


def pytest_collection_finish() -> None:
    """Keep the collector of garbage away from what stays anyway: thousands of tests and all modules.

    It would go through all of it for every few screens that come and go, an eighth of the time of a run.
    """
    gc.set_threshold(7_000, 10, 10)
    gc.collect()
    gc.freeze()

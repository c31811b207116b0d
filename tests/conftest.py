"""How many examples property tests look at: few enough to be run always, and as many as one likes before a release.

``HYPOTHESIS_PROFILE=thorough make test`` looks at a thousand for each. No test has a time limit for an example: a busy
machine is no defect.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("usual", max_examples=40, deadline=None)
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))

"""Property tests are the same in every run: no random seed, no clock, no files."""

from hypothesis import settings

settings.register_profile("protocol", derandomize=True, deadline=None, database=None)
settings.load_profile("protocol")

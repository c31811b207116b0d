"""Measurements of the console and of the local server, each a ratio to a floor of the same run: ``make bench``."""

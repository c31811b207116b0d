"""Recordings: what a console saw of a colony, in one file, without secrets."""

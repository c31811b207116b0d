"""The command line: one file per command. Everything else is imported only by the command that needs it."""

PROGRAM = "colonies-tui"
"""Name of the command."""

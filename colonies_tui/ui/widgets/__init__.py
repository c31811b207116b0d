"""The console's own widgets, one to a file."""

"""Where this program's files are, the operator's settings, and the profiles with their keys. Files only, no network."""

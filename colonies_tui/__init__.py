"""A terminal operations console for Colonies servers (ColonyOS)."""

__version__ = "0.1.0"

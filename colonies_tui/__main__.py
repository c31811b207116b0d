"""``python -m colonies_tui`` is the command ``colonies-tui``."""

from colonies_tui.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())

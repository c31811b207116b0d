"""Log rows (§ Log)."""

from colonies_tui.protocol.model import Int, Model, Text


class Log(Model):
    """One message that an executor wrote; several lines if it sent line ends. Rows never change."""

    processid: Text = ""
    """Empty for a row that the executor wrote about itself."""
    colonyname: Text = ""
    executorname: Text = ""
    message: Text = ""
    timestamp: Int = 0
    """Nanoseconds since 1970, as the server stamped it."""

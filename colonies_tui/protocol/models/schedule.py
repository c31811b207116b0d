"""Crons and generators: what starts workflows by itself (§ Cron, Generator)."""

from colonies_tui.protocol.model import Int, Model
from colonies_tui.protocol.times import Time

BY_EXPRESSION = -1
"""Interval of a cron that goes by its expression."""


class Cron(Model):
    """A workflow that is started by the clock.

    ``interval`` is seconds, or :data:`BY_EXPRESSION`; the expression has six fields, seconds first. ``workflowspec`` is
    JSON *text*. ``checkerperiod`` is milliseconds, filled only in the reply for one cron. ``random`` has no effect on a
    real server.
    """

    cronid: str = ""
    initiatorid: str = ""
    initiatorname: str = ""
    colonyname: str = ""
    name: str = ""
    cronexpression: str = ""
    interval: Int = 0
    random: bool = False
    nextrun: Time = None
    lastrun: Time = None
    workflowspec: str = ""
    prevprocessgraphid: str = ""
    waitforprevprocessgraph: bool = False
    checkerperiod: Int = 0


class Generator(Model):
    """A workflow that is started when enough arguments were packed, or after a time.

    ``trigger`` is how many packed arguments make a run, at least 1; ``timeout`` seconds, none when not positive.
    ``queuesize`` and ``checkerperiod`` (milliseconds) are filled only in the reply for one generator.
    """

    generatorid: str = ""
    initiatorid: str = ""
    initiatorname: str = ""
    colonyname: str = ""
    name: str = ""
    workflowspec: str = ""
    trigger: Int = 0
    timeout: Int = 0
    firstpack: Time = None
    lastrun: Time = None
    queuesize: Int = 0
    checkerperiod: Int = 0

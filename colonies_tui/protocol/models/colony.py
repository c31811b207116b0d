"""Colonies, their users, and what a server says of itself (§ Colony, User; Statistics, ServerInfo)."""

from typing import Any

from pydantic import Field

from colonies_tui.protocol.model import Int, List, Model, Optional


class Colony(Model):
    """A colony; all other messages refer to it by name."""

    colonyid: str = ""
    """Identity of the owner's key."""
    name: str = ""


class User(Model):
    """A user of one colony: a member that needs no approval."""

    colonyname: str = ""
    userid: str = ""
    """Identity of the user's key; the same key may be a user in many colonies."""
    name: str = ""
    email: str = ""
    phone: str = ""


class Statistics(Model):
    """Counters of a colony or of the whole server.

    ``executors`` counts every registration that ever was; ``activeexecutors`` the approved ones. Process counters
    include the members of workflows. For the whole server a real server leaves the workflow counters at 0.
    """

    colonies: Int = 0
    executors: Int = 0
    activeexecutors: Int = 0
    unregisteredexecutors: Int = 0
    waitingprocesses: Int = 0
    runningprocesses: Int = 0
    successfulprocesses: Int = 0
    failedprocesses: Int = 0
    cancelledprocesses: Int = 0
    waitingworkflows: Int = 0
    runningworkflows: Int = 0
    successfulworkflows: Int = 0
    failedworkflows: Int = 0
    cancelledworkflows: Int = 0


class Version(Model):
    """What a server was built from."""

    buildversion: str = ""
    buildtime: str = ""
    msgtype: str = ""


class Backend(Model):
    """One listening address as the server describes it; it may not match the port that answers."""

    type: str = ""
    port: Int = 0
    host: Optional[str] = None
    tls: Optional[bool] = None
    insecure: Optional[bool] = None


class ServerInfo(Model):
    """What a server says of itself, unsigned.

    ``observersapart`` is said by servers that keep observers and executors apart, so that a general subscription to
    waiting processes takes no wake-up away from an executor. A server that does not say it must not get one.
    """

    buildversion: str = ""
    buildtime: str = ""
    backends: List[Backend] = ()
    observersapart: Optional[bool] = None


class PauseStatus(Model):
    """Whether assignments are paused in a colony."""

    msgtype: str = ""
    colonyname: str = ""
    ispaused: bool = False


class ClusterNode(Model):
    """One server of a cluster."""

    name: str = ""
    host: str = ""
    port: Int = 0
    peerport: Int = 0
    relayport: Int = 0
    apiport: Int = 0


class Cluster(Model):
    """The servers of a cluster and which one leads."""

    nodes: List[ClusterNode] = ()
    leader: ClusterNode = Field(default_factory=ClusterNode)


Json = Any
"""Any JSON value. Integers beyond 2^53 lose precision on a real server."""

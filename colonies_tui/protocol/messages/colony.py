"""Messages about the server, colonies and users (§ Server, Colony, User)."""

from typing import Any

from colonies_tui.protocol.guards import check_id, check_name
from colonies_tui.protocol.models.colony import Cluster, Colony, PauseStatus, ServerInfo, Statistics, User, Version
from colonies_tui.protocol.request import Empty, Request, Rows
from colonies_tui.protocol.roles import Role


class GetVersion(Request[Version], msgtype="versionmsg", role=Role.NOBODY):
    """What the server was built from."""


class GetServerInfo(Request[ServerInfo], msgtype="getserverinfomsg", role=Role.NOBODY):
    """What the server says of itself."""


class GetServerStatistics(Request[Statistics], msgtype="getstatisticsmsg", role=Role.SERVER_OWNER):
    """Counters of the whole server; a real server fills only colonies, executors and process counters."""


class GetCluster(Request[Cluster], msgtype="getclustermsg", role=Role.SERVER_OWNER):
    """The servers of the cluster."""


class AddColony(Request[Colony], msgtype="addcolonymsg", role=Role.SERVER_OWNER, changes=True):
    """Add a colony, owned by the key whose identity is its ``colonyid``."""

    colony: Colony

    def check(self) -> None:
        check_name(self.colony.name, "colony")
        check_id(self.colony.colonyid, "colony id")


class RemoveColony(Request[Empty], msgtype="removecolonymsg", role=Role.SERVER_OWNER, changes=True):
    """Remove a colony with everything in it."""

    colonyname: str


class GetColonies(Request[Rows[Colony]], msgtype="getcoloniesmsg", role=Role.SERVER_OWNER):
    """All colonies of the server."""


class GetColony(Request[Colony], msgtype="getcolonymsg", role=Role.MEMBER):
    """One colony."""

    colonyname: str


class GetColonyStatistics(Request[Statistics], msgtype="getcolonystatsmsg", role=Role.MEMBER):
    """Counters of one colony. A real server answers a refused caller with an empty body."""

    colonyname: str


class ChangeColonyId(Request[Any], msgtype="changecolonyidmsg", role=Role.COLONY_OWNER, changes=True):
    """Give the colony another owner key; the old one is refused from then on."""

    colonyname: str
    colonyid: str

    def check(self) -> None:
        check_id(self.colonyid, "colony id")


class ChangeServerId(Request[Any], msgtype="changeserveridmsg", role=Role.SERVER_OWNER, changes=True):
    """Give the server another owner key; a wrong value locks the owner out."""

    serverid: str

    def check(self) -> None:
        check_id(self.serverid, "server id")


class AddUser(Request[User], msgtype="addusermsg", role=Role.COLONY_OWNER, changes=True):
    """Add a user to a colony."""

    user: User

    def check(self) -> None:
        check_name(self.user.name, "user")
        check_id(self.user.userid, "user id")


class GetUser(Request[User], msgtype="getusermsg", role=Role.REGISTERED):
    """One user by name."""

    colonyname: str
    name: str


class GetUserById(Request[User], msgtype="getuserbyidmsg", role=Role.REGISTERED):
    """One user by the identity of its key."""

    colonyname: str
    userid: str


class GetUsers(Request[Rows[User]], msgtype="getusersmsg", role=Role.REGISTERED):
    """All users of a colony."""

    colonyname: str


class RemoveUser(Request[Empty], msgtype="removeusermsg", role=Role.COLONY_OWNER, changes=True):
    """Remove a user."""

    colonyname: str
    name: str


class ChangeUserId(Request[Any], msgtype="changeuseridmsg", role=Role.USER, changes=True):
    """Give the calling user another key."""

    colonyname: str
    userid: str

    def check(self) -> None:
        check_id(self.userid, "user id")


class PauseAssignments(Request[Empty], msgtype="pauseassignmentsmsg", role=Role.COLONY_OWNER, changes=True):
    """Stop handing out processes in the whole colony; running ones go on."""

    colonyname: str


class ResumeAssignments(Request[Empty], msgtype="resumeassignmentsmsg", role=Role.COLONY_OWNER, changes=True):
    """Hand out processes again."""

    colonyname: str


class GetPauseStatus(
    Request[PauseStatus], msgtype="getpausestatusmsg", role=Role.REGISTERED, reply_msgtype="pausestatusreplymsg"
):
    """Whether assignments are paused."""

    colonyname: str

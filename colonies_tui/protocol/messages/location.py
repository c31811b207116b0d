"""Messages about locations (§ Location)."""

from colonies_tui.protocol.guards import check_name
from colonies_tui.protocol.models.location import Location
from colonies_tui.protocol.request import Empty, Request, Rows
from colonies_tui.protocol.roles import Role


class AddLocation(Request[Location], msgtype="addlocationmsg", role=Role.COLONY_OWNER, changes=True):
    """Add a place; its id comes from the caller."""

    location: Location

    def check(self) -> None:
        check_name(self.location.name, "location")


class GetLocations(Request[Rows[Location]], msgtype="getlocationsmsg", role=Role.REGISTERED):
    """All places of a colony."""

    colonyname: str


class GetLocation(Request[Location], msgtype="getlocationmsg", role=Role.REGISTERED):
    """One place by name."""

    colonyname: str
    name: str


class RemoveLocation(Request[Empty], msgtype="removelocationmsg", role=Role.COLONY_OWNER, changes=True):
    """Remove a place; executors and processes that name it are unchanged."""

    colonyname: str
    name: str

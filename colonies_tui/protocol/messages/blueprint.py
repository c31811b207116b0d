"""Messages about blueprints and their definitions; "namespace" is the name of the colony (§ Blueprints)."""

from typing import Any

from colonies_tui.protocol.errors import UnsafeRequest
from colonies_tui.protocol.guards import check_name
from colonies_tui.protocol.model import Object, Optional
from colonies_tui.protocol.models.blueprint import Blueprint, BlueprintDefinition, BlueprintHistory
from colonies_tui.protocol.models.process import Process
from colonies_tui.protocol.request import Empty, Request, Rows
from colonies_tui.protocol.roles import Role


class AddBlueprintDefinition(
    Request[BlueprintDefinition], msgtype="addblueprintdefinitionmsg", role=Role.COLONY_OWNER, changes=True
):
    """Add a kind of blueprint."""

    blueprintdefinition: BlueprintDefinition

    def check(self) -> None:
        check_name(self.blueprintdefinition.metadata.name, "blueprint definition")


class GetBlueprintDefinition(
    Request[BlueprintDefinition], msgtype="getblueprintdefinitionmsg", role=Role.MEMBER_OR_OWNER
):
    """One kind by the name of its definition."""

    colonyname: str
    name: str


class GetBlueprintDefinitions(
    Request[Rows[BlueprintDefinition]], msgtype="getblueprintdefinitionsmsg", role=Role.MEMBER_OR_OWNER
):
    """All kinds, by name."""

    colonyname: str


class RemoveBlueprintDefinition(
    Request[Empty], msgtype="removeblueprintdefinitionmsg", role=Role.COLONY_OWNER, changes=True
):
    """Remove a kind of which no blueprint exists."""

    namespace: str
    name: str


class AddBlueprint(Request[Blueprint], msgtype="addblueprintmsg", role=Role.MEMBER_OR_OWNER, changes=True):
    """Add a blueprint; the server makes a cron for its kind and submits a process to its reconciler."""

    blueprint: Blueprint

    def check(self) -> None:
        check_name(self.blueprint.metadata.name, "blueprint")
        if not self.blueprint.kind:
            raise UnsafeRequest("a blueprint needs a kind")


class GetBlueprint(Request[Blueprint], msgtype="getblueprintmsg", role=Role.MEMBER_OR_OWNER):
    """One blueprint by name."""

    namespace: str
    name: str


class GetBlueprints(Request[Rows[Blueprint]], msgtype="getblueprintsmsg", role=Role.MEMBER_OR_OWNER):
    """Blueprints by name, of one kind if given, and at one location if both are given."""

    namespace: str
    kind: str = ""
    locationname: str = ""


class UpdateBlueprint(Request[Blueprint], msgtype="updateblueprintmsg", role=Role.MEMBER_OR_OWNER, changes=True):
    """Change a blueprint; another spec, or force, makes a new generation and a process for its reconciler."""

    blueprint: Blueprint
    forcegeneration: bool = False


class UpdateBlueprintStatus(Request[Empty], msgtype="updateblueprintstatusmsg", role=Role.MEMBER, changes=True):
    """Report how a blueprint is."""

    colonyname: str
    blueprintname: str
    status: Object[Any] = {}


class RemoveBlueprint(Request[Empty], msgtype="removeblueprintmsg", role=Role.MEMBER_OR_OWNER, changes=True):
    """Remove a blueprint; its reconciler gets a process to clean up."""

    namespace: str
    name: str


class ReconcileBlueprint(Request[Process], msgtype="reconcileblueprintmsg", role=Role.MEMBER, changes=True):
    """Ask the reconciler to look now; ``force`` makes a new generation."""

    namespace: str
    name: str
    force: bool = False


class GetBlueprintHistory(Request[Rows[BlueprintHistory]], msgtype="getblueprinthistorymsg", role=Role.MEMBER_OR_OWNER):
    """The generations of a blueprint, newest first; ``limit`` 0 for all."""

    blueprintid: str
    limit: Optional[int] = None

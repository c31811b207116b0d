"""Workflows as they are submitted, and the graphs of processes they become (§ WorkflowSpec, ProcessGraph)."""

from pydantic import Field

from colonies_tui.protocol.model import Int, List, Model
from colonies_tui.protocol.models.process import FunctionSpec
from colonies_tui.protocol.states import ProcessState
from colonies_tui.protocol.times import Time


class WorkflowSpec(Model):
    """Functions that depend on each other by node name. Files of workflows often hold only the list."""

    colonyname: str = ""
    functionspecs: List[FunctionSpec] = ()


class NodeData(Model):
    """What a node of a drawing says."""

    label: str = ""


class Position(Model):
    """Where a server would draw a node."""

    x: Int = 0
    y: Int = 0


class NodeStyle(Model):
    """How a server would draw a node; the background tells the state of its process."""

    color: str = ""
    background: str = ""


class GraphNode(Model):
    """A process in the drawing of a graph; ``type`` is ``input`` for roots, ``output`` for leaves, else empty."""

    id: str = ""
    data: NodeData = Field(default_factory=NodeData)
    position: Position = Field(default_factory=Position)
    type: str = ""
    style: NodeStyle = Field(default_factory=NodeStyle)


class GraphEdge(Model):
    """A dependency in the drawing of a graph; animated while its source runs."""

    id: str = ""
    source: str = ""
    target: str = ""
    animated: bool = False


class ProcessGraph(Model):
    """A workflow at work: processes that wait for each other.

    ``nodes`` and ``edges`` are filled only in the reply for one graph. Process states are not part of it.
    """

    processgraphid: str = ""
    initiatorid: str = ""
    initiatorname: str = ""
    colonyname: str = ""
    rootprocessids: List[str] = ()
    state: ProcessState = ProcessState.WAITING
    submissiontime: Time = None
    starttime: Time = None
    endtime: Time = None
    processids: List[str] = ()
    nodes: List[GraphNode] = ()
    edges: List[GraphEdge] = ()

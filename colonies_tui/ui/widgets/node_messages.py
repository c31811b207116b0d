"""What the views of a workflow say about the box or node under their cursor. Each view posts subclasses of its own."""

from __future__ import annotations

from textual.message import Message
from textual.widget import Widget


class NodeMessage(Message):
    """About one box or node of a view."""

    def __init__(self, view: Widget, id_: str | None, members: tuple[str, ...]) -> None:
        super().__init__()
        self.view = view
        self.id = id_
        """Id of a node or of a fold; None when there is none."""
        self.members = members
        """Ids of the nodes that it stands for."""

    @property
    def control(self) -> Widget:
        """The view."""
        return self.view


class NodeCursorMoved(NodeMessage):
    """The cursor is on another box or node, or on none."""


class NodeOpened(NodeMessage):
    """A node was chosen; never a fold."""

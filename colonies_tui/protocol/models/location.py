"""Places that executors may be at (§ Location)."""

from pydantic import Field

from colonies_tui.protocol.model import Model


class Location(Model):
    """A named place; degrees."""

    locationid: str = ""
    name: str = ""
    colonyname: str = ""
    description: str = ""
    longitude: float = Field(default=0.0, alias="long")
    lat: float = 0.0

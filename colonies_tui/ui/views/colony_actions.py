"""What can be done with colonies, users and locations, and with assignments. All of it runs in workers of a view."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from colonies_tui.protocol.errors import UnsafeRequest
from colonies_tui.protocol.guards import check_name
from colonies_tui.protocol.messages.colony import AddUser, PauseAssignments, RemoveColony, RemoveUser
from colonies_tui.protocol.messages.location import RemoveLocation
from colonies_tui.protocol.models.colony import Colony, User
from colonies_tui.protocol.models.location import Location
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.roles import KeySlot
from colonies_tui.store import colony_actions as actions
from colonies_tui.ui.document import Field
from colonies_tui.ui.equivalents import as_commands
from colonies_tui.ui.format.ids import evidence_id
from colonies_tui.ui.format.numbers import grouped
from colonies_tui.ui.questions import KEEP, signer_line
from colonies_tui.ui.spans import Span
from colonies_tui.ui.tables.bulk import Candidate
from colonies_tui.ui.tables.colonies import ColonyLine
from colonies_tui.ui.views.bulk import act_on_marked
from colonies_tui.ui.views.view import View
from colonies_tui.ui.widgets.dialog import Choice, Question
from colonies_tui.ui.widgets.live_table import LiveTable
from colonies_tui.ui.widgets.prompt import Prompt

_IDENTITY = re.compile(r"[0-9a-f]{64}\Z")
_IDENTITY_HINT = "64 hexadecimal characters: what colonies-tui keys new prints as the identity. Never the key itself"


async def _name(view: View, title: str, what: str) -> str | None:
    def check(text: str) -> str | None:
        try:
            check_name(text.strip(), what)
        except UnsafeRequest as error:
            return str(error)
        return None

    text = await view.app.push_screen_wait(Prompt(title, "its name", check=check))
    return None if text is None else text.strip()


async def _identity(view: View, title: str) -> str | None:
    def check(text: str) -> str | None:
        return None if _IDENTITY.match(text.strip()) else "an identity is 64 lower-case hexadecimal characters"

    text = await view.app.push_screen_wait(Prompt(title, _IDENTITY_HINT, check=check))
    return None if text is None else text.strip()


async def add_user(view: View) -> None:
    """Add a user to the colony."""
    colony = view.session.colony
    name = await _name(view, f"New user of {colony}", "user")
    if not name:
        return
    identity = await _identity(view, f"Identity of {name}'s key")
    if not identity:
        return
    email = await view.app.push_screen_wait(Prompt(f"Email of {name}", "may stay empty"))
    if email is None:
        return
    user = User(colonyname=colony, userid=identity, name=name, email=email.strip())
    question = Question(
        title=f"Add user {name}?",
        commands=as_commands(view.session, actions.add_user(user)),
        choices=[Choice(KEEP, "escape", "leave", acts=False), Choice("add", "y", "add", "success")],
        fields=[Field.of("colony", colony), Field.of("identity", evidence_id(identity))],
        paragraphs=(
            (
                Span(
                    "A user needs no approval: it can at once read everything here and submit, cancel and remove work."
                ),
            ),
            signer_line(view.session, KeySlot.COLONY),
        ),
        name_to_type=name,
    )
    if await view.ask(question, AddUser) == "add":
        await view.do(actions.add_user(user))


async def remove_user(view: View, user: User) -> None:
    """Remove a user."""
    question = Question(
        title=f"Remove user {user.name}?",
        commands=as_commands(view.session, actions.remove_user(user)),
        choices=[Choice(KEEP, "escape", "keep", acts=False), Choice("remove", "y", "remove", "failed")],
        fields=[Field.of("identity", evidence_id(user.userid)), Field.of("email", plain(user.email) or "–")],
        paragraphs=(
            (Span("Its work stays. Crons and generators that it made can start nothing any more.", "warning"),),
            signer_line(view.session, KeySlot.COLONY),
        ),
        name_to_type=user.name,
    )
    if await view.ask(question, RemoveUser) == "remove":
        await view.do(actions.remove_user(user))


async def remove_users(view: View, table: LiveTable[User], users: Mapping[str, User]) -> None:
    """Remove marked users."""
    found = [Candidate(key, user.name, actions.remove_user(user)) for key, user in users.items()]
    note = "Their work stays. Crons and generators that they made can start nothing any more."
    await act_on_marked(view, table, found, ("user", "users"), note)


async def remove_locations(view: View, table: LiveTable[Location], locations: Mapping[str, Location]) -> None:
    """Remove marked locations."""
    found = [Candidate(key, row.name, actions.remove_location(row)) for key, row in locations.items()]
    note = "Executors and processes that name them are unchanged."
    await act_on_marked(view, table, found, ("location", "locations"), note)


def _degrees(text: str) -> tuple[float, float]:
    """Return latitude and longitude.

    Raises:
        ValueError: these are not two numbers of degrees.
    """
    latitude, longitude = (float(part) for part in text.split(","))
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(text)
    return latitude, longitude


async def add_location(view: View) -> None:
    """Add a location to the colony."""
    colony = view.session.colony

    def check(text: str) -> str | None:
        try:
            _degrees(text)
        except ValueError:
            return "two numbers with a comma between them: -90 to 90, then -180 to 180"
        return None

    name = await _name(view, f"New location of {colony}", "location")
    if not name:
        return
    hint = "latitude, longitude in degrees, such as 52.356, 4.951"
    degrees = await view.app.push_screen_wait(Prompt(f"Where {name} is", hint, check=check))
    if degrees is None:
        return
    description = await view.app.push_screen_wait(Prompt(f"Description of {name}", "may stay empty"))
    if description is None:
        return
    latitude, longitude = _degrees(degrees)
    location = Location(
        locationid=secrets.token_hex(32),
        name=name,
        colonyname=colony,
        description=description.strip(),
        longitude=longitude,
        lat=latitude,
    )
    await view.propose(actions.add_location(location))


async def remove_location(view: View, location: Location) -> None:
    """Remove a location."""
    question = Question(
        title=f"Remove location {location.name}?",
        commands=as_commands(view.session, actions.remove_location(location)),
        choices=[Choice(KEEP, "escape", "keep", acts=False), Choice("remove", "y", "remove", "failed")],
        fields=[Field.of("description", plain(location.description) or "–")],
        paragraphs=(
            (Span("Executors and processes that name it are unchanged."),),
            signer_line(view.session, KeySlot.COLONY),
        ),
        name_to_type=location.name,
    )
    if await view.ask(question, RemoveLocation) == "remove":
        await view.do(actions.remove_location(location))


async def add_colony(view: View) -> None:
    """Add a colony to the server."""
    name = await _name(view, "New colony", "colony")
    if not name:
        return
    identity = await _identity(view, f"Identity of the owner's key of {name}")
    if identity:
        await view.propose(actions.add_colony(Colony(colonyid=identity, name=name)))


async def remove_colony(view: View, line: ColonyLine) -> None:
    """Remove a colony with everything in it."""
    colony, counters = line.colony, line.standing.statistics
    facts = [Field.of("owner", evidence_id(colony.colonyid))]
    if counters is not None:
        total = counters.waitingprocesses + counters.runningprocesses + counters.successfulprocesses
        total += counters.failedprocesses + counters.cancelledprocesses
        facts.append(Field.of("processes", grouped(total)))
        facts.append(Field.of("executors", grouped(counters.activeexecutors)))
    question = Question(
        title=f"Remove colony {colony.name}?",
        commands=as_commands(view.session, actions.remove_colony(colony)),
        choices=[Choice(KEEP, "escape", "keep", acts=False), Choice("remove", "y", "remove everything", "failed")],
        fields=facts,
        paragraphs=(
            (Span("Users, executors, processes, workflows, crons, generators, logs and files are deleted for good."),),
            signer_line(view.session, KeySlot.SERVER),
        ),
        name_to_type=colony.name,
    )
    if await view.ask(question, RemoveColony) == "remove":
        await view.do(actions.remove_colony(colony))


async def pause_or_resume(view: View) -> None:
    """Stop handing out processes in the colony, or hand them out again."""
    session = view.session
    if session.is_paused:
        await view.propose(actions.resume_assignments(session.colony))
        return
    question = Question(
        title=f"Pause assignments of {session.colony}?",
        commands=as_commands(session, actions.pause_assignments(session.colony)),
        choices=[Choice(KEEP, "escape", "leave", acts=False), Choice("pause", "y", "pause", "warning")],
        paragraphs=(
            (Span("No executor gets work until they are resumed. What runs goes on."),),
            signer_line(session, KeySlot.COLONY),
        ),
        name_to_type=session.colony,
    )
    if await view.ask(question, PauseAssignments) == "pause":
        await view.do(actions.pause_assignments(session.colony))

"""What one key is bound to now: the toolkit works it out for all keys together, and every key waits for that."""

from __future__ import annotations

from typing import Any

from textual.binding import ActiveBinding
from textual.screen import Screen


def active_binding(screen: Screen[Any], key: str) -> ActiveBinding | None:
    """Return the binding of a key that is in force on a screen, greyed ones too; as ``screen.active_bindings[key]``."""
    found: ActiveBinding | None = None
    for namespace, bindings in screen._modal_binding_chain:
        for binding in bindings.key_to_bindings.get(key, ()):
            if found is not None and (found.binding.priority or not binding.priority):
                continue
            state = screen.app._check_action_state(binding.action, namespace)
            if state is not False:
                found = ActiveBinding(namespace, binding, bool(state), binding.tooltip)
    return found

"""What is known of one colony and how sure that is: resources with diffs, feeds, link state, actions, journal.

Everything runs on one event loop and nothing here knows the screen. Rows are immutable; a resource changes only by
:class:`~colonies_tui.store.resource.Resource` methods, which say what changed.
"""

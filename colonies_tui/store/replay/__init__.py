"""Replaying: a session that hears from a recording what another one heard from a server."""

"""The network side of the console: one typed method per message over HTTP, subscriptions over websockets.

Nothing here knows a screen. Every await of the network has a time limit, requests are never repeated by themselves, and
everything that the network libraries raise is translated into the tree of :mod:`colonies_tui.protocol.errors`.
"""

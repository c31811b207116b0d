"""Workflows made up at random."""

from __future__ import annotations

from hypothesis import strategies as st

Parents = dict[str, tuple[str, ...]]
"""Names of the nodes for which each node waits."""


@st.composite
def workflows(draw: st.DrawFn, most: int = 8) -> Parents:
    """Draw a workflow: each node may wait for any nodes before it; then the nodes are shuffled."""
    names = [f"n{number}" for number in range(draw(st.integers(1, most)))]
    parents = {
        name: tuple(draw(st.lists(st.sampled_from(names[:place]), unique=True, max_size=3))) if place else ()
        for place, name in enumerate(names)
    }
    return {name: parents[name] for name in draw(st.permutations(names))}

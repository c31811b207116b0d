"""Server: its version, how observers are treated, the cluster, server-wide counters, and the load that we make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from textual.app import ComposeResult
from textual.widget import Widget

from colonies_tui.config.errors import with_home
from colonies_tui.protocol.address import ServerAddress
from colonies_tui.protocol.models.colony import ClusterNode, Statistics
from colonies_tui.protocol.plaintext import plain
from colonies_tui.protocol.roles import KeySlot
from colonies_tui.store.freshness import Condition, Freshness
from colonies_tui.store.listings import CLUSTER, SERVER_STATISTICS
from colonies_tui.store.resource import Changes
from colonies_tui.store.traffic import BY_HAND
from colonies_tui.ui.document import Field, Section
from colonies_tui.ui.fit import fit
from colonies_tui.ui.format.durations import duration, short_age
from colonies_tui.ui.format.numbers import bytes_size, grouped, per_minute
from colonies_tui.ui.spans import Span
from colonies_tui.ui.views.view import View
from colonies_tui.ui.widgets.detail import DetailPane
from colonies_tui.ui.widgets.rule import TitleRule

_READ_WIDTH: Final = 24
"""Cells for what a reading is of: a state of processes or graphs, a label, or the beginning of an id."""


class ServerView(View):
    """What is known of the server itself."""

    KEY = "server"
    TITLE = "Server"
    FEEDS = frozenset({"statistics", "server", "cluster", "server statistics"})

    def compose(self) -> ComposeResult:
        yield TitleRule("Server", id="server-rule")
        yield DetailPane(id="server-detail")

    @property
    def detail(self) -> DetailPane:
        """All of it."""
        return self.query_one("#server-detail", DetailPane)

    def main_pane(self) -> Widget:
        return self.detail

    def apply(self, changes: Mapping[str, Changes] | None) -> None:
        self._show()

    def tick(self) -> None:
        self._show()

    def _show(self) -> None:
        sections = [self._who(), self._keys(), self._counters(), self._cluster(), self._reads()]
        self.detail.show(sections)
        self.query_one("#server-rule", TitleRule).show(f"Server · {plain(str(self.session.client.address))}")

    def _who(self) -> Section:
        session, profile = self.session, self.context.profile
        version = session.version.get("server")
        info = session.server.get("server")
        build = "not known yet" if version is None else plain(version.buildversion) or "unnamed"
        rows = [
            Field("address", [Span(plain(str(profile.address)))]),
            Field("encrypted", encryption(profile.address)),
            Field("version", [Span(build), Span(f"  built {plain(version.buildtime)}" if version else "", "dim")]),
        ]
        if info is not None:
            apart = (
                "are kept apart from executors: everything is followed live"
                if info.observersapart
                else "are not kept apart from executors: waiting processes are polled, never subscribed to"
            )
            rows.append(Field("observers", [Span(apart)]))
            for backend in info.backends:
                rows.append(Field("says", [Span(f"{plain(backend.type)} on port {backend.port}", "dim")]))
        rows.append(Field("profile", [Span(plain(profile.name)), Span(f"  {plain(profile.source)}", "dim")]))
        return Section("", rows)

    def _keys(self) -> Section:
        rows = []
        for slot in KeySlot:
            key = self.session.client.keys.in_slot(slot)
            words = [Span("none", "dim")] if key is None else [Span(key.identity[:16]), Span("…", "dim")]
            rows.append(Field(slot.holder, words))
        return Section("Keys of this profile", rows)

    def _counters(self) -> Section:
        resource = self.session.listings.of(SERVER_STATISTICS)
        statistics = resource.get("server")
        if statistics is None:
            return Section("Whole server", [Field("", [self._why(resource.freshness)])])
        return Section("Whole server", _counter_rows(statistics))

    def _cluster(self) -> Section:
        resource = self.session.listings.of(CLUSTER)
        cluster = resource.get("cluster")
        if cluster is None:
            return Section("Cluster", [Field("", [self._why(resource.freshness)])])
        return Section("Cluster", [_node(node, node.name == cluster.leader.name) for node in cluster.nodes])

    def _why(self, freshness: Freshness) -> Span:
        if freshness.condition is Condition.FORBIDDEN:
            return Span(f"not allowed: {plain(str(freshness.error))}", "dim")
        if freshness.condition is Condition.LOADING:
            return Span("loading", "dim")
        return Span(plain(str(freshness.error or "not known")), "dim")

    def _reads(self) -> Section:
        session = self.session
        now, asked = session.clock.monotonic(), session.traffic.by_feed()
        bound = f"  of at most {session.pace.requests_per_second:g}"
        slower = "" if session.schedule.is_focused else ", slower while the terminal is not in focus"
        rows = [
            Field(
                "requests", [Span(f"{session.traffic.requests_per_second:.1f} a second"), Span(bound + slower, "dim")]
            ),
            Field("bytes", [Span(f"{bytes_size(round(session.traffic.bytes_per_second))} a second")]),
        ]
        for feed in sorted(session.schedule.feeds.values(), key=lambda feed: feed.name):
            if feed.last_end is None:
                continue
            spans = [
                Span(fit(plain(feed.name), _READ_WIDTH), "dim"),
                Span(f"{per_minute(float(asked.get(feed.name, 0))):>9}"),
                Span(f"{short_age(now - feed.last_end):>8} ago"),
                Span(f"  took {duration(feed.last_seconds)}", "dim"),
            ]
            if feed.seen_by:
                spans.append(Span("  looked at", "dim"))
            rows.append(Field("", spans))
        if by_hand := asked.get(BY_HAND, 0):
            rows.append(
                Field("", [Span(fit("asked for by you", _READ_WIDTH), "dim"), Span(f"{per_minute(float(by_hand)):>9}")])
            )
        return Section("What this console reads, over the last minute", rows)


def _counter_rows(statistics: Statistics) -> Sequence[Field]:
    return [
        Field("colonies", [Span(grouped(statistics.colonies))]),
        Field("executors", [Span(grouped(statistics.executors))]),
        Field(
            "processes",
            [
                Span(f"{grouped(statistics.waitingprocesses)} waiting  "),
                Span(f"{grouped(statistics.runningprocesses)} running  "),
                Span(f"{grouped(statistics.successfulprocesses)} success  "),
                Span(
                    f"{grouped(statistics.failedprocesses)} failed", "failed" if statistics.failedprocesses else "text"
                ),
            ],
        ),
    ]


def _node(node: ClusterNode, leads: bool) -> Field:
    spans = [Span(f"{plain(node.host)}  api {node.apiport}  etcd {node.port}/{node.peerport}  relay {node.relayport}")]
    if leads:
        spans.append(Span("  leader", "success"))
    return Field(plain(node.name) or "–", spans)


def encryption(address: ServerAddress) -> list[Span]:
    """Return whether the line is encrypted and by whose word the server is believed, in words."""
    if not address.tls:
        return [Span("no")]
    if address.insecure:
        return [Span("yes, TLS"), Span("  but who the server is was not verified (insecure)", "error")]
    words = f"  verified by {plain(with_home(Path(address.ca_file)))}" if address.ca_file else ""
    return [Span("yes, TLS"), Span(words, "dim")]

"""The fields of a map's lines: each read as what it must be, or told of with its line."""

from collections.abc import Sequence
from typing import Any

import yaml

from vjdream.errors import nearest
from vjdream.yaml_nodes import scalar

Nodes = dict[str, yaml.Node]


class Fields:
    """Reads fields and collects the mistakes of one file.

    Args:
        name: of the file.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.mistakes: list[str] = []

    def word(
        self,
        nodes: dict[str, yaml.Node],
        key: str,
        allowed: Sequence[str],
        usual: str,
        of: str = "",
    ) -> Any:
        """Return one of a few words."""
        if key not in nodes:
            return usual
        given = str(scalar(nodes[key]))
        if given not in allowed:
            whose = f" for '{of}'" if of else ""
            self.mistake(
                nodes[key],
                f"'{key}'{whose} cannot be '{given[:40]}' (allowed: {', '.join(allowed)})"
                f"{nearest(given[:40], allowed)}",
            )
            return usual
        return given

    def switch(self, nodes: dict[str, yaml.Node], key: str, usual: bool) -> bool:
        given = scalar(nodes[key]) if key in nodes else usual
        if not isinstance(given, bool):
            self.mistake(nodes[key], f"'{key}' needs true or false, got {given!r}")
            return usual
        return given

    def whole(
        self, nodes: dict[str, yaml.Node], key: str, low: int, high: int, usual: int | None
    ) -> int | None:
        if key not in nodes:
            return usual
        given = scalar(nodes[key])
        if isinstance(given, bool) or not isinstance(given, int) or not low <= given <= high:
            self.mistake(nodes[key], f"'{key}' needs a number from {low} to {high}, got {given!r}")
            return usual
        return given

    def entries(
        self, node: yaml.MappingNode, known: Sequence[str]
    ) -> dict[str, tuple[str, yaml.Node]]:
        found: dict[str, tuple[str, yaml.Node]] = {}
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            if name not in known:
                self.mistake(key, f"'{name[:40]}' is unknown here{nearest(name[:40], known)}")
            elif name in found:
                self.mistake(key, f"'{name}' stands twice")
            else:
                found[name] = (name, value)
        return found

    def mistake(self, node: yaml.Node, sentence: str) -> None:
        self.mistakes.append(f"{self.name} line {node.start_mark.line + 1}: {sentence}")

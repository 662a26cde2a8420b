"""YAML as far as a file of settings needs it: a mapping whose nodes know their lines."""

from pathlib import Path
from typing import Any

import yaml

from vjdream.errors import PresetError, VJDreamError

DEEPEST = 3
TOO_DEEP = "nested too deeply for a preset"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The C parser is fifteen times faster: a preset is read between two frames."""

LARGEST_INTEGER = 2**64


def read_text(path: Path, what: str, largest: int, error: type[VJDreamError]) -> str:
    """Return the text of a small file of settings.

    Args:
        what: it is, for the sentence.
        largest: size in bytes.
        error: that is raised when it cannot be read.
    """
    try:
        if path.exists() and not path.is_file():  # a pipe could be read for ever
            raise error(f"{what} {path} is no file")
        with path.open("rb") as file:
            content = file.read(largest + 1)
        if len(content) > largest:
            raise error(f"{what} {path} is larger than {largest // 1024} KB")
        return content.decode("utf-8")
    except (OSError, UnicodeDecodeError) as reason:
        raise error(f"{what} {path} cannot be read: {reason}") from None


def read_mapping(text: str, name: str) -> yaml.MappingNode:
    """Read a small YAML file without making anything of its values.

    Args:
        name: of the file, for the error.

    Raises:
        PresetError: when it is no mapping, has aliases or is nested too deeply.
    """
    try:
        # events first: an alias can blow a small file up, and no preset needs one
        depth = 0
        for event in yaml.parse(text, Loader=LOADER):
            if isinstance(event, yaml.AliasEvent):
                raise PresetError(f"{name}: YAML aliases are not allowed in a preset")
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise PresetError(f"{name}: {TOO_DEEP}")
        root = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "not YAML"
        if "nesting depth" in problem:  # newer parsers count, too, before they tell of an event
            problem = TOO_DEEP
        raise PresetError(f"{name}{line}: {problem}") from None
    if not isinstance(root, yaml.MappingNode):
        raise PresetError(f"{name}: a preset is a list of 'name: value' lines")
    return root


def scalar(node: yaml.Node) -> Any:
    """Return the one value of a node, as its text where it is none of YAML's own kinds."""
    if not isinstance(node, yaml.ScalarNode):
        return "a list or section"
    try:
        value = yaml.SafeLoader("").construct_object(node)
    except Exception:
        return str(node.value)
    if type(value) is int and abs(value) > LARGEST_INTEGER:
        return str(node.value)  # Python refuses to show integers of thousands of digits
    return value

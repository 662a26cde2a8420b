"""Every address that vjdream hears or says, as one Markdown list to print or to search."""

from generate_table import buttons, report_name

from vjdream.parameters import COMMANDS, REPORTS, ROOT, TABLE, Command, Parameter
from vjdream.reference import NORM

HEAD = """\
# Every OSC address of vjdream

Written by `tools/generate.py`. `vjdream parameters ADDRESS` prints the page of one address, with an
example for every kind of sender; `vjdream parameters --pages FOLDER` writes all pages. The last
column is the custom parameter of the TouchDesigner component.
"""


def addresses() -> str:
    """Return the text of ``tools/surfaces/addresses.md``."""
    lines = [HEAD]
    for page in dict.fromkeys(p.page for p in TABLE.values()):
        lines += [f"## {page}", "", "| Address | Type | Default | Allowed | TouchDesigner |"]
        lines += ["|---|---|---|---|---|"]
        for parameter in TABLE.values():
            if parameter.page == page:
                lines += _parameter(parameter)
        lines.append("")
    lines += ["## Commands", "", "| Address | Arguments | TouchDesigner |", "|---|---|---|"]
    lines += [line for command in COMMANDS.values() for line in _command(command)]
    lines += ["", "## Reports", "", "| Address | Type | TouchDesigner |", "|---|---|---|"]
    lines += [f"| `{r.address}` | {r.osc_type} | {report_name(r)} |" for r in REPORTS]
    return "\n".join(lines) + "\n"


def _parameter(parameter: Parameter) -> list[str]:
    """The address in its own units and, for numbers, the one that takes 0 to 1."""
    default = parameter.default
    if parameter.kind == "toggle":
        default = "on" if default else "off"
    elif isinstance(default, float):
        default = f"{default:g}"
    kind, name = parameter.osc_type, parameter.touchdesigner
    lines = [f"| `{parameter.address}` | {kind} | {default} | {parameter.allowed} | {name} |"]
    if parameter.numeric:
        at = f"{parameter.normalised(float(parameter.default)):.3f}"
        lines.append(f"| `{ROOT}{NORM}{parameter.name}` | f | {at} | 0 to 1 | |")
    return lines


def _command(command: Command) -> list[str]:
    if "<" in command.name:  # its addresses stand beside the parameters
        return []
    shown = command.arguments or "none"
    names = {button["address"]: button["touchdesigner"] for button in buttons(command)}
    return [f"| `{a}` | {shown} | {names.get(a, '')} |" for a in command.addresses]

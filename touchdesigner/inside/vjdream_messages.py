"""What a custom parameter says in OSC, and what OSC says to one, without TouchDesigner.

Inside the COMP this is a Text DAT; outside it is a module that the tests import. Python 3.9 and the
standard library are all that TouchDesigner has.
"""

import struct

SOURCE = "(vjdream"
"""What the name of an NDI source has in it: ``COMPUTER (vjdream)``."""


def same(one, other):
    """Return whether two values are the same to OSC, whose floats have 32 bits."""
    if isinstance(one, str) or isinstance(other, str) or one is None or other is None:
        return one == other
    try:
        return struct.pack(">f", one) == struct.pack(">f", other)
    except OverflowError:  # too large for a float, and so no value of the engine's
        return one == other


def source(names):
    """Return the first NDI source that is a vjdream, or an empty string."""
    return next((name for name in names if SOURCE in name.lower()), "")


class Messages:
    """Values between the parameters of the COMP and OSC, and what the engine has already.

    A value that the engine has is not sent: one that it told itself would come back as a touch, and
    take its fader out of a morph. So what was last heard or sent is kept for each parameter.

    Args:
        table: the content of ``table.json``.
    """

    def __init__(self, table):
        self.parameters = {entry["touchdesigner"]: entry for entry in table["parameters"]}
        self.commands = {entry["touchdesigner"]: entry for entry in table["commands"]}
        self._heard_as = {
            entry["address"]: entry for entry in table["parameters"] + table["reports"]
        }
        self._engine_has = {}

    def changed(self, name, value):
        """Return the (address, arguments) that tell a parameter's new value, or None.

        None is for parameters that have no address, and for values that the engine has already.
        """
        parameter = self.parameters.get(name)
        if parameter is None:
            return None
        value = as_argument(parameter["type"], value)
        if same(self._engine_has.get(name), value):
            return None
        self._engine_has[name] = value
        return parameter["address"], [value]

    def wanted(self, name):
        """Return the name of the parameter that holds a button's argument, or None."""
        argument = self.commands.get(name, {}).get("argument")
        return argument["touchdesigner"] if argument else None

    def pulsed(self, name, value=None):
        """Return the (address, arguments) of a button, or None when it has nothing to say.

        Args:
            value: what `wanted` asks for; where it may be left out, a button without it sends 1.
        """
        command = self.commands.get(name)
        if command is None:
            return None
        argument = command["argument"]
        if argument is None or (value in ("", None) and not argument["needed"]):
            return command["address"], [1]
        if value in ("", None):
            return None
        return command["address"], [as_argument(argument["type"], value)]

    def heard(self, address, arguments):
        """Return the (name, value) that a message sets, or None; the value is kept."""
        entry = self._heard_as.get(address)
        if entry is None or len(arguments) != 1:
            return None
        kinds = str if entry["type"] == "s" else (int, float)
        if not isinstance(arguments[0], kinds):
            return None
        try:
            value = as_argument(entry["type"], arguments[0])
        except (ValueError, OverflowError):  # no number at all, where a whole one belongs
            return None
        name = entry["touchdesigner"]
        if name in self.parameters:
            self._engine_has[name] = value
        return name, value

    def forget(self):
        """Forget what the engine has: another one may be listening now."""
        self._engine_has.clear()


def as_argument(kind, value):
    """Return a value as its type tag wants it: f, i (switches are 0 and 1) or s."""
    return {"f": float, "i": int, "s": str}[kind](value)

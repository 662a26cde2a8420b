"""The custom parameters of the vjdream COMP, page by page, from the exported table.

`build_vjdream.py` runs this file inside TouchDesigner: Python 3.9, the standard library.
"""

PAGE_ENGINE, PAGE_STATUS = "Engine", "Status"

ENGINE = (
    # kind, name, label, default, what it is
    ("Str", "Address", "Address", "127.0.0.1", "The computer that vjdream runs on."),
    ("Int", "Port", "Port", None, "Its OSC port (--osc-port)."),
    ("Int", "Feedbackport", "Feedback port", 7701, "Where this component hears the engine."),
    ("Toggle", "Active", "Active", True, "Off sends nothing and hears nothing."),
    ("Pulse", "Sync", "Sync", None, "Asks for all values. It happens by itself every 20 seconds."),
    ("Pulse", "Sendall", "Send all", None, "Tells the engine every value of this component."),
    ("Str", "Source", "Source", "", "The NDI source, as COMPUTER (vjdream)."),
    ("Pulse", "Findsource", "Find source", None, "Takes the first NDI source that is a vjdream."),
    ("Str", "Extraips", "Extra search IPs", "", "Where to look for NDI if mDNS is blocked."),
)  # fmt: skip
"""What belongs to the connection and not to the show."""


def names(table):
    """Return the names of all custom parameters, in the order of the pages."""
    wanted = [c["argument"]["touchdesigner"] for c in table["commands"] if c["argument"]]
    found = [line[1] for line in ENGINE]
    found += [entry["touchdesigner"] for entry in table["parameters"]]
    found += [entry["touchdesigner"] for entry in table["commands"]] + list(dict.fromkeys(wanted))
    return found + [entry["touchdesigner"] for entry in table["reports"]]


def append_all(comp, table, checks):
    """Append every page to the COMP.

    Args:
        checks: what the builder reports to; `checks.attribute(par, name, value)` sets one and
            notes a name that this TouchDesigner does not know.
    """
    pages = Pages(comp, table, checks)
    pages.engine()
    pages.table()
    pages.commands()
    pages.status()


class Pages:
    """Appends parameters of each kind to their page."""

    def __init__(self, comp, table, checks):
        self._comp = comp
        self._table = table
        self._checks = checks
        self._pages = {}

    def engine(self):
        for kind, name, label, default, text in ENGINE:
            default = self._table["port"] if name == "Port" else default
            par = self._append(PAGE_ENGINE, kind, name, label, text)
            if kind == "Int":
                self._range(par, 1, 65535, clamp=True)
            if kind != "Pulse":
                self._start(par, default)

    def table(self):
        before = ""
        for entry in self._table["parameters"]:
            par = self._parameter(entry)
            folder = entry["name"].rpartition("/")[0]
            if folder != before and entry["page"] in self._pages:
                self._checks.attribute(par, "startSection", True)
            before = folder

    def commands(self):
        asked = set()
        for entry in self._table["commands"]:
            argument = entry["argument"]
            if argument and argument["touchdesigner"] not in asked:
                asked.add(argument["touchdesigner"])
                self._argument(entry, argument)
            name, label = entry["touchdesigner"], entry["label"]
            self._append(entry["page"], "Pulse", name, label, entry["help"])

    def status(self):
        kinds = {"f": "Float", "i": "Int", "s": "Str"}
        for entry in self._table["reports"]:
            kind = kinds[entry["type"]]
            name, label = entry["touchdesigner"], entry["label"]
            par = self._append(PAGE_STATUS, kind, name, label, entry["help"])
            self._checks.attribute(par, "readOnly", True)

    # -- one of each kind -------------------------------------------------------------------------

    def _parameter(self, entry):
        """One line of the table."""
        kind = entry["kind"]
        unit = " (" + entry["unit"] + ")" if entry["unit"] else ""
        text = entry["help"] + unit + " " + entry["address"]
        type_ = {"continuous": "Float", "integer": "Int", "choice": "Menu", "toggle": "Toggle"}
        name, label = entry["touchdesigner"], entry["label"]
        par = self._append(entry["page"], type_.get(kind, "StrMenu"), name, label, text)
        if kind in ("continuous", "integer"):
            self._range(par, entry["minimum"], entry["maximum"], clamp=not entry["wraps"])
        elif kind == "choice":
            self._menu(par, entry["choices"], entry["choices"])
        elif kind == "word" and entry["words"] == "class":
            classes = self._table["classes"]
            self._menu(par, [c["slug"] for c in classes], [c["name"] for c in classes])
        elif kind == "word":
            self._menu(par, self._table["layers"], self._table["layers"])
        self._start(par, entry["default"])
        return par

    def _argument(self, entry, argument):
        """What a button sends: a preset's name can be chosen, others are typed in."""
        presets = entry["name"] == "preset/load"
        kind = "StrMenu" if presets else "Str" if argument["type"] == "s" else "Float"
        name = argument["touchdesigner"]
        par = self._append(entry["page"], kind, name, argument["label"], entry["help"])
        self._checks.attribute(par, "startSection", True)
        if presets:
            self._menu(par, self._table["presets"], self._table["presets"])
        if kind == "Float":
            self._range(par, 0, 60, clamp=True)
        self._start(par, argument["default"])

    def _append(self, page, kind, name, label, text):
        if page not in self._pages:
            self._pages[page] = self._comp.appendCustomPage(page)
        par = getattr(self._pages[page], "append" + kind)(name, label=label)[0]
        if par.name != name:
            self._checks.missing("custom-names", name + " became " + par.name)
        self._checks.attribute(par, "help", text)
        return par

    def _range(self, par, low, high, clamp):
        for name, value in (("min", low), ("max", high), ("normMin", low), ("normMax", high)):
            self._checks.attribute(par, name, value)
        self._checks.attribute(par, "clampMin", clamp)
        self._checks.attribute(par, "clampMax", clamp)

    def _menu(self, par, entries, labels):
        self._checks.attribute(par, "menuNames", entries)
        self._checks.attribute(par, "menuLabels", labels)

    def _start(self, par, value):
        """The default alone would leave the value as it is."""
        self._checks.attribute(par, "default", value)
        self._checks.attribute(par, "val", value)

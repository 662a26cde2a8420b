# ruff: noqa: F821, N802 - the names are TouchDesigner's
"""Parameter Execute DAT: once a frame with all that changed, and for each button."""


def onValuesChanged(changes):
    parent().ext.VjdreamExt.Changed(changes)


def onPulse(par):
    parent().ext.VjdreamExt.Pulsed(par)

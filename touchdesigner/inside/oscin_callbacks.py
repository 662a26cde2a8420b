# ruff: noqa: F821, N802, N803 - the names are TouchDesigner's
"""OSC In DAT: what the engine tells its subscribers."""


def onReceiveOSC(dat, rowIndex, message, bytes, timeStamp, address, args, peer):
    parent().ext.VjdreamExt.Heard(address, args)

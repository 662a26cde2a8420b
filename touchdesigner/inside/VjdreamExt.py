# ruff: noqa: F821, N802, N803 - the names are TouchDesigner's
"""The extension of the vjdream COMP: carries values between its parameters and OSC.

Everything happens on TouchDesigner's main thread; OSC and NDI have their own operators.
"""

import json

RENEWAL = 20000
"""Milliseconds between two requests for feedback; the engine forgets who is silent for 60 s."""

RENEW = "args[0].valid and args[0].ext.VjdreamExt.Renew(args[1])"


class VjdreamExt:
    def __init__(self, ownerComp):
        self.ownerComp = ownerComp
        table = json.loads(ownerComp.op("table").text)
        module = ownerComp.op("vjdream_messages").module
        self.same = module.same
        self.source = module.source
        self.messages = module.Messages(table)
        self.token = str(id(self))
        self.started = False
        # not now: the operators around may not have been loaded yet
        run(RENEW, ownerComp, self.token, delayFrames=2)

    def Renew(self, token):
        """Ask for feedback again and again; an extension that was replaced falls silent."""
        if token != self.token:
            return
        self.started = True
        self.Sync()
        if not self.ownerComp.par.Source.eval():
            self.FindSource()
        run(RENEW, self.ownerComp, token, delayMilliSeconds=RENEWAL)

    def Sync(self):
        """Ask the engine to tell all values, and every change from now on.

        Returns what TouchDesigner says of both messages: how many bytes it sent.
        """
        port = int(self.ownerComp.par.Feedbackport.eval())
        return [self.Send("/vjdream/subscribe", port), self.Send("/vjdream/sync")]

    def Send(self, address, *arguments):
        """Send any message to the engine: ``op('vjdream').Send('/vjdream/classes', 'eye')``."""
        return self.ownerComp.op("oscout").sendOSC(
            address,
            list(arguments),
            asBundle=False,
            useNonStandardTypes=False,
            use64BitPrecision=False,
        )

    def Changed(self, changes):
        """Tell the engine what was changed in this frame: (parameter, value before) each.

        What a build or a loaded project sets is nobody's hand: a running show keeps its values.
        """
        if not self.started:
            return
        names = [par.name for par, _ in changes]
        if {"Address", "Port", "Feedbackport", "Active"} & set(names):
            self.messages.forget()
            self.Sync()
        self.tell(names)

    def SendAll(self):
        """Tell the engine every value of the component, as after loading a project."""
        self.messages.forget()
        self.tell(self.messages.parameters)

    def tell(self, names):
        for name in names:
            message = self.messages.changed(name, self.ownerComp.par[name].eval())
            if message:
                self.Send(message[0], *message[1])

    def Pulsed(self, par):
        """Do what a button asks for."""
        if par.name == "Sync":
            self.Sync()
        elif par.name == "Findsource":
            self.FindSource()
        elif par.name == "Sendall":
            self.SendAll()
        else:
            wanted = self.messages.wanted(par.name)
            value = self.ownerComp.par[wanted].eval() if wanted else None
            message = self.messages.pulsed(par.name, value)
            if message:
                self.Send(message[0], *message[1])

    def Heard(self, address, arguments):
        """Show what the engine tells; it is not sent back."""
        heard = self.messages.heard(address, list(arguments))
        if heard is None:
            return
        name, value = heard
        par = self.ownerComp.par[name]
        if par is None or self.same(par.eval(), value):
            return
        if par.mode != ParMode.CONSTANT:  # a value would throw its expression or export away
            return
        try:
            par.val = value
        except Exception as error:  # such as a choice that a newer engine has and this menu has not
            debug("vjdream: " + address + " cannot be shown: " + str(error))

    def FindSource(self):
        """Take the first NDI source that is a vjdream; without one, what was typed in stays."""
        table = self.ownerComp.op("ndi")
        cells = [
            table[row, column].val
            for row in range(table.numRows)
            for column in range(table.numCols)
        ]
        found = self.source(cells)
        if found:
            self.ownerComp.par.Source.val = found
        return found

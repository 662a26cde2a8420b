"""Where the surfaces' process begins: the stage may name it without loading what it needs."""

from multiprocessing.connection import Connection

from vjdream.exchange import SurfacesCommission
from vjdream.priority import BESIDE, step


def serve(commission: SurfacesCommission, pipe: Connection) -> None:
    """Entry of the child process; returns never, it ends with the pipe."""
    step(BESIDE)  # a child begins with the priority of the stage
    from vjdream.surfaces import process

    process.serve(commission, pipe)

"""Read the next batch while this one is worked on: reading waits for Python, cleaning mostly for GEOS and numpy."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterator

from blueprint.geometry.batch import Batch

#: batches that may wait; each is some megabytes
WAITING = 1


def ahead(batches: Iterator[Batch]) -> Iterator[Batch]:
    """Give the batches in their order; what goes wrong while reading is raised at its place.

    Whoever stops early stops the reading.
    """
    ready: queue.Queue[Batch | BaseException | None] = queue.Queue(WAITING)
    stopped = threading.Event()

    def hand_over(what: Batch | BaseException | None) -> None:
        while not stopped.is_set():
            with contextlib.suppress(queue.Full):
                ready.put(what, timeout=0.5)
                return

    def read() -> None:
        try:
            for batch in batches:
                hand_over(batch)
                if stopped.is_set():
                    return
            hand_over(None)
        except BaseException as fault:
            hand_over(fault)

    reader = threading.Thread(target=read, name="reader", daemon=True)
    reader.start()
    try:
        while (found := ready.get()) is not None:
            if isinstance(found, BaseException):
                raise found
            yield found
    finally:
        stopped.set()
        reader.join()

"""Work on several batches at a time: reading them waits for Python, cleaning them mostly for GEOS and numpy."""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from blueprint.geometry.batch import Batch

Given = TypeVar("Given")
Made = TypeVar("Made")

#: batches that may wait; each is some megabytes
WAITING = 1
#: more threads than that would only wait for the one that reads
MOST_WORKERS = 4


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


def each(work: Callable[[Given], Made], items: Iterator[Given]) -> Iterator[Made]:
    """Work on items in threads, as many as there are processors, and give what comes of them in their order."""
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    under_way: deque[Future[Made]] = deque()
    with ThreadPoolExecutor(workers, thread_name_prefix="work") as threads:
        try:
            for item in items:
                under_way.append(threads.submit(work, item))
                if len(under_way) > workers:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for left in under_way:
                left.cancel()

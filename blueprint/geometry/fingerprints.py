"""Tell features that are equal in shape and words, in a stream of any length and in little memory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from blueprint.geometry.outlines import Outlines
from blueprint.geometry.shapes import Attributes

Words = npt.NDArray[np.uint64]
#: odd constants that spread bits, for two sums that know nothing of each other
_SPREAD = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F))
_MIX = np.uint64(0xBF58476D1CE4E5B9)
_SHIFT = np.uint64(31)
KEY = np.dtype("S16")


def fingerprints(outlines: Outlines, attributes: Sequence[Attributes]) -> npt.NDArray[np.bytes_]:
    """Return 16 bytes for each feature: equal ones have equal bytes, wherever their rings begin and turn.

    A shape is the set of its edges, so the fingerprint is a sum over edges that does not see their direction.
    """
    said = np.fromiter(map(hash, attributes), np.int64, len(attributes)).view(np.uint64)
    first = outlines.ring_at[outlines.polygon_at[outlines.shape_at]]
    last_of_ring = outlines.ring_at[1:] - 1
    bits = np.ascontiguousarray(outlines.xy).view(np.uint64)
    halves = []
    for spread in _SPREAD:
        vertex = _mixed(bits[:, 0] * spread + _mixed(bits[:, 1] + spread))
        after = np.roll(vertex, -1)
        edge = _mixed((vertex + after) * spread ^ (vertex * after))
        edge[last_of_ring] = 0
        halves.append(_mixed(np.add.reduceat(edge, first[:-1]) + said * spread))
    return np.column_stack(halves).view(KEY).ravel()


def _mixed(words: Words) -> Words:
    """Spread every bit over the whole word; the words given are worn out."""
    words ^= words >> _SHIFT
    words *= _MIX
    words ^= words >> _SHIFT
    return words


class Seen:
    """Remembers fingerprints: sorted runs that are merged as they grow, 16 bytes each."""

    def __init__(self) -> None:
        self._runs: list[npt.NDArray[np.bytes_]] = []

    def new(self, keys: npt.NDArray[np.bytes_]) -> npt.NDArray[np.bool_]:
        """Tell which of these come for the first time, here and before; remember them."""
        unique, first = np.unique(keys, return_index=True)
        known = np.zeros(len(unique), bool)
        for run in self._runs:
            places = np.minimum(np.searchsorted(run, unique), len(run) - 1)
            known |= run[places] == unique
        fresh = np.zeros(len(keys), bool)
        fresh[first[~known]] = True
        self._remember(unique[~known])
        return fresh

    def _remember(self, run: npt.NDArray[np.bytes_]) -> None:
        while self._runs and len(self._runs[-1]) <= 2 * len(run):
            run = np.sort(np.concatenate([self._runs.pop(), run]), kind="stable")
        if len(run):
            self._runs.append(run)

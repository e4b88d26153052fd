"""What a city's pack says about its clocks, read once per version."""

from dataclasses import dataclass
from datetime import time
from functools import lru_cache

from approvals.deadlines.states import Calibre
from portal.citypack import queries as citypack


@dataclass(frozen=True, slots=True)
class Local:
    """The local choices (clock.yaml, city.yaml).

    :param close_of_business: what is handed in online later than this is received on the next working day
    :param correction_stops: which of C2 and C9 a correction after acceptance stops
    """

    close_of_business: time
    correction_stops: tuple[Calibre, ...]


@lru_cache(maxsize=16)
def local(pack_version_id: int) -> Local:
    """Return the local choices of a pack version; a version never changes."""
    documents = citypack.version(pack_version_id).documents
    choices = documents["clock"]["local_choices"]
    return Local(
        close_of_business=time.fromisoformat(documents["city"]["close_of_business"]),
        correction_stops=tuple(Calibre(calibre) for calibre in choices["post_acceptance_correction_stops"]),
    )

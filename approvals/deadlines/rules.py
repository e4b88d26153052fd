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


@dataclass(frozen=True, slots=True)
class Severity:
    """From where on an overrun is severe (严重超期; clock.yaml, thresholds).

    :param overdue_days: days over the limit
    :param times: times the limit that were used
    """

    overdue_days: int
    times: int

    def is_severe(self, *, over: int, limit: int) -> bool:
        """Tell whether a clock that has run `over` days over its limit is double red."""
        return over >= self.overdue_days or over > (self.times - 1) * limit


def severity() -> Severity:
    """Return the thresholds of the pack in force, for every case of the city."""
    return _severity(citypack.recent_id())


@lru_cache(maxsize=4)
def _severity(pack_version_id: int) -> Severity:
    thresholds = citypack.document(pack_version_id, "clock")["thresholds"]
    return Severity(overdue_days=thresholds["double_red_overdue_days"], times=thresholds["double_red_times"])

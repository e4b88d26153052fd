"""The numbers of decisions: what the series of the pack prescribes, with a serial drawn under a row lock."""

from datetime import datetime

from portal.core import clock, sequences
from projects.catalogue.definitions import Catalogue


def draw(catalogue: Catalogue, item: str, *, refusal: bool, at: datetime) -> str:
    """Draw the next number for the result of an item, or for the decision that refuses it.

    All that is printed before and after the serial has a count of its own, so two items whose series read alike
    share one count and never one number. A year in the series makes the count begin anew each year.
    """
    result = catalogue.results[item]
    series = result.refusal_series if refusal else result.number_series
    digits = catalogue.serial_digits if refusal else result.serial_digits
    parts = {
        "dept": catalogue.departments[catalogue.items[item].department].number_word,
        "year": str(clock.day_of(at).year),
        "item": item,
    }
    serial = sequences.next_value(f"result/{series.format(serial='', **parts)}")
    return series.format(serial=str(serial).zfill(digits), **parts)

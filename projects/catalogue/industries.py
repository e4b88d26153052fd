"""The industry codes of GB/T 4754: two digits of a division, or a section's letter and up to four digits. Pure."""

import re

#: the edition by which a code is judged
EDITION = "2017"

_CODE = re.compile(r"(?P<section>[A-T])?(?P<division>[0-9]{2})[0-9]{0,2}")
#: first and last division of each section
_SECTIONS = {
    "A": (1, 5), "B": (6, 12), "C": (13, 43), "D": (44, 46), "E": (47, 50), "F": (51, 52), "G": (53, 60),
    "H": (61, 62), "I": (63, 65), "J": (66, 69), "K": (70, 70), "L": (71, 72), "M": (73, 75), "N": (76, 79),
    "O": (80, 82), "P": (83, 83), "Q": (84, 85), "R": (86, 90), "S": (91, 96), "T": (97, 97),
}  # fmt: skip
_ALL = (1, 97)


def is_industry(code: str) -> bool:
    """Tell whether a code names a division that exists, in its section if it names one."""
    parts = _CODE.fullmatch(code)
    if parts is None:
        return False
    first, last = _SECTIONS[parts["section"]] if parts["section"] else _ALL
    return first <= int(parts["division"]) <= last

"""Tell the clock of inputs in a file: `explain_clock FILE`, JSON in, JSON out, no database."""

import json
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from approvals.deadlines import arithmetic, faults, ledger
from approvals.deadlines.course import Fault, Reason
from approvals.deadlines.states import COUNTED, LIMITED
from portal.core import calendars
from portal.core.jsonlines import JsonCommand
from portal.core.workdays import Calendar

#: longer whole numbers cannot be meant as days; as a float they are "no integer", and never slow to read
_LONGEST_INTEGER = 18


class Command(JsonCommand):
    """Explain each input by the clock contract: days per calibre, due dates, light and ledger.

    Ends with status 0, or 2 when one of the answers carries errors.
    """

    help = "按时钟约定解释 FILE 中的一个输入或输入列表：各口径用时、到期日、灯色和逐日台账。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="JSON 文件：一个对象，或对象的列表")

    def handle(self, **options: Any) -> None:
        given = self._read(Path(options["file"]))
        pack = calendars.from_pack(settings.CITY_PACK)
        if isinstance(given, list):
            answers = [answer(one, pack) for one in given]
            self.say(answers)
        else:
            answers = [answer(given, pack)]
            self.say(answers[0])
        if any(found["errors"] for found in answers):
            self._note(answers)
            sys.exit(2)

    def _read(self, path: Path) -> object:
        try:
            return json.loads(path.read_bytes().decode("utf-8-sig"), parse_constant=_no_json, parse_int=_integer)
        except (OSError, ValueError, RecursionError) as error:
            # ValueError covers broken JSON as well as broken UTF-8
            self.stderr.write(f"{path}: {error}")
            return None

    def _note(self, answers: list[dict[str, Any]]) -> None:
        for number, found in enumerate(answers, start=1):
            for error in found["errors"]:
                message = Fault(Reason(error["reason"])).message
                self.stderr.write(_("第 %(number)s 个输入：%(message)s") % {"number": number, "message": message})


def answer(given: object, pack: Calendar) -> dict[str, Any]:
    """Return the output object of one input object."""
    question = faults.read(given, pack=pack)
    if isinstance(question, Fault):
        return {"errors": [_error(question)]}
    told = arithmetic.explain(question.terms, question.events, question.as_of)
    return {
        "received_on": told.received_on.isoformat(),
        "accepted_on": told.accepted_on and told.accepted_on.isoformat(),
        "deemed_accepted": told.deemed_accepted,
        "ended_on": told.ended_on and told.ended_on.isoformat(),
        "used": {calibre: told.used[calibre] for calibre in sorted(told.used)},
        "due_on": {calibre: (due := told.due_on[calibre]) and due.isoformat() for calibre in LIMITED},
        "provisional": told.provisional,
        "light": told.light,
        "ledger": [
            {
                "date": row.date.isoformat(),
                "working": row.working,
                "holder": row.holder,
                "counts": {calibre: calibre in row.counts for calibre in COUNTED},
                "why": row.why,
            }
            for row in ledger.rows(told)
        ],
        "errors": [],
    }


def _error(fault: Fault) -> dict[str, object]:
    error: dict[str, object] = {"index": fault.index, "reason": fault.reason}
    if fault.field:
        error["field"] = fault.field
    return error


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else float(digits)


def _no_json(constant: str) -> NoReturn:
    raise ValueError(constant)

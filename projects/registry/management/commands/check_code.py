"""Judge codes: `check_code [--link] [--] CODE...`, one JSON object per line."""

import sys
from typing import Any

from django.core.management.base import CommandParser

from portal.core.jsonlines import JsonCommand
from projects.registry import codes


class Command(JsonCommand):
    """Say of each code what it is and whether it is valid; with --link its check character for links.

    Ends with status 0 when every code is valid, else 1.
    """

    help = "检查项目代码、工程代码和统一社会信用代码；--link 输出链接校验位。每行一个 JSON 对象。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--link", action="store_true", help="输出 ISO 7064 MOD 37,36 链接校验位")
        parser.add_argument("codes", nargs="+", metavar="CODE", help="代码；以连字符开头的代码放在 -- 之后")

    def handle(self, **options: Any) -> None:
        answers = [self._link(code) if options["link"] else self._judge(code) for code in options["codes"]]
        for answer in answers:
            self.say(answer)
        if any("reason" in answer for answer in answers):
            sys.exit(1)

    def _judge(self, code: str) -> dict[str, object]:
        verdict = codes.judge(code)
        answer: dict[str, object] = {"code": code, "kind": verdict.kind, "valid": verdict.valid}
        if verdict.reason is not None:
            answer["reason"] = verdict.reason
        if verdict.engineering is not None:
            answer["level"] = verdict.engineering.level
            answer["parent"] = verdict.engineering.parent
        return answer

    def _link(self, code: str) -> dict[str, object]:
        check = codes.link_check(code)
        if check is None:
            return {"code": code, "k": None, "reason": codes.Reason.CHARSET}
        return {"code": code, "k": check}

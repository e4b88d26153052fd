"""Prove the audit chains."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.core import audit

REASONS = {
    "missing": "缺少一条记录",
    "unlinked": "与前一条对不上",
    "changed": "内容被改动",
    "no_head": "链头缺失",
}


class Command(BaseCommand):
    help = "核对审计链：逐条验证摘要，指出第一处断链。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("streams", nargs="*", help="链的名称（如项目代码）；不写则核对全部")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        checked = 0
        for stream in options["streams"] or audit.streams():
            fault = audit.verify(stream)
            checked += 1
            if fault:
                broken += 1
                self.stderr.write(f"{stream}：第 {fault.number} 条 {REASONS[fault.reason]}")
        if broken:
            raise CommandError(f"核对 {checked} 条链，{broken} 条有断点")
        self.stdout.write(f"核对 {checked} 条链，全部完整")

"""Printing, after the report was ordered."""

from datetime import datetime
from typing import Any

from blueprint.reports import operations as reports
from portal.core import outbox


@outbox.handler("reports.report.ordered", name="reports.print")
def print_ordered(payload: dict[str, Any], at: datetime) -> None:
    """Print and file an ordered report."""
    reports.print_report(report_id=payload["id"], at=at)

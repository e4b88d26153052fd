"""The verbs of a report: order it, print it."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from blueprint.checks.models import CheckRun
from blueprint.reports import content, meanings, policies
from blueprint.reports.meanings import PaperRules, Words
from blueprint.reports.models import Report
from blueprint.reports.pages import run_page
from blueprint.reports.states import ReportState
from portal.core import audit, clock, files, marks, outbox, pdf, sequences
from portal.core.actor import Actor
from portal.core.errors import Conflict, NotFound
from portal.core.models import StoredBlob
from portal.core.transitions import move
from portal.core.unit import operation
from projects.archive import operations as archive
from projects.archive.models import Document, DocumentSource

#: no letters or digits that are taken for each other on paper
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 8
#: what the archive calls it
MATERIAL = "check-report"


class NoPaper(Conflict):
    """The city's pack does not say how the report is called and numbered."""

    code = "no_report"
    message = gettext_lazy("城市配置里没有写核查报告的名称和文号，请城市管理员在 layers.yaml 补上 report。")


def order_report(*, run_id: int, actor: Actor, at: datetime) -> Report:
    """Draw the number of a run's report and have it printed; ordering it again gives the same report.

    :raises NotFound: there is no such run, or the actor may not know of it
    :raises NotAllowed: the run does not stand, or is of no site
    :raises NoPaper: the pack has no rules for it
    """
    with operation():
        run = _lock(run_id)
        if not policies.can_view(actor, run):
            raise NotFound
        policies.require(policies.can_issue(actor, run))
        existing = Report.objects.filter(run=run).first()
        if existing is not None:
            return existing
        words = meanings.words(run.pack_version_id)
        if words.report is None:
            raise NoPaper
        with translation.override(settings.LANGUAGE_CODE):
            rows = content.rows(run)
        report = Report.objects.create(
            run=run,
            number=_draw_number(words.report, words, at=at),
            title=words.report.title,
            department_id=words.report.department,
            verify_code=_draw_code(),
            content=rows,
            asked_by=actor.name,
            asked_at=at,
        )
        audit.record(
            stream=report.audit_stream,
            action="reports.report.ordered",
            actor=actor,
            at=at,
            subject=report,
            data={"number": report.number, "run": run.pk},
        )
        outbox.emit("reports.report.ordered", at=at, id=report.pk)
        return report


def print_report(*, report_id: int, at: datetime) -> Report:
    """Print a report and file it into the archive of its project; a second call changes nothing.

    Printing is slow and happens before the row is locked.
    """
    report = _load(report_id)
    if report.is_issued:
        return report
    printed = render(report)
    with operation():
        Report.objects.select_for_update(of=("self",), no_key=True).get(pk=report_id)
        report = _load(report_id)
        if report.is_issued:
            return report
        report.blob = files.store_bytes(printed, file_format="pdf", at=at)
        report.document = _file(report, report.blob, at=at)
        report.issued_at = at
        return move(
            report,
            to=ReportState.ISSUED,
            actor=Actor.system(_("系统")),
            at=at,
            topic="reports.report.issued",
            data={"number": report.number, "sha256": report.blob.sha256},
            fields=["blob", "document", "issued_at"],
        )


def render(report: Report) -> bytes:
    """Print a report as a PDF: figures, maps, patches, corners, editions, QR code and seal."""
    with translation.override(settings.LANGUAGE_CODE):
        demo = bool(settings.DEMO)
        organ = report.department.name
        address = settings.PUBLIC_URL + reverse("certificates:verify", args=[report.verify_code])
        page = run_page(report.run, Actor.system(_("系统")), reader=Actor.anonymous())
        return pdf.render(
            "pdf/check_report.html",
            {
                "report": report,
                "page": page,
                "facts": content.facts(report.run),
                "overview": page.atlas.overview(),
                "pictures": page.atlas.of_checks(),
                "corners": content.corner_table(page.atlas.site),
                "organ": organ,
                "qr": marks.qr_svg(address, label=_("核验码 %(code)s") % {"code": report.verify_code}),
                "seal": marks.seal_svg(
                    organ, label=_("%(organ)s印章") % {"organ": organ}, centre=_("演示") if demo else ""
                ),
                "demo": demo,
            },
        )


def _lock(run_id: int) -> CheckRun:
    found = CheckRun.objects.select_for_update(of=("self",), no_key=True).filter(pk=run_id).first()
    if found is None:
        raise NotFound
    return CheckRun.objects.select_related("version__site__project__owner").get(pk=run_id)


def _load(report_id: int) -> Report:
    found = (
        Report.objects.select_related("run__version__site__project__owner", "department", "blob")
        .filter(pk=report_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def _file(report: Report, blob: StoredBlob, *, at: datetime) -> Document | None:
    """File it into the project's archive, for the issuing department and those that have to do with the project."""
    version = report.run.version
    project = version.site.project if version is not None else None
    if project is None:
        return None
    document: Document = archive.add_document(
        project_id=project.pk,
        material=MATERIAL,
        title=report.title,
        blob=blob,
        source=DocumentSource.SYSTEM,
        actor=Actor.system(_("系统")),
        at=at,
        number=report.number,
        file_name=report.file_name,
    )
    readers = {report.department_id, *project.accesses.values_list("department_id", flat=True)}
    archive.grant_all([(document.pk, each, report.title) for each in sorted(readers)], at=at)
    return document


def _draw_number(rules: PaperRules, words: Words, *, at: datetime) -> str:
    """Draw the next number of the series; every text around the serial has a count of its own."""
    head = rules.number_series.format(
        dept=words.number_words[rules.department], year=clock.day_of(at).year, serial="{serial}"
    )
    serial = sequences.next_value(f"report/{head}")
    return head.format(serial=str(serial).zfill(rules.serial_digits))


def _draw_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _place in range(CODE_LENGTH))
    return f"{letters[:4]}-{letters[4:]}"

"""The one renderer of documents: a template in, an A4 PDF out. Called from tasks and handlers.

Only a blank form that one person prints for himself is made while he waits: there is nothing to keep of it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation


def render(template: str, context: Mapping[str, Any]) -> bytes:
    """Render a document template to PDF bytes with embedded fonts.

    Documents are in the language of the law: Chinese, whatever the reader's interface speaks.
    """
    # WeasyPrint takes most of a second to import; only workers that print pay for it.
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    class NoFetcher(URLFetcher):
        """Refuse every address: a document is made of its template alone."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            raise ValueError(f"a document may not load {url}")

    with translation.override(settings.LANGUAGE_CODE):
        html = render_to_string(template, {**context, "paper_css": _stylesheet()})
    return bytes(HTML(string=html, url_fetcher=NoFetcher()).write_pdf(pdf_variant="pdf/a-3u"))


def _stylesheet() -> str:
    return (Path(settings.BASE_DIR) / "static" / "css" / "paper.css").read_text(encoding="utf-8")

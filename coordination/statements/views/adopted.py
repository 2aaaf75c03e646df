"""Serve an adopted statement's PDF, Word and XML files.

To everyone who may see its page.
"""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination.core.http import HttpRequest
from coordination.statements.queries import adopted_files, proof
from coordination.statements.queries.adopted_files import AdoptedText
from coordination.statements.views.page_context import newest, visible_statement

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xml": "application/akn+xml",
}


@require_safe
def adopted_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """Serve the adopted text as PDF.

    422 where no font has a character of it.
    """
    return _file(request, slug, "pdf", adopted_files.statement_pdf)


@require_safe
def adopted_word(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the adopted text as a Word document."""
    return _file(request, slug, "docx", adopted_files.statement_docx)


@require_safe
def adopted_xml(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the adopted text as Akoma Ntoso."""
    return _file(request, slug, "xml", adopted_files.statement_xml)


def _file(
    request: HttpRequest, slug: str, kind: str, written: Callable[[AdoptedText], bytes]
) -> HttpResponse:
    """Serve a file of the adopted text.

    The rule of its page holds.
    """
    visible = visible_statement(request, slug)
    if visible.statement.adopted_at is None:
        raise Http404
    # as it was made at the adoption, so that its SHA-256 is the one of the manifest
    content = proof.kept_file(visible.statement, f"statement.{kind}")
    if content is None:
        text = adopted_files.adopted_text(
            visible.statement,
            address=adopted_files.permanent_address(visible.statement),
            own_group=request.group,
            draft=newest(visible),
        )
        content = written(text)
    response = HttpResponse(content, content_type=TYPES[kind])
    # a browser shows a PDF, and has nothing to show for the others
    response["Content-Disposition"] = str(
        content_disposition_header(kind != "pdf", f"{slug}-{_('adopted')}.{kind}")
    )
    return response

"""The compilation text and the positions of a statement as PDF."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination.core import formatting, pdf
from coordination.core.http import AuthenticatedRequest, HttpRequest
from coordination.statements.queries import compilation, printed
from coordination.statements.queries.positions import positions_matrix
from coordination.statements.queries.printed import PaperFrame
from coordination.statements.views.fragments import paragraphs_for_all
from coordination.statements.views.page_context import newest, working


@require_safe
def compile_pdf(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the compilation as PDF, in the brackets of its page."""
    visible = working(request, slug)
    draft = newest(visible)
    blocks = compilation.compilation(paragraphs_for_all(visible))
    document = printed.printed_compilation(visible.statement, draft, blocks, _frame(request))
    name = _("compilation-of-draft-%(number)s") % {"number": draft.number}
    return pdf.answer(document, f"{slug}-{name}", at=request.now)


@login_required
@require_safe
def positions_pdf(request: AuthenticatedRequest, slug: str) -> HttpResponse:
    """Give the positions of all agencies in all steps as PDF."""
    visible = working(request, slug)
    matrix = positions_matrix(
        visible.statement, visible.steps, request.day, request.now, request.group
    )
    document = printed.printed_positions(visible.statement, matrix, _frame(request))
    return pdf.answer(document, f"{slug}-{_('positions')}", at=request.now)


def _frame(request: HttpRequest) -> PaperFrame:
    """Return what each of the papers says of itself."""
    printed_at = formatting.moment(request.now, request.reader.zone)
    return PaperFrame(
        request.group.name,
        _("Made on %(when)s, %(city)s time") % {"when": printed_at, "city": request.reader.city},
        request.reader.zone,
        request.reader.city,
    )

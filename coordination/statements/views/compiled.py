"""Other readings of a draft.

The compilation text, how often mandates are named, and who wrote which words.
"""

import itertools

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination.core.http import HttpRequest
from coordination.statements.models import Block
from coordination.statements.queries import compilation, drafts, labels, paragraphs
from coordination.statements.queries.attribution import (
    Author,
    TextRecord,
    author_of,
    text_record,
)
from coordination.statements.queries.origins import Origin, origins_of
from coordination.statements.views import word_files
from coordination.statements.views.fragments import mandate_counter, paragraphs_for_all
from coordination.statements.views.page_context import (
    draft_of,
    newest,
    number_of,
    page_head,
    working,
)


@require_safe
def compile_text(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the compilation text: every amendment in brackets, with its sponsors."""
    visible = working(request, slug)
    views = paragraphs_for_all(visible)
    context = {
        **page_head(request, visible, "compile", views),
        "compiled": compilation.compilation(views),
        "work": paragraphs.amendment_counts(views),
    }
    return render(request, "statements/draft_compile.html", context)


@require_safe
def compile_plain(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the compilation as plain text, in the brackets of United Nations drafters."""
    visible = working(request, slug)
    response = HttpResponse(
        compilation.compilation_text(compilation.compilation(paragraphs_for_all(visible))),
        content_type="text/plain; charset=utf-8",
    )
    name = _("compilation-of-draft-%(number)s") % {"number": newest(visible).number}
    file_name = f"{visible.statement.slug}-{name}.txt"
    response["Content-Disposition"] = str(content_disposition_header(False, file_name))
    return response


@require_safe
def compile_word(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the compilation as a Word document, in the same brackets."""
    visible = working(request, slug)
    draft = newest(visible)
    line = _(
        "Draft %(number)s with all amendments in brackets, each with the agencies behind it."
    ) % {"number": draft.number}
    # lxml takes much of each web process, and most never write a document
    from coordination.statements.views import word

    document = word.compiled_document(
        word_files.record_of(request, visible, draft),
        f"{visible.statement.symbol}. {line}",
        compilation.compilation(paragraphs_for_all(visible)),
    )
    name = _("compilation-of-draft-%(number)s") % {"number": draft.number}
    return word_files.word_response(document, f"{visible.statement.slug}-{name}.docx")


@require_safe
def balance(request: HttpRequest, slug: str) -> HttpResponse:
    """Show how often a draft names each agency's mandate.

    Also how that changed since the draft before, and what amendments to the newest would change.
    """
    visible = working(request, slug)
    if not request.group.balance_shown:
        raise Http404
    counter = mandate_counter(request, visible)
    last = newest(visible).number
    draft = draft_of(visible, number_of(request, "draft", last))
    before = draft_of(visible, draft.number - 1) if draft.number > 1 else None
    views = paragraphs_for_all(visible) if draft.number == last else []
    blocks = [view.block for view in views] or drafts.blocks_of(draft)
    rows, evenness = compilation.mandate_counts(
        [block.text for block in blocks],
        counter,
        [block.text for block in drafts.blocks_of(before)] if before else None,
    )
    context = {
        **page_head(request, visible, "balance", views or None),
        "draft": draft,
        "before": before,
        "drafts": range(1, last + 1),
        "rows": rows,
        "total": sum(row.count for row in rows),
        "evenness": round(100 * evenness),
        "changes": compilation.mandate_changes(views, counter),
    }
    return render(request, "statements/draft_balance.html", context)


def numbered(block: Block, record: TextRecord) -> list[tuple[int, Origin, Author | None]]:
    """Return a block's runs with numbers and authors after draft 1.

    The others have 0 and no author.
    """
    count = itertools.count(1)
    return [
        (next(count), run, author_of(run, record, block.key)) if run.draft > 1 else (0, run, None)
        for run in origins_of(block)
    ]


@require_safe
def origins(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the author and draft of the words in the newest draft."""
    visible = working(request, slug)
    last = newest(visible).number
    record = text_record(visible.statement, 1, last)
    blocks = list(record.blocks[last].values())
    pieces = [
        {"block": block, "label": label, "runs": numbered(block, record)}
        for block, label in zip(blocks, labels.block_labels(blocks), strict=True)
    ]
    context = {**page_head(request, visible, "origins"), "pieces": pieces}
    return render(request, "statements/draft_origins.html", context)

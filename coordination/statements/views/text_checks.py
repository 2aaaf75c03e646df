"""Check whether a text or file is that of an adopted statement.

The page “Check this text”.
"""

from allauth.core.internal import ratelimit
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from coordination.core.http import HttpRequest
from coordination.filekit.refusals import Refused
from coordination.members import attempts
from coordination.statements.forms.checking import TextCheckForm
from coordination.statements.models import Draft, Statement
from coordination.statements.queries import statements, text_checks
from coordination.statements.queries.text_checks import CheckResult
from coordination.statements.views.page_context import page_head
from coordination.statements.views.proofs import adopted

# checks from one network address
CHECK_RATE, CHECK_SECONDS = "30/10m", 600


@require_http_methods(["GET", "HEAD", "POST"])
def check_text(request: HttpRequest, slug: str) -> HttpResponse:
    """Compare a pasted text or a file with the adopted text; store nothing."""
    visible = adopted(request, slug)
    if visible.draft is None:
        raise Http404
    if request.method == "POST":
        count_check(request)
    form = TextCheckForm(request.POST or None, request.FILES or None)
    result = checked(visible.statement, visible.draft, form) if form.is_valid() else None
    context = {
        **page_head(request, visible, "show"),
        "form": form,
        "result": result,
        "joined": [
            each.agency
            for each in (statements.signatories_of(visible.statement) if result else [])
            if each.joined
        ],
    }
    status = 422 if form.is_bound and result is None else 200
    return render(request, "statements/text_check.html", context, status=status)


def checked(statement: Statement, draft: Draft, form: TextCheckForm) -> CheckResult | None:
    """Return what the check found; None for a file that cannot be read."""
    file = form.cleaned_data["file"]
    if not file:
        return text_checks.check_text(draft, form.cleaned_data["text"])
    try:
        return text_checks.check_file(statement, draft, *file)
    except Refused as refused:
        form.refuse(refused)
        return None


def count_check(request: HttpRequest) -> None:
    """Count a check. Raises TooManyAttempts above the rate of a network address."""
    address = ratelimit.get_ip(request)
    if not attempts.count(request, attempts.Attempt(), "text_check", CHECK_RATE, address):
        raise attempts.too_many_attempts(CHECK_SECONDS)

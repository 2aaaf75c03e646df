"""My desk, search, the public home, the health page."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from coordination.core.http import AuthenticatedRequest, HttpRequest
from coordination.core.permissions import offered
from coordination.desk.enums import HEADINGS
from coordination.desk.queries import my_desk, search
from coordination.desk.queries.problems import problems
from coordination.members.queries import agencies
from coordination.reminders.queries.health import components
from coordination.rotation.queries import chair_now
from coordination.rotation.queries.chair import chair_on
from coordination.statements.queries import statements
from coordination.statements.views.page_context import request_access

LONGEST_QUESTION = 100  # characters
PER_PAGE = 20


@login_required
def desk(request: AuthenticatedRequest) -> HttpResponse:
    """Show what is asked of the reader, with links to the controls."""
    chair = chair_now.of_request(request)  # the head of the page shows it too, so it is loaded once
    content = my_desk.desk_of(
        request.user,
        request.group,
        request.day,
        request.now,
        chair,
    )
    keeps_records = offered(request, "members.edit_membership")
    wrong = problems(request.group, request.day, request.now) if keeps_records else ()
    days_left = (chair.next_term.first_day - request.day).days if chair.next_term else None
    return render(
        request,
        "desk/desk_show.html",
        {
            "desk": content,
            "chair": chair,
            "following": chair.next_term,
            "days_left": days_left,
            "keeps_records": keeps_records,
            "problems": wrong,
            "main_problem": None if content.first else next(iter(wrong), None),
        },
    )


def search_page(request: HttpRequest) -> HttpResponse:
    """Search what the reader may see.

    Without sign-in, only what is public.
    """
    # PostgreSQL refuses NUL in a query
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUESTION]
    reader = search.SearchReader(
        request_access(request),
        reads_people=offered(request, "members.read"),
        reads_meetings=offered(request, "meetings.read"),
    )
    findings = search.find(text, reader)
    kind = request.GET.get("kind", "")
    kind = kind if kind in findings.counts else ""
    page = Paginator(findings.of_kind(kind), PER_PAGE).get_page(request.GET.get("page"))
    results = search.shown(list(page), findings.question) if findings.hits else []
    context = {
        "text": text,
        "findings": findings,
        "kind": kind,
        "kinds": [(each.value, HEADINGS[each], count) for each, count in findings.counts.items()],
        "page": page,
        "results": results,
        "nearest": "" if findings.hits else search.nearest_spelling(text, reader),
    }
    return render(request, "desk/search_show.html", context)


def home(request: HttpRequest) -> HttpResponse:
    """Show the public home page.

    Who chairs and heads the group, the adopted statements, and the members.
    """
    chair_today = chair_on(request.day)
    return render(
        request,
        "desk/home_show.html",
        {
            "chair_today": chair_today,
            "heads": [f"{head.person} ({head.title or head.agency})" for head in chair_today.heads],
            "statements": statements.public_statements()[:6],
            "members": agencies.members_on(request.day),
        },
    )


@csrf_exempt  # so that a POST is refused for its method, not for a missing token
@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Return each component's state: 200 if all work, else 503."""
    parts = components(request.now, forwarded="x-forwarded-for" in request.headers)
    is_well = all(component.well for component in parts)
    return JsonResponse(
        {"well": is_well, "components": {component.name: component.detail for component in parts}},
        status=200 if is_well else 503,
    )

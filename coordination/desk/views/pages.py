"""My desk, search, the public home, the health of the machinery."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from coordination.core.http import AuthenticatedRequest, HttpRequest
from coordination.desk.queries import my_desk as board_queries
from coordination.desk.queries import search
from coordination.members.queries import agencies
from coordination.reminders.queries.health import components
from coordination.rotation.queries.chair import chair_on
from coordination.rotation.views.context import chair_seen
from coordination.statements.queries import statements


@login_required
def desk(request: AuthenticatedRequest) -> HttpResponse:
    """Show what is asked of the reader, by when, with a link that lands on the control."""
    chair = chair_seen(request)  # the masthead shows the same; asked once
    board = board_queries.board(
        request.user,
        request.group,
        request.day,
        request.now,
        following=chair.next_term,
        is_chair=chair.ours,
    )
    days_left = (chair.next_term.first_day - request.day).days if chair.next_term else None
    return render(
        request,
        "desk/desk_show.html",
        {"board": board, "chair": chair, "following": chair.next_term, "days_left": days_left},
    )


def find(request: HttpRequest) -> HttpResponse:
    """Search what the reader may see."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    return render(
        request,
        "desk/search_show.html",
        {"text": text, "found": search.search(text, request.user, request.day)},
    )


def home(request: HttpRequest) -> HttpResponse:
    """Show the public who chairs now, the adopted statements and the members."""
    return render(
        request,
        "desk/home_show.html",
        {
            "chair_today": chair_on(request.day),
            "statements": statements.public_statements()[:6],
            "members": agencies.members_on(request.day),
        },
    )


@csrf_exempt  # nothing is changed; a POST is refused for its method, not for a missing token
@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Answer how each component is: 200 when all are well, else 503."""
    parts = components(request.now, forwarded="x-forwarded-for" in request.headers)
    well = all(part.well for part in parts)
    return JsonResponse(
        {"well": well, "components": {part.name: part.detail for part in parts}},
        status=200 if well else 503,
    )

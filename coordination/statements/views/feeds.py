"""The Atom feed of released statements, for those outside who follow the group."""

from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils import dateformat, timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coordination.core.http import HttpRequest
from coordination.core.models import Group
from coordination.statements.models import Statement
from coordination.statements.queries import statements

NEWEST = 50


def absolute(path: str) -> str:
    """Return the address under which the world knows the page."""
    return settings.SITE_URL.rstrip("/") + path


class ReleasedStatements(Feed):  # type: ignore[type-arg]  # takes no parameters where the app runs
    """The newest released statements, each at its permanent address.

    It shows nothing of statements that are not released.
    """

    feed_type = Atom1Feed

    def __call__(  # type: ignore[override]  # each request of ours has its group
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> HttpResponse:
        """Render the feed in the group's zone, the same for everyone."""
        with timezone.override(request.group.zone):
            return super().__call__(request, *args, **kwargs)

    def get_object(self, request: HttpRequest) -> Group:  # type: ignore[override]  # each request of ours has its group
        """Return the group whose statements these are."""
        return request.group

    def title(self, group: Group) -> str:
        """Return the title of the feed."""
        return _("Joint statements of the %(group)s") % {"group": group.name}

    def link(self, group: Group) -> str:
        """Return the page that lists the statements."""
        return absolute(reverse("statements:list"))

    def feed_url(self, group: Group) -> str:
        """Return the address of the feed."""
        return absolute(reverse("statements:feed"))

    feed_guid = feed_url

    def author_name(self, group: Group) -> str:
        """Return who adopts the statements."""
        return group.name

    def items(self, group: Group) -> QuerySet[Statement]:
        """Return the newest released statements; one query."""
        return statements.public_statements()[:NEWEST]

    def item_title(self, item: Statement) -> str:
        """Return the title of a statement."""
        return item.title

    def item_description(self, item: Statement) -> str:
        """Return its symbol and when it was adopted."""
        if item.adopted_at is None:
            return item.symbol
        return _("%(symbol)s, adopted on %(day)s") % {
            "symbol": item.symbol,
            "day": dateformat.format(timezone.localtime(item.adopted_at), "j F Y"),
        }

    def item_link(self, item: Statement) -> str:
        """Return its permanent address."""
        return absolute(reverse("statements:show", args=[item.slug]))

    def item_pubdate(self, item: Statement) -> datetime | None:
        """Return when it was released."""
        return item.released_at

    item_updateddate = item_pubdate


feed = require_safe(ReleasedStatements())

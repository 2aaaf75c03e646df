"""The page that an item of a handover's checklist opens."""

from django.urls import reverse

from coordination.rotation.enums import TEXT_PAGES, HandoverSide, ItemPage
from coordination.rotation.models import HandoverItem
from coordination.rotation.queries.handovers import Terms

PLAIN = {
    ItemPage.STATEMENTS: "statements:list",
    ItemPage.MEETINGS: "meetings:list",
    ItemPage.ROSTER: "members:directory",
    ItemPage.EARLIER_LESSONS: "rotation:lessons",
}
ON_STATE_OF_PLAY = {
    ItemPage.STATE_OF_PLAY: "",
    ItemPage.PROMISES: "#promise",
    ItemPage.PLACES: "#place",
}


def page_url(item: HandoverItem, terms: Terms) -> str:
    """Return the address of the page that an item opens, or "".

    What the outgoing chair writes has no page where nobody chaired before.
    """
    if not item.page:
        return ""
    page = ItemPage(item.page)
    if page in PLAIN:
        return reverse(PLAIN[page])
    if page == ItemPage.TERM:
        return reverse("rotation:term", args=[terms.incoming.slug])
    if terms.outgoing is None:
        return ""
    if page == ItemPage.LESSONS:
        return f"{reverse('rotation:lessons')}#{terms.outgoing.slug}"
    return reverse("desk:state_of_play", args=[terms.outgoing.slug]) + ON_STATE_OF_PLAY[page]


def asks_for_text(item: HandoverItem) -> bool:
    """Return whether an item is done when its text exists, not by hand."""
    return item.side == HandoverSide.OUTGOING and item.page in TEXT_PAGES

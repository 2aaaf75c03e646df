"""Turns ahead with a vacancy before them, and an exchange that waits: what the addresses of operations need."""

from datetime import datetime, timedelta

from coordination.core.periods import Period
from coordination.members.models import Agency, Person
from coordination.rotation.actions import offers, operations
from coordination.rotation.actions.offers import ExchangeOffer
from coordination.rotation.actions.recording import GroupDecision
from coordination.rotation.models import ChairTerm
from coordination.rotation.queries import chair

DECIDED = GroupDecision("Meeting of the demonstration, by consensus")
DAYS = timedelta(days=100)


def turns_ahead(agency: Agency, focal_point: Person, at: datetime) -> dict[str, dict[str, object]]:
    """Give `agency` two turns after a vacancy, offer the first for the next term; return the parameters of addresses."""
    administrator = Person.objects.get(demo_role="administrator")
    last = ChairTerm.objects.order_by("-last_day").first().last_day
    turn = Period(last + DAYS, last + 2 * DAYS)
    given = operations.name_substitute([agency], turn, DECIDED, by=administrator, at=at)
    term = given.terms.get().term
    other = chair.next_term(at.date())
    offer = offers.offer_exchange(
        ExchangeOffer(term, other, agency, other.first_day - timedelta(days=1)),
        by=focal_point,
        at=at,
    )
    later = Period(last + 3 * DAYS, last + 4 * DAYS)
    owed = operations.name_substitute([agency], later, DECIDED, by=administrator, at=at)
    operations.defer_term(owed.terms.get().term, DECIDED, by=administrator, at=at)
    waiting = {"pk": offer.pk}
    vacant = {"day": (last + timedelta(days=1)).isoformat(), "kind": "move-up"}
    return {
        "rotation:change": {"slug": term.slug, "kind": "withdraw"},
        "rotation:offer_exchange": {"slug": term.slug},
        "rotation:vacancy": vacant,
        "rotation:fill_vacancy": vacant,
        "rotation:operation": waiting,
        "rotation:accept_offer": waiting,
        "rotation:consent_letter": waiting | {"agency": other.chairs.first().agency_id},
        "rotation:decline_offer": waiting,
        "rotation:withdraw_offer": waiting,
        "rotation:decide_offer": waiting,
    }

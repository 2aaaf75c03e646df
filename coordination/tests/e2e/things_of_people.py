"""What the addresses of people are about: feeds, cards, links, days away, personal data."""

from datetime import datetime

from coordination.core.queries import day_in_group
from coordination.members.actions import feeds
from coordination.members.models import Absence, Agency, Person
from coordination.members.queries import confirmations
from coordination.members.queries.confirmations import RosterLink


def things_of_people(person: Person, at: datetime) -> dict[str, dict[str, object]]:
    """Return the parameters of a person's own links and card."""
    token = feeds.make_token(person, by=person, at=at)
    agency, day = Agency.objects.get(slug="unfpa"), day_in_group(at)
    absence = Absence.objects.create(person=person, first_day=day, last_day=day)
    link = RosterLink(agency.pk, person.pk, confirmations.round_on(day))
    return {
        "members:confirm_by_link": {"token": link.token},
        "members:card": {"pk": person.pk},
        "members:withdraw_absence": {"pk": absence.pk},
        "desk:personal_data": {"pk": person.pk},
        "desk:download_data": {"pk": person.pk},
        "desk:erase_person": {"pk": person.pk},
        "desk:meetings_feed": {"token": token},
        "desk:kind_feed": {"token": token, "kind": "working_level"},
        "desk:agency_feed": {"token": token, "slug": "unfpa"},
        "desk:terms_feed": {"token": token},
    }

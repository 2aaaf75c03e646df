"""Reference data of agencies: periods, representations, heads.

Heads are loaded where a source names one. Loading twice changes nothing. A record that a person has
changed stays as it is, and nothing is loaded that overlaps it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from coordination.core.actions import load_record
from coordination.core.errors import RuleBroken
from coordination.core.models import SourceDisagreement
from coordination.members.actions.agencies import (
    refuse_second_membership,
    refuse_second_representation,
)
from coordination.members.actions.appointments import refuse_overlap
from coordination.members.enums import MembershipStatus, Role
from coordination.members.models import (
    Agency,
    Appointment,
    Commission,
    Membership,
    Person,
    Representation,
)

Entry = Mapping[str, Any]
KNOWN = ("last_day", "first_precision", "last_precision", "sources", "note")


@transaction.atomic
def load(data: Mapping[str, Any], *, at: datetime) -> int:
    """Load fixtures/members.json and return the number of changed records."""
    changed = 0
    for entry in data["agencies"]:
        changed += _load_agency(entry)
    for entry in data["representations"]:
        commission = Commission.objects.get(acronym=entry["commission"])
        key = {"commission": commission, "first_day": entry["first_day"]}
        changed += _load_period(Representation, key, _known(entry), refuse_second_representation)
    for entry in data["principals"]:
        changed += _load_principal(entry)
    for entry in data["disagreements"]:
        values = {"topic": entry["topic"], "accounts": entry["accounts"]}
        changed += load_record(SourceDisagreement, {"about": entry["about"]}, values)[1]
    return changed


def _known(entry: Entry) -> dict[str, Any]:
    return {name: entry[name] for name in KNOWN if name in entry}


def _load_agency(entry: Entry) -> int:
    """Load one agency with its commissions and memberships."""
    fields = ("slug", "name", "city", "time_zone", "mandate_terms", "note")
    agency, changed = load_record(
        Agency,
        {"acronym": entry["acronym"]},
        {name: entry[name] for name in fields if name in entry},
    )
    count = int(changed)
    for commission in entry.get("commissions", []):
        values = {
            "agency": agency,
            **{name: commission[name] for name in ("name", "city", "time_zone")},
        }
        count += load_record(Commission, {"acronym": commission["acronym"]}, values)[1]
    for membership in entry["memberships"]:
        key = {"agency": agency, "first_day": membership["first_day"]}
        values = {
            "standing": membership.get("standing", MembershipStatus.MEMBER),
            **_known(membership),
        }
        count += _load_period(Membership, key, values, refuse_second_membership)
    return count


def _load_principal(entry: Entry) -> int:
    """Load one executive head.

    Heads of earlier years have no address, so their name identifies them.
    """
    agency = Agency.objects.get(acronym=entry["agency"])
    person, is_new = load_record(
        Person, {"name": entry["name"], "email": None}, {"is_active": False}
    )
    key = {
        "person": person,
        "agency": agency,
        "role": Role.PRINCIPAL,
        "first_day": entry["first_day"],
    }
    return int(is_new) + _load_period(
        Appointment, key, {"title": entry.get("title", ""), **_known(entry)}, refuse_overlap
    )


def _load_period(model: type[Any], key: Entry, values: Entry, refuse: Callable[[Any], None]) -> int:
    """Load a period, unless it overlaps a saved one.

    The saved one may be how people have corrected it since.
    """
    try:
        return int(load_record(model, key, values, refuse=refuse)[1])
    except RuleBroken:
        return 0

"""The mails about accounts, in the layout of all mails."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template import loader
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coordination.core import mails
from coordination.core.clock import day_at
from coordination.core.http import reader_in
from coordination.core.mails import Rendered
from coordination.core.models import Group
from coordination.members.models import Person
from coordination.members.queries import replies

FRAME = "account/email/frame"
# What the link of a mail does, and the name of its address in the context of allauth. The other
# mails tell of a change, and lead to a new password.
ACTS: dict[str, tuple[str | Promise, str]] = {
    "account/email/email_confirmation": (_("Confirm this address"), "activate_url"),
    "account/email/password_reset_key": (_("Set a new password"), "password_reset_url"),
}


def account_mail(stem: str, context: Mapping[str, Any], group: Group) -> Rendered:
    """Return the text of a mail about an account.

    It is in the owner's time zone and language. `stem` is that of allauth, such as
    "account/email/password_reset_key"; `context` has the "user", if the address belongs to one.
    """
    person: Person | None = context.get("user")
    if person:
        act, name = ACTS.get(stem, (_("Set a new password"), ""))
        url = context[name] if name else settings.SITE_URL + reverse("account_reset_password")
    else:
        act = _("Find the people of an agency")
        url = settings.SITE_URL + reverse("members:directory")
    mail_context = {
        **context,
        "person": person,
        "group": group,
        "reader": reader_in(person.time_zone if person else "", group),
        "act": act,
        "url": url,
        "reason": _("Your account") if person else _("A request for a new password"),
        "can_be_off": False,
        "unknown_zone": "",
    }
    zone = (person and person.zone) or group.zone
    language = person.reading_language if person else settings.LANGUAGE_CODE
    with timezone.override(zone), translation.override(language):
        subject = mails.render_line(f"{stem}_subject.txt", mail_context)
        mail_context["words"] = mails.render_text(f"{stem}_message.txt", mail_context).strip()
        text = mails.render_text(f"{FRAME}.txt", mail_context).strip() + "\n"
        html = loader.render_to_string(f"{FRAME}.html", mail_context)
    return Rendered(f"{group.acronym}: {subject}", text, html)


def account_headers(person: Person | None, group: Group, at: datetime) -> dict[str, str]:
    """Return the headers of a mail about an account.

    A stranger does not learn who is in the chair's team.
    """
    readers = replies.readers_of_answers(day_at(at, group.zone)) if person else []
    return mails.automatic_headers(readers)

"""The address at which a person chooses a password."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from coordination.members.models import Person


def password_path(person: Person) -> str:
    """Return the path of the page where the person sets a password.

    It works once, for PASSWORD_RESET_TIMEOUT seconds; whoever knows it signs in as this person.
    """
    return reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(person),
            "key": default_token_generator.make_token(person),
        },
    )

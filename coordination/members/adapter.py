"""What django-allauth asks of us."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by themselves: accounts come by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Say that sign-up is closed."""
        return False

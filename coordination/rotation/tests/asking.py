"""Sign a handover as a person does: open the page, then send its form."""

from django.test import Client


def as_shown(client: Client, address: str, **typed: object) -> dict[str, object]:
    """Return what the form at an address sends with what a person types."""
    form = client.get(address).context["form"]
    shown = {field.html_name: field.value() for field in form if field.value() is not None}
    return {**shown, **typed}

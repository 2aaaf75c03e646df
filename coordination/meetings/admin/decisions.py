"""Numbers decisions recorded in the admin.

The numbers are permanent.
"""

from typing import Any

from coordination.meetings.actions import decisions


class NumbersDecisions:
    """Enters the decisions of a saved meeting in the register."""

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Save all rows, then number the new decisions."""
        super().save_related(request, form, formsets, change)  # type: ignore[misc]  # the admin has it
        decisions.number_decisions(form.instance, by=request.user)

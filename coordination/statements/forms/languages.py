"""The form of a language version, paragraph by paragraph."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.statements.forms import LONGEST_BLOCK, LONGEST_TEXT, set_text_language, text_area
from coordination.statements.models import Block

ROWS_LETTERS = 60
MOST_ROWS = 12


class LanguageForm(forms.Form):
    """One field per original paragraph, named by its key."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6, initial=0)
    of_sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(
        self, *args: Any, blocks: Mapping[str, Block], language: str, **kwargs: Any
    ) -> None:
        """Offer a field for each block.

        `blocks` are by label.
        """
        super().__init__(*args, **kwargs)
        self.originals = list(blocks.values())
        for label, block in blocks.items():
            rows = min(2 + len(block.text) // ROWS_LETTERS, MOST_ROWS)
            self.fields[block.key] = forms.CharField(
                label=label,
                max_length=LONGEST_BLOCK,
                widget=text_area(rows),
                error_messages={"required": _("Write what stands here in this language.")},
            )
        set_text_language(self, language)

    @property
    def pairs(self) -> list[tuple[Block, BoundField]]:
        """Return each paragraph of the original with its field."""
        return [(block, self[block.key]) for block in self.originals]

    @property
    def texts(self) -> dict[str, str]:
        """Return the texts that were sent, by key."""
        return {block.key: self.cleaned_data[block.key] for block in self.originals}


class PastedLanguageForm(forms.Form):
    """A whole text to be laid beside the original."""

    pasted = forms.CharField(
        label=gettext_lazy("The whole text"),
        help_text=gettext_lazy("One paragraph of it for each of the original, in the same order."),
        max_length=LONGEST_TEXT,
        widget=text_area(6),
    )

"""The form to compare a text with an adopted statement."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.core import uploads
from coordination.filekit.refusals import FileFault, Refused
from coordination.statements.forms import LONGEST_TEXT, text_area

# text is read whole, so less of it than of a file with pictures
LARGEST_TEXT = 1024 * 1024
TEXT_ENDINGS = {"txt", "xml"}
ENDINGS = TEXT_ENDINGS | {"docx", "pdf"}


class TextCheckForm(forms.Form):
    """A text to paste, or a file."""

    text = forms.CharField(
        label=gettext_lazy("Paste the text"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=text_area(10),
    )
    file = forms.FileField(
        label=gettext_lazy("Or choose a file"),
        required=False,
        help_text=gettext_lazy(
            "Plain text, Word, PDF or XML: .txt, .docx, .pdf, .xml. A PDF is compared byte by byte."
        ),
        widget=forms.FileInput(attrs={"accept": ".txt,.docx,.pdf,.xml"}),
    )

    def clean_file(self) -> Any:
        """Return the content and type of the upload, or None."""
        file = self.cleaned_data["file"]
        if not file:
            return None
        ending = file.name.rpartition(".")[2].lower()
        if ending not in ENDINGS:
            raise forms.ValidationError(_("Choose a .txt, .docx, .pdf or .xml file."))
        if ending in TEXT_ENDINGS:
            if file.size > LARGEST_TEXT:
                raise forms.ValidationError(_("The file is larger than 1 MB."))
            return file.read(), ending
        return uploads.checked(file).read(), ending

    def clean(self) -> dict[str, Any]:
        """Refuse a form without words and without a file."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned["text"].strip() and not cleaned["file"]:
            raise forms.ValidationError(_("Paste a text, or choose a file."))
        return cleaned

    def refuse(self, refused: Refused) -> None:
        """Say beside the file why it cannot be read."""
        if refused.fault == FileFault.NOT_UTF8:
            self.add_error("file", _("This file is not in UTF-8. Paste its text instead."))
        else:
            self.add_error("file", uploads.sentence(refused))

"""Read a new text from a Word file into the form."""

from coordination.core.errors import RuleBroken
from coordination.core.forms import add_error
from coordination.core.http import AuthenticatedRequest
from coordination.statements.forms.word import NewTextForm

READ = "read"  # the button, by the name "step"
LONGEST_TITLE = 200


def sent_file(request: AuthenticatedRequest) -> NewTextForm | None:
    """Return the form with the sent file, or None."""
    if request.POST.get("step") != READ:
        return None
    return NewTextForm(request.POST, request.FILES)


def fields_of(form: NewTextForm) -> dict[str, str]:
    """Return a file's title, text and kinds.

    None, and an error in the form, if it is bad.
    """
    if not form.is_valid():
        return {}
    # with lxml it takes 7 MiB of each web process, and most never read a Word file
    from coordination.statements.actions import word_import

    try:
        text = word_import.text_for_draft(form.cleaned_data["file"].file.read())
    except RuleBroken as refused:
        add_error(form, refused)
        return {}
    title = text.text.split("\n", 1)[0]
    return {
        "title": title if len(title) <= LONGEST_TITLE else "",
        "text": text.text,
        "kinds": text.kinds,
    }

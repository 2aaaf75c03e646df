"""The parameters of the addresses about proof, release and languages of a statement."""

from datetime import datetime, timedelta

from coordination.core.queries import group
from coordination.members.models import Person
from coordination.statements.actions import languages, releases
from coordination.statements.actions.languages import LanguageInput
from coordination.statements.models import Statement


def things_of_adoptions(
    adopted: Statement, in_clearance: Statement, chair: Person, at: datetime
) -> dict[str, dict[str, object]]:
    """Return the parameters by name of the address; make a language version and a planned release."""
    draft = adopted.drafts.order_by("-number").first()
    language = next(code for code in group().statement_languages if code != adopted.language)
    texts = {block.key: "Words in another language." for block in draft.blocks.all()}
    given = LanguageInput(language, draft.sha256, texts)
    languages.save_language(adopted, given, version=0, by=chair, at=at)
    in_clearance.refresh_from_db()
    releases.plan_release(
        in_clearance,
        release_at=at + timedelta(days=9),
        version=in_clearance.version,
        by=chair,
        at=at,
    )
    files = ("adopted_pdf", "adopted_word", "adopted_xml")
    names = (*files, "proof", "proof_zip", "check_text", "languages")
    of_language = ("language", "language_plain", "edit_language")
    of_release = ("plan_release", "unplan_release")
    of_adopted = {"slug": adopted.slug}
    in_language = of_adopted | {"language": language}
    planned = {"slug": in_clearance.slug}
    return {
        **{f"statements:{name}": of_adopted for name in names},
        **{f"statements:{name}": in_language for name in of_language},
        **{f"statements:{name}": planned for name in of_release},
    }


def release_version() -> int:
    """Return the version that the form of the planned release carries."""
    return Statement.objects.get(state="clearance").version

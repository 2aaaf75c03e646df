"""Make the manifest in the transaction of an adoption."""

from datetime import datetime

from django.conf import settings
from django.utils import translation

from coordination.core.pdf import PdfRefused
from coordination.statements.actions import signing
from coordination.statements.models import Draft, Manifest, ManifestFile, Statement
from coordination.statements.proofkit import sealing, verify
from coordination.statements.queries import adopted_files, proof
from coordination.statements.queries.adopted_files import AdoptedText
from coordination.statements.queries.proof import MadeFile

FILES = (adopted_files.TXT, adopted_files.DOCX, adopted_files.PDF, adopted_files.XML)


def make_manifest(statement: Statement, draft: Draft, *, at: datetime) -> Manifest:
    """Sign and save the manifest of a new adoption.

    The caller has locked the statement. A file that cannot be made is named in the manifest, with
    the reason; the adoption does not fail for it.
    """
    files = made_files(statement, draft)
    # from here to the end of the transaction no other manifest is made: no gap in the chain
    signing.lock_group()
    previous = proof.newest_manifest()
    content = sealing.canonical_json(proof.manifest_content(statement, files, previous))
    manifest = Manifest.objects.create(
        statement=statement,
        number=previous.number + 1 if previous else 1,
        previous=previous,
        content=content.decode(),
        sha256=verify.sha256(content),
        made_at=at,
    )
    ManifestFile.objects.bulk_create(
        ManifestFile(
            manifest=manifest,
            name=each.name,
            sha256=each.sha256,
            content=each.content,
            missing=each.missing,
        )
        for each in files
    )
    signing.sign_manifest(manifest, at=at)
    return manifest


def made_files(statement: Statement, draft: Draft) -> list[MadeFile]:
    """Make an adopted statement's files, or name missing ones."""
    text = adopted_files.adopted_text(
        statement, address=adopted_files.permanent_address(statement), draft=draft
    )
    made = adopted_files.adopted_files(text)
    return [
        MadeFile(name, made.get(name), "" if name in made else why_no_pdf(text)) for name in FILES
    ]


def why_no_pdf(text: AdoptedText) -> str:
    """Return why the PDF could not be made, or "".

    A character may lack a font.
    """
    # the manifest is one for all, whatever language the chair reads
    with translation.override(settings.LANGUAGE_CODE):
        try:
            adopted_files.statement_pdf(text)
        except PdfRefused as refused:
            return refused.message
    return ""

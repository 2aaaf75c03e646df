"""The proof of an adoption: its page, the ZIP, and the public keys."""

import json

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from coordination.core.http import HttpRequest
from coordination.statements.enums import PositionEvidence, PositionKind, StepLevel
from coordination.statements.models import Manifest
from coordination.statements.queries import proof
from coordination.statements.views.page_context import (
    VisibleStatement,
    page_head,
    visible_statement,
)

STATEMENT_PROOF = "statements/proof_show.html"
HEADS = (_("Agency"), _("Position"), _("When"), _("How it came"))


def adopted(request: HttpRequest, slug: str) -> VisibleStatement:
    """Return an adopted statement as the reader may see it, or raise Http404."""
    visible = visible_statement(request, slug)
    if not visible.statement.adopted_sha256:
        raise Http404
    return visible


def manifest_or_404(visible: VisibleStatement) -> Manifest:
    """Return the manifest; Http404 for a statement adopted before there were any."""
    manifest = proof.manifest_of(visible.statement)
    if manifest is None:
        raise Http404
    return manifest


@require_safe
def show_proof(request: HttpRequest, slug: str) -> HttpResponse:
    """Show an adoption's manifest, its signature, and how to check them."""
    visible = adopted(request, slug)
    manifest = proof.manifest_of(visible.statement)
    context = {**page_head(request, visible, "show"), "manifest": manifest}
    if manifest is not None:
        content = json.loads(manifest.content)
        context |= {
            "content": content,
            "steps": [
                {
                    "level": StepLevel(step["level"]).label,
                    "draft": step["draft"],
                    "positions": [position_line(each) for each in step["positions"]],
                }
                for step in content["steps"]
            ],
            "envelope": proof.envelope_of(manifest),
            "stamp": proof.stamp_of(manifest),
            "heads": HEADS,
        }
    return render(request, STATEMENT_PROOF, context)


def position_line(position: dict[str, str]) -> dict[str, object]:
    """Return one position of a manifest as the page shows it."""
    return {
        "agency": position["agency"],
        "kind": PositionKind(position["position"]).label,
        "about": position.get("about", ""),
        "at": proof.read_moment(position["at"]),
        "evidence": PositionEvidence(position["evidence"]).label,
        "who": position.get("signed_by")
        or position.get("spoken_by")
        or position.get("recorded_by", ""),
    }


@require_safe
def download_proof(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the ZIP with everything that proves the adoption."""
    visible = adopted(request, slug)
    response = HttpResponse(
        proof.proof_zip(manifest_or_404(visible)), content_type="application/zip"
    )
    name = f"{visible.statement.slug}.zip"
    response["Content-Disposition"] = str(content_disposition_header(True, name))
    return response


@require_safe
def show_keys(request: HttpRequest) -> HttpResponse:
    """Show the public keys for manifests and when they were used."""
    context = {"keys": proof.keys_in_order()}
    return render(request, "statements/keys_show.html", context)


@require_safe
def keys_json(request: HttpRequest) -> HttpResponse:
    """Give the public keys, as verify.py reads them."""
    return JsonResponse(proof.public_keys(), json_dumps_params={"indent": 2})

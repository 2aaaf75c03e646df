"""Store an adoption's manifest, files, envelope, time stamp and keys."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.core.models import (
    Versioned,
    record_history,
    validate_moment,
    within_bounds,
)
from coordination.statements.models.statements import Statement


class SigningKey(Versioned):
    """A public key of this installation, and when it signed.

    The private key is never in the database.
    """

    key_id = models.CharField(
        _("key"), max_length=64, unique=True, help_text=_("SHA-256 of the public key.")
    )
    algorithm = models.CharField(_("algorithm"), max_length=20, default="ed25519")
    public_key = models.CharField(
        _("public key"), max_length=44, help_text=_("Its 32 bytes in base64.")
    )
    used_from = models.DateTimeField(_("used from"), validators=[validate_moment])
    used_until = models.DateTimeField(
        _("used until"), null=True, blank=True, validators=[validate_moment]
    )

    history: Any = record_history()

    class Meta:
        verbose_name = _("signing key")
        verbose_name_plural = _("signing keys")
        ordering = ["used_from", "pk"]
        constraints = [
            within_bounds(
                "statements_signingkey_days_in_bounds", moments=("used_from", "used_until")
            ),
            models.UniqueConstraint(
                fields=["algorithm"],
                condition=models.Q(used_until__isnull=True),
                name="statements_signingkey_one_in_use",
            ),
        ]

    def __str__(self) -> str:
        return self.key_id[:16]


class Manifest(models.Model):
    """Immutable bytes on what was adopted, by whom and how.

    Each has the hash of the one before it, in the order of adoption.
    """

    statement = models.OneToOneField(
        Statement, models.PROTECT, related_name="manifest", verbose_name=_("statement")
    )
    number = models.PositiveIntegerField(_("number"), unique=True)
    previous = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="following",
        verbose_name=_("manifest before it"),
    )
    # text, not JSON: the hash is of these exact bytes
    content = models.TextField(_("content"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    made_at = models.DateTimeField(_("made at"), validators=[validate_moment])

    class Meta:
        verbose_name = _("manifest")
        verbose_name_plural = _("manifests")
        ordering = ["number"]
        constraints = [
            within_bounds("statements_manifest_days_in_bounds", moments=("made_at",)),
            models.CheckConstraint(
                condition=models.Q(number=1, previous__isnull=True)
                | models.Q(number__gt=1, previous__isnull=False),
                name="statements_manifest_follows_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.statement}"


class ManifestFile(models.Model):
    """A file of an adopted statement, made at its adoption.

    `missing` says why there is none.
    """

    manifest = models.ForeignKey(
        Manifest, models.PROTECT, related_name="files", verbose_name=_("manifest")
    )
    name = models.CharField(_("name"), max_length=40)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    # in the database, so that the adoption is one transaction
    content = models.BinaryField(_("content"), null=True, blank=True)
    missing = models.TextField(_("why it is missing"), blank=True)

    class Meta:
        verbose_name = _("file of an adoption")
        verbose_name_plural = _("files of adoptions")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["manifest", "name"], name="statements_manifestfile_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ManifestEnvelope(models.Model):
    """The signature of a manifest: a DSSE envelope."""

    manifest = models.OneToOneField(
        Manifest, models.PROTECT, related_name="envelope", verbose_name=_("manifest")
    )
    key = models.ForeignKey(
        SigningKey, models.PROTECT, related_name="+", verbose_name=_("signing key")
    )
    content = models.TextField(_("content"))
    signed_at = models.DateTimeField(_("signed at"), validators=[validate_moment])

    class Meta:
        verbose_name = _("signature of a manifest")
        verbose_name_plural = _("signatures of manifests")
        ordering = ["pk"]
        constraints = [
            within_bounds("statements_manifestenvelope_days_in_bounds", moments=("signed_at",)),
        ]

    def __str__(self) -> str:
        return f"{self.manifest}, {self.key}"


class TimeStamp(models.Model):
    """Another authority's time stamp on a signed manifest.

    RFC 3161.
    """

    envelope = models.OneToOneField(
        ManifestEnvelope, models.PROTECT, related_name="stamp", verbose_name=_("signature")
    )
    authority = models.CharField(_("authority"), max_length=500)
    content = models.BinaryField(_("content"))
    stamped_at = models.DateTimeField(
        _("stamped at"),
        validators=[validate_moment],
        help_text=_("As the authority says."),
    )

    class Meta:
        verbose_name = _("time stamp")
        verbose_name_plural = _("time stamps")
        ordering = ["pk"]
        constraints = [
            within_bounds("statements_timestamp_days_in_bounds", moments=("stamped_at",)),
        ]

    def __str__(self) -> str:
        return f"{self.envelope}, {self.stamped_at:%Y-%m-%d %H:%M}"

"""The demonstration with one real thing behind each address.

So whoever may see a page sees something on it.
"""

from dataclasses import dataclass
from datetime import date, datetime

from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.internal.auth import WebAuthn
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib import admin
from django.contrib.auth.models import Group as Rights
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db.models import Model
from django.http import HttpRequest
from django.test import Client
from fido2.cose import ES256
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorAttestationResponse,
    AuthenticatorData,
    CollectedClientData,
    RegistrationResponse,
)

from coordination.core.models import SourceDisagreement
from coordination.meetings.models import (
    ActionItem,
    Corrigendum,
    MeetingDocument,
    MinutesCorrection,
    MinutesParagraph,
    WorkingHours,
)
from coordination.meetings.tests.factories import (
    AttendanceClaimFactory,
    MeetingAnswerFactory,
    RefusedReplyFactory,
)
from coordination.members.actions import invitations
from coordination.members.enums import Role
from coordination.members.models import Agency, Appointment, FactorReset, Person
from coordination.members.tests.factories import AppointmentFactory, PersonFactory
from coordination.reminders.models import MailPreference
from coordination.reminders.queries.mails import unsubscribe_token
from coordination.reminders.tests.factories import OutboxMessageFactory
from coordination.rotation.actions import candidatures, corrections, votes
from coordination.rotation.actions.corrections import Correction
from coordination.rotation.actions.terms import TermProposal
from coordination.rotation.models import (
    ChairTerm,
    HandoverItem,
    KeptPlace,
    Lesson,
    OutsidePromise,
    Selection,
    StateOfPlay,
    TermCorrection,
)
from coordination.rotation.tests.factories import DeclinedSignatureFactory
from coordination.statements.actions import comments, deliveries, positions, preparing
from coordination.statements.actions.amendments import AmendmentInput
from coordination.statements.actions.comments import CommentSubject
from coordination.statements.actions.deliveries import DeliveryInput
from coordination.statements.actions.positions import PositionInput, PositionLetter
from coordination.statements.enums import PositionKind
from coordination.statements.models import (
    Amendment,
    Block,
    ClearanceStep,
    Draft,
    ParagraphOrder,
    Settlement,
    Statement,
    StepTemplate,
)
from coordination.tests.e2e import agenda_forms
from coordination.tests.e2e.addresses import Address
from coordination.tests.e2e.things_of_adoptions import release_version, things_of_adoptions
from coordination.tests.e2e.things_of_people import things_of_people
from coordination.tests.e2e.turns import turns_ahead
from coordination.tests.e2e.word_forms import things_of_word
from coordination.tests.story import tell

ROLES = [
    "anonymous",
    "focal_point",
    "colleague",
    "other_agency",
    "chair",
    "incoming_chair",
    "former",
    "administrator",
]
LETTER = b"%PDF-1.4\n% a letter\n"
# addresses of the adopted statement
OF_THE_ADOPTED = (
    "statements:adopted_pdf",
    "statements:adopted_word",
    "statements:adopted_xml",
    "statements:cancel_delivery",
    "statements:edit_delivery",
    "statements:note_delivered",
)


def people() -> dict[str, Person | None]:
    """Return one person per role."""
    cast = {
        role: Person.objects.get(demo_role=role)
        for role in ROLES
        if role not in {"anonymous", "former"}
    }
    former = PersonFactory(name="Ingrid Halvorsen")
    AppointmentFactory(
        person=former, agency=Agency.objects.get(acronym="UNFPA"), last_day=date(2026, 6, 30)
    )
    # Her next appointment is still to come: so she may sign in, and the table shows what she may do
    # without one today
    AppointmentFactory(
        person=former, agency=Agency.objects.get(acronym="OHCHR"), first_day=date(2027, 1, 1)
    )
    return {"anonymous": None, **cast, "former": former}


@dataclass(frozen=True, slots=True)
class Things:
    """The real thing behind each parameter of an address, and what each form sends.

    Parameters are known by domain, and for some addresses by name. `records` has one record of each
    model of the admin.
    """

    by_domain: dict[str, dict[str, object]]
    by_name: dict[str, dict[str, object]]
    sent: dict[str, dict[str, object]]
    records: dict[str, Model]

    def values(self, address: Address) -> dict[str, object]:
        """Return the real value of each parameter of an address."""
        if address.model:
            record = self.records[address.model]
            past = getattr(record, "history", None)
            return {
                "object_id": record.pk,
                "id": record.pk,
                "0": record.pk,
                "1": past.latest().pk if past else 0,
            }
        return {
            **self.by_domain.get(address.name.partition(":")[0], {}),
            **self.by_name.get(address.name, {}),
        }

    def path(self, address: Address) -> str:
        """Return the address with real keys."""
        return address.filled(self.values(address).__getitem__)


def all_things(cast: dict[str, Person | None], at: datetime) -> Things:
    """Tell the demonstration at `at`, and put in what it has none of."""
    unfpa = Agency.objects.get(acronym="UNFPA")
    focal_point, chair = cast["focal_point"], cast["chair"]
    item = (
        HandoverItem.objects.filter(side="outgoing", state="open")
        .select_related("handover__incoming_term")
        .first()
    )
    action = ActionItem.objects.filter(agency=unfpa).select_related("meeting").first()
    paper = MeetingDocument.objects.create(
        meeting=action.meeting, title="Paper", file=ContentFile(LETTER, "paper.pdf")
    )
    appointment = Appointment.objects.get(agency=unfpa, person=cast["colleague"])
    invitation, token = invitations.invite(
        unfpa,
        email="new@unfpa.example.org",
        name="Sara Lind",
        role=Role.OFFICE,
        by=focal_point,
        at=at,
    )
    of_accounts = things_of_accounts(focal_point, at)
    of_selections = things_of_selections(unfpa, focal_point, chair, at)
    by_domain = {
        "members": {"slug": "unfpa", "pk": appointment.pk},
        "reminders": {
            "pk": OutboxMessageFactory().pk,
            "token": unsubscribe_token(focal_point, "rotation.vacancy"),
        },
        "rotation": {"slug": item.handover.incoming_term.slug, "pk": item.pk, "side": "outgoing"},
        "meetings": {"slug": action.meeting.slug, "pk": action.pk},
    }
    by_domain["statements"], of_statements = things_of_statements(unfpa, focal_point, chair, at)
    ahead = turns_ahead(unfpa, focal_point, at)
    ahead |= agenda_forms.things_of_agendas(unfpa, focal_point, chair, at)
    records = records_of_the_admin(focal_point, at) | {
        "members.agency": unfpa,
        "meetings.meeting": action.meeting,
    }
    waiting = {"pk": waiting_correction(unfpa, focal_point, at).pk}
    by_name = {
        **ahead,
        "rotation:correct": {"slug": "2013-H2"},
        "rotation:correction": waiting,
        "rotation:agree": waiting,
        "rotation:withdraw_correction": waiting,
        **of_selections,
        "meetings:document": {"pk": paper.pk},
        **things_of_minutes(),
        **things_of_people(focal_point, at),
        "meetings:working_hours": {"slug": "unfpa"},
        "members:withdraw_invitation": {"pk": invitation.pk},
        "members:accept": {"token": token},
        **things_of_handover(),
        **of_accounts,
        **things_of_the_admin(unfpa),
        **of_statements,
    }
    return Things(by_domain, by_name, what_forms_send(focal_point, unfpa), records)


def things_of_minutes() -> dict[str, dict[str, object]]:
    """Return the parameters of a paragraph of circulated minutes and of its correction."""
    correction = MinutesCorrection.objects.get()
    acts = ("edit", "remove", "restore", "up", "down", "correct", "rectify")
    return {
        **{f"meetings:{act}_paragraph": {"pk": correction.paragraph_id} for act in acts},
        **{
            f"meetings:{act}_correction": {"pk": correction.pk}
            for act in ("take", "decline", "withdraw")
        },
    }


def things_of_handover() -> dict[str, dict[str, object]]:
    """Return the parameters of what the present chair writes for the next."""
    term = StateOfPlay.objects.order_by("-term__first_day").first().term
    slug = {"slug": term.slug}
    promise = slug | {"pk": OutsidePromise.objects.filter(term=term).first().pk}
    place = slug | {"pk": KeptPlace.objects.first().pk}
    lesson = slug | {"pk": Lesson.objects.filter(term=term).first().pk}
    statement = Statement.objects.get(state="clearance")
    names = ("summary", "add_promise", "add_place", "add_lesson", "sign_to_file")
    return {
        **dict.fromkeys((f"rotation:{name}" for name in names), slug),
        "rotation:promise": promise,
        "rotation:settle_promise": promise,
        "rotation:place": place,
        "rotation:end_place": place,
        "rotation:lesson": lesson,
        "rotation:withdraw_lesson": lesson,
        "desk:state_of_play": slug,
        "desk:state_of_play_history": slug,
        "desk:judge": slug | {"kind": "statement", "subject": f"{statement.pk}"},
    }


def waiting_correction(agency: Agency, focal_point: Person, at: datetime) -> TermCorrection:
    """Return a correction of the record that waits for another agency."""
    term = ChairTerm.objects.get(slug="2013-H1")
    proposal = TermProposal(term.first_day, term.last_day)
    return corrections.correct_record(
        term,
        Correction([agency], proposal, "Minutes of 2013", "", agency),
        version=term.version,
        by=focal_point,
        at=at,
    )


def things_of_selections(
    agency: Agency, focal_point: Person, chair: Person, at: datetime
) -> dict[str, dict[str, object]]:
    """Return the parameters of the addresses of selections; a vote is open."""
    selection = Selection.objects.get()
    term = selection.terms.get()
    vote = votes.open_vote(term, is_secret=False, quorum=3, until=at.date(), by=chair, at=at)
    away = candidatures.note_unavailable(agency, term.period, "A reform", by=focal_point, at=at)
    of_selection: dict[str, object] = {"slug": selection.slug}
    names = (
        "selection",
        "selection_history",
        "selection_dates",
        "close_selection",
        "answer",
        "principals",
    )
    return {
        **{f"rotation:{name}": of_selection for name in names},
        **{f"rotation:{name}": of_selection | {"pk": term.pk} for name in ("decide", "open_vote")},
        **{f"rotation:{name}": of_selection | {"pk": vote.pk} for name in ("vote", "close_vote")},
        "rotation:answer_letter": of_selection | {"agency": agency.slug},
        "rotation:vote_letter": of_selection | {"pk": vote.pk, "agency": agency.slug},
        "rotation:available": {"pk": away.pk},
    }


def things_of_accounts(focal_point: Person, at: datetime) -> dict[str, dict[str, object]]:
    """Return the parameters of single addresses of allauth."""
    unconfirmed = EmailAddress.objects.create(user=focal_point, email="nadia@example.org")
    office = Person.objects.get(demo_role="office")  # signs in nowhere: that would use up the key
    key = {"pk": second_factors(focal_point, at).pk}
    return {
        "account_confirm_email": {"key": EmailConfirmationHMAC(unconfirmed).key},
        "members:confirm_address": {"key": EmailConfirmationHMAC(unconfirmed).key},
        "account_reset_password_from_key": {
            "uidb36": user_pk_to_url_str(office),
            "key": default_token_generator.make_token(office),
        },
        "mfa_remove_webauthn": key,
        "mfa_edit_webauthn": key,
    }


def things_of_the_admin(agency: Agency) -> dict[str, dict[str, object]]:
    """Return the parameters of the admin's addresses that are not of one model."""
    return {
        "admin:app_list": {"app_label": "members"},
        "admin:view_on_site": {
            "content_type_id": ContentType.objects.get_for_model(Agency).pk,
            "object_id": agency.pk,
        },
        "admin/(?P<url>.*)$": {"url": "nowhere/"},
    }


def what_forms_send(focal_point: Person, agency: Agency) -> dict[str, dict[str, object]]:
    """Return the fields that some forms need, by the name of their address."""
    password = "seven kites over the lake"
    return {
        "members:accept": {"name": "Sara Lind", "password": password, "password_again": password},
        "members:demo_sign_in": {"person": focal_point.pk},
        "statements:discard_prepared": {"version": 1},
        "statements:withdraw_amendment": {"version": 1},
        "statements:sponsor": {"join": agency.pk},
        "statements:cancel_delivery": {"version": 1},
        "statements:discard_word": {"version": 1},
        "statements:name_word_authors": {"version": 1},
        "statements:unplan_release": {"version": release_version()},
        "admin:autocomplete": {
            "app_label": "members",
            "model_name": "membership",
            "field_name": "agency",
            "term": "u",
        },
    }


def things_of_statements(
    unfpa: Agency, focal_point: Person, chair: Person, at: datetime
) -> tuple[dict[str, object], dict[str, dict[str, object]]]:
    """Return the keys of the statement under amendment, and those of single addresses."""
    still_open = Amendment.objects.filter(state="open").select_related("block__draft__statement")
    amendment = still_open.order_by("pk").first()
    block, statement = amendment.block, amendment.block.draft.statement
    prepared = preparing.prepare_amendment(
        block, AmendmentInput("Other words.", ""), agency=unfpa, by=focal_point, at=at
    )
    said = comments.add_comment(
        statement, CommentSubject(block.key), "A comment.", agency=unfpa, by=focal_point, at=at
    )
    asked = comments.add_comment(
        statement,
        CommentSubject(block.key),
        "And @UNFPA?",
        agency=Agency.objects.get(acronym="UNESCO"),
        by=chair,
        at=at,
    )
    step = ClearanceStep.objects.select_related("statement", "draft").get(
        statement__state="clearance"
    )
    letter = positions.record_letter(
        step,
        PositionInput(PositionKind.APPROVE, step.draft.sha256),
        PositionLetter(ContentFile(LETTER, "letter.pdf"), "The Director-General"),
        agency=Agency.objects.get(acronym="FAO"),
        by=chair,
        at=at,
    )
    adopted = Statement.objects.get(adopted_sha256__gt="")
    occasion = DeliveryInput(
        "International Migrants Day", "New York", at.date(), "The Director-General", "the group"
    )
    delivery = {
        "slug": adopted.slug,
        "pk": deliveries.plan_delivery(adopted, occasion, by=chair, at=at).pk,
    }
    known = {"slug": statement.slug, "number": 1, "key": block.key, "pk": amendment.pk}
    return known | {"act": "close"}, {
        "statements:discard_prepared": {"pk": prepared.pk},
        "statements:withdraw_comment": {"pk": said.pk},
        "statements:dismiss_mention": {"pk": asked.pk},
        "statements:record_letter": {"slug": step.statement.slug},
        "statements:record_call": {"slug": step.statement.slug},
        "statements:write_to_silent": {"slug": step.statement.slug},
        "statements:letter": {"slug": step.statement.slug, "pk": letter.pk},
        **dict.fromkeys(OF_THE_ADOPTED, delivery),
        **things_of_word(block.draft, unfpa, focal_point, at),
        **things_of_adoptions(adopted, step.statement, chair, at),
    }


def second_factors(person: Person, at: datetime) -> Authenticator:
    """Give a person every second factor there is; return the security key among them."""
    RecoveryCodes.activate(person)
    Authenticator.objects.create(user=person, type="totp", data={}, created_at=at)
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    held = AttestedCredentialData.create(Aaguid.NONE, b"the key of one test", public)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    attested = AttestationObject.create(
        "none", AuthenticatorData.create(bytes(32), flags, 0, held), {}
    )
    told_by = CollectedClientData.create(
        "webauthn.create", b"a challenge", "https://secretariat.example.org"
    )
    credential = RegistrationResponse(
        raw_id=held.credential_id,
        response=AuthenticatorAttestationResponse(client_data=told_by, attestation_object=attested),
    )
    return WebAuthn.add(person, "Key at the office", dict(credential)).instance


def prove(client: Client, person: Person) -> None:
    """Note that a person has just proven once more who they are, as sensitive pages ask."""
    request = HttpRequest()
    request.session = client.session
    record_authentication(request, person, method="mfa", reauthenticated=True)
    request.session.save()


def records_of_the_admin(person: Person, at: datetime) -> dict[str, Model]:
    """Return one record of each model that the admin knows, by "app.model".

    Make those that the story has none of.
    """
    SourceDisagreement.objects.create(
        topic="chair", about="2009", accounts={"one": "a", "other": "b"}
    )
    MailPreference.objects.create(person=person, kind="rotation.vacancy", frequency="off")
    Rights.objects.create(name="Keepers of records")
    MeetingAnswerFactory(person=person)
    AttendanceClaimFactory(person=person)
    RefusedReplyFactory()
    paragraph = MinutesParagraph.objects.first()
    Corrigendum.objects.create(
        minutes=paragraph.minutes, paragraph=paragraph, number=1, text="So.", issued_at=at
    )
    WorkingHours.objects.create(agency=Agency.objects.get(acronym="UNFPA"), country="US")
    StepTemplate.objects.create(position=1, level="working_level")
    DeclinedSignatureFactory(handover=HandoverItem.objects.first().handover, declined_by=person)
    other, administrator = (
        Person.objects.get(demo_role=role) for role in ("other_agency", "administrator")
    )
    Authenticator.objects.create(user=other, type="totp", data={}, created_at=at)
    FactorReset.objects.create(
        person=other, reason="A lost telephone", asked_by=administrator, asked_at=at
    )
    Settlement.objects.create(
        block=Block.objects.order_by("pk").first(),
        text="Settled.",
        settled_by=person,
        settled_at=at,
    )
    draft = Draft.objects.order_by("pk").first()
    ParagraphOrder.objects.create(
        draft=draft,
        keys=list(draft.blocks.order_by("position").values_list("key", flat=True)),
        moved_by=person,
        moved_at=at,
    )
    found = {
        model._meta.label_lower: model._default_manager.order_by("pk").first()
        for model in admin.site._registry
    }
    return found | {"statements.statement": Statement.objects.get(adopted_sha256__gt="")}


def told(at: datetime) -> tuple[dict[str, Person | None], Things]:
    """Load the reference data and the demonstration; return the cast and the things."""
    tell()
    cast = people()
    return cast, all_things(cast, at)

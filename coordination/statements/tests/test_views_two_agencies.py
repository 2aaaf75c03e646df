"""Who is in office for two agencies: one form for each, with its own words."""

import pytest

from coordination.core.tests.pages import text_of
from coordination.statements.models import Amendment
from coordination.statements.tests.factories import AmendmentFactory, circulated, in_clearance
from coordination.statements.tests.pages import form_of, url
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


def test_a_person_of_two_agencies_writes_for_each_in_its_own_form(
    of_unfpa, focal_point, unfpa, ohchr
):
    focal_point.appointments.create(agency=ohchr, first_day=NOW.date(), role="focal_point")
    block = circulated().blocks.get(key="b3")
    for agency in (unfpa, ohchr):
        AmendmentFactory(block=block, agency=agency, proposed_text=f"Words of {agency};")
    path = url("amend", block.draft, "b3")

    first, second = of_unfpa.get(path), of_unfpa.get(f"{path}?for=unfpa")

    assert f'<b>For OHCHR.</b> <a href="{path}?for=unfpa">Write for UNFPA</a>' in text_of(first)
    assert [page.context["form"]["proposed_text"].value() for page in (first, second)] == [
        "Words of OHCHR;",
        "Words of UNFPA;",
    ]
    assert [list(page.context["form"].agencies.values()) for page in (first, second)] == [
        [ohchr],
        [unfpa],
    ]
    assert of_unfpa.post(path, form_of(second, proposed_text="Other words;")).status_code == 302
    refused = of_unfpa.post(path, form_of(second, proposed_text=""))
    assert (refused.status_code, "For UNFPA." in refused.content.decode()) == (422, True)
    assert [each.proposed_text for each in Amendment.objects.order_by("agency__acronym")] == [
        "Words of OHCHR;",
        "Other words;",
    ]
    assert of_unfpa.post(path, form_of(second, proposed_text="Once more;")).status_code == 409


def test_of_two_agencies_the_one_that_objects_writes_what_would_lift_it(
    of_unfpa, focal_point, unfpa, ohchr
):
    focal_point.appointments.create(agency=ohchr, first_day=NOW.date(), role="focal_point")
    step = in_clearance()
    path = url("amend", step, "b3")
    assert of_unfpa.get(path).status_code == 422
    position = {"kind": "object", "reason": "Health.", "sha256": step.draft.sha256, "step": step.pk}
    of_unfpa.post(url("positions", step), position | {"agency": unfpa.pk})

    page = of_unfpa.get(path)

    assert (page.status_code, page.context["form"].agencies, page.context["others"]) == (
        200,
        {unfpa.pk: unfpa},
        [],
    )
    assert (
        of_unfpa.post(
            path, form_of(page, proposed_text="Lifts it;", rationale="Health.")
        ).status_code
        == 302
    )
    assert Amendment.objects.get().agency == unfpa
    assert of_unfpa.get(f"{path}?for=ohchr").status_code == 422

"""Files in a bucket: the settings that the environment makes, and a letter kept in a store and read through the app."""

import json

import pytest
from botocore.exceptions import ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from coordination.statements.models import Position
from coordination.statements.tests.factories import in_clearance
from coordination.tests.e2e.test_settings import started
from coordination.tests.services.s3 import ACCOUNT, BUCKET, REGION, SECRET, BucketServer

SAY = "import json, os; from gmgapp import settings; print(json.dumps(settings.STORAGES['default'])); print(os.environ.get('AWS_REQUEST_CHECKSUM_CALCULATION'))"
PDF = b"%PDF-1.4\n% approved\n"


def storage_of(folder, **environment):
    """Return the storage that the settings make of an environment, and how the client is told to add check sums."""
    done = started(folder, "-c", SAY, DEBUG="1", **environment)
    assert done.returncode == 0, done.stderr
    storage, sums = done.stdout.splitlines()
    return json.loads(storage), sums


@pytest.fixture
def store():
    server = BucketServer()
    yield server
    server.stop()


@pytest.fixture
def secret():
    """Return the secret that the app is given; a test may give it another."""
    return SECRET


@pytest.fixture
def bucket(store, settings, tmp_path, monkeypatch, secret):
    """Let the app keep its files in the bucket of the store, by what the settings make of the environment."""
    given = {"S3_BUCKET": BUCKET, "S3_ENDPOINT_URL": store.url, "S3_REGION": REGION}
    storage, sums = storage_of(
        tmp_path, **given, S3_ACCESS_KEY_ID=ACCOUNT, S3_SECRET_ACCESS_KEY=secret
    )
    monkeypatch.setenv("AWS_REQUEST_CHECKSUM_CALCULATION", sums)
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    yield store
    default_storage.connection.meta.client.close()


@pytest.mark.process
@pytest.mark.once
def test_the_environment_names_the_bucket(tmp_path):
    plain, sums = storage_of(tmp_path)
    assert (plain, sums) == ({"BACKEND": "django.core.files.storage.FileSystemStorage"}, "None")

    storage, sums = storage_of(tmp_path, S3_BUCKET="letters")
    options = storage["OPTIONS"]
    assert (storage["BACKEND"], sums) == ("storages.backends.s3.S3Storage", "None")
    own = ("endpoint_url", "region_name", "access_key", "secret_key")
    assert (options["bucket_name"], [options[name] for name in own]) == ("letters", [None] * 4)
    assert (options["file_overwrite"], options["addressing_style"]) == (False, "auto")


@pytest.mark.process
@pytest.mark.once
def test_a_bucket_without_its_packages_stops_the_start_with_one_sentence(tmp_path):
    without = "import sys; sys.modules['storages'] = None; import gmgapp.settings"

    done = started(tmp_path, "-c", without, DEBUG="1", S3_BUCKET="letters")

    sentence = "S3_BUCKET needs packages that are not here: pip install -r requirements/s3.txt (REQUIREMENTS=s3 for the image)."
    assert (done.returncode, done.stderr) == (1, f"{sentence}\n")


@pytest.mark.django_db
def test_a_letter_is_kept_in_the_bucket_and_read_from_it(
    bucket, client, chair, unfpa, focal_point, now
):
    step = in_clearance()
    client.force_login(chair)
    address = reverse("statements:record_letter", args=[step.statement.slug])
    file = SimpleUploadedFile("letter.pdf", PDF, content_type="application/pdf")
    fields = {
        "agency": unfpa.pk,
        "kind": "approve",
        "signed_by": "The Executive Director",
        "sha256": step.draft.sha256,
        "step": step.pk,
    }

    assert client.post(address, {**fields, "letter": file}).status_code == 302

    position = Position.objects.get()
    assert bucket.objects == {f"/{BUCKET}/{position.letter.name}": PDF}
    client.force_login(focal_point)
    answer = client.get(reverse("statements:letter", args=[step.statement.slug, position.pk]))
    assert (answer.status_code, b"".join(answer), answer["Content-Disposition"].split(";")[0]) == (
        200,
        PDF,
        "attachment",
    )
    bucket.objects.clear()
    assert (
        client.get(
            reverse("statements:letter", args=[step.statement.slug, position.pk])
        ).status_code
        == 404
    )


@pytest.mark.parametrize("secret", ["a-secret-of-somebody-else"])
def test_the_store_takes_nothing_that_another_secret_signed(bucket):
    with pytest.raises(ClientError, match="403"):
        default_storage.save("letter.pdf", ContentFile(PDF))

    assert bucket.objects == {}

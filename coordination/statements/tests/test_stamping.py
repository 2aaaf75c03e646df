"""Time stamps (RFC 3161), by an authority of our own: openssl behind a small server."""

import subprocess
import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from rfc3161_client import decode_timestamp_response

from coordination.statements import authority
from coordination.statements.actions import stamping
from coordination.statements.authority import NoStamp, Stamp
from coordination.statements.models import TimeStamp
from coordination.statements.proofkit import verify
from coordination.statements.queries import proof
from coordination.statements.tasks import keep
from coordination.statements.tests.proofs import adopted
from coordination.tests.cast import NOW

pytestmark = [pytest.mark.openssl, pytest.mark.django_db]
CONFIGURATION = """
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
[extensions]
extendedKeyUsage = critical,timeStamping
"""


def openssl(folder, *arguments) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def tsa(tmp_path_factory):
    """Return the folder of an authority: its root, its certificate and its key."""
    folder = tmp_path_factory.mktemp("tsa")
    (folder / "tsa.cnf").write_text(CONFIGURATION.format(folder=folder))
    (folder / "serial").write_text("01\n")
    new = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl(folder, "req", "-x509", *new, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=CA")
    openssl(folder, "req", *new, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=TSA")
    signing = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "tsa.pem")
    extensions = ("-extfile", "tsa.cnf", "-extensions", "extensions")
    openssl(folder, "x509", "-req", "-in", "tsa.csr", *signing, *extensions)
    return folder


@contextmanager
def served(answer):
    """Serve `answer` (of the bytes of a request: status and bytes) at an address."""

    class Authority(BaseHTTPRequestHandler):
        def do_POST(self):
            assert self.headers["Content-Type"] == "application/timestamp-query"
            status, body = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Authority)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsr?x=1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def reply(tsa, request: bytes) -> tuple[int, bytes]:
    (tsa / "query.tsq").write_bytes(request)
    openssl(
        tsa, "ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query.tsq", "-out", "reply.tsr"
    )
    return 200, (tsa / "reply.tsr").read_bytes()


@pytest.fixture
def statement(cast, chair, key_file, now):
    return adopted(cast, chair, released=True)


def manifest(statement):
    return proof.manifest_of(statement)


def test_the_task_stamps_what_is_signed_and_openssl_agrees(
    statement, tsa, settings, tmp_path, client
):
    with served(lambda request: reply(tsa, request)) as settings.TIMESTAMP_URL:
        keep()
        keep()

    row = TimeStamp.objects.get()
    assert row.authority == settings.TIMESTAMP_URL
    # the machine's own hour, which the clock of a test does not move
    assert row.stamped_at == decode_timestamp_response(bytes(row.content)).tst_info.gen_time
    files = proof.proof_files(manifest(statement))
    report = verify.check(files)
    assert (report.wrong, report.good[-1]) == ([], "The time stamp is of this envelope.")
    for name in (verify.ENVELOPE, verify.TIME_STAMP):
        (tmp_path / name).write_bytes(files[name])
    # as README.txt says
    verified = subprocess.run(
        [
            *("openssl", "ts", "-verify", "-data", verify.ENVELOPE, "-in", verify.TIME_STAMP),
            *("-CAfile", str(tsa / "ca.pem")),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Verification: OK" in verified.stdout
    page = client.get(f"/statements/{statement.slug}/proof/").content.decode()
    assert "Another authority says that the signature existed at this time:" in page


def test_an_authority_that_is_away_is_asked_again(statement, tsa, settings, caplog):
    settings.TIMESTAMP_URL = "http://127.0.0.1:1/"
    keep()
    assert "No time stamp: ConnectionRefusedError" in caplog.text
    assert TimeStamp.objects.count() == 0

    with served(lambda request: reply(tsa, request)) as settings.TIMESTAMP_URL:
        assert [stamping.stamp_unstamped(), stamping.stamp_unstamped()] == [1, 0]


def test_without_an_authority_nobody_is_asked(statement, settings):
    settings.TIMESTAMP_URL = ""

    assert stamping.stamp_unstamped() == 0
    assert (
        verify.check(proof.proof_files(manifest(statement)))
        .remarks[-1]
        .startswith("There is no time stamp of another authority")
    )


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ((500, b"away"), "HTTP 500"),
        ((200, b"no stamp"), "ValueError"),
        ((200, b"x" * 100_001), "the answer is too large"),
    ],
)
def test_an_answer_that_is_no_time_stamp(answer, fault):
    with served(lambda _request: answer) as url, pytest.raises(NoStamp, match=fault):
        authority.stamp(url, b"content")


def test_a_time_stamp_of_something_else_and_a_refusal(tsa):
    with served(lambda request: reply(tsa, request)) as url:
        other = authority.stamp(url, b"something else").content
    with (
        served(lambda _request: (200, other)) as url,
        pytest.raises(NoStamp, match="the time stamp is of something else"),
    ):
        authority.stamp(url, b"content")
    # an algorithm that the authority does not know: it refuses the request
    refused = (200, bytes.fromhex("30053003020102"))
    with served(lambda _request: refused) as url, pytest.raises(NoStamp, match="status 2"):
        authority.stamp(url, b"content")


def test_an_authority_that_drips_is_left_after_the_time_limit():
    def drip(_request):
        threading.Event().wait(3)
        return 200, b""

    with served(drip) as url:
        begun = time.monotonic()
        with pytest.raises(NoStamp):
            authority.stamp(url, b"content", seconds=0.3)
        assert time.monotonic() - begun < 2


def test_of_two_workers_the_first_stamp_stays(statement):
    envelope = manifest(statement).envelope
    first, second = Stamp(b"1", NOW), Stamp(b"2", NOW + timedelta(seconds=1))

    kept = [stamping.keep_stamp(envelope, stamp, "http://tsa") for stamp in (first, second)]

    assert kept == [True, False]
    assert bytes(TimeStamp.objects.get().content) == b"1"

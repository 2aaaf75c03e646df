"""An S3-compatible store on the loopback address: keeps objects in memory, and takes only requests that its one account signed."""

import hmac
import re
import threading
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

ACCOUNT, SECRET, BUCKET, REGION = "gmg", "a-secret-of-one-test", "letters", "eu-central-9"


class Answer(BaseHTTPRequestHandler):
    """PUT, HEAD, GET and DELETE of /BUCKET/KEY."""

    protocol_version = "HTTP/1.1"
    server: "BucketServer"

    def say(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("ETag", '"0"')
        self.send_header("Last-Modified", "Mon, 23 Nov 2026 09:00:00 GMT")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def is_signed(self, body: bytes) -> bool:
        """Say whether the request carries the signature that Amazon's own client makes of it with the account's secret."""
        given = self.headers.get("Authorization", "")
        named = re.search(r"SignedHeaders=([\w;-]+), Signature=(\w+)$", given)
        if named is None or self.headers.get("X-Amz-Content-SHA256") != sha256(body).hexdigest():
            return False
        headers = {name: self.headers[name] or "" for name in named[1].split(";")}
        request = AWSRequest(self.command, f"http://{self.headers['Host']}{self.path}", headers)
        request.context["timestamp"] = self.headers["X-Amz-Date"]
        account = S3SigV4Auth(Credentials(ACCOUNT, SECRET), "s3", REGION)
        signature = account.signature(
            account.string_to_sign(request, account.canonical_request(request)), request
        )
        return f"Credential={account.scope(request)}," in given and hmac.compare_digest(
            signature, named[2]
        )

    def answer(self) -> None:
        path = unquote(urlsplit(self.path).path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self.is_signed(body) or not path.startswith(f"/{BUCKET}/"):
            self.say(403)
        elif self.command == "PUT":
            self.server.objects[path] = body
            self.say(200)
        elif self.command == "DELETE":
            self.server.objects.pop(path, None)
            self.say(204)
        elif path in self.server.objects:
            self.say(200, self.server.objects[path])
        else:
            self.say(404)

    def do_PUT(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def do_HEAD(self) -> None:
        self.answer()

    def do_DELETE(self) -> None:
        self.answer()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class BucketServer(ThreadingHTTPServer):
    """The store; `objects` are what it keeps, by path."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.objects: dict[str, bytes] = {}
        self.url = f"http://127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()

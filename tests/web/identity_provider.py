"""An identity service for tests: OpenID Connect over TLS, on this machine, for one client.

It signs in whoever `next_identity` names without asking, or says that the person stopped. What a client must not get
wrong is refused: another secret, another address to return to, a code used twice, a proof (PKCE) that does not fit.
"""

import base64
import datetime
import hashlib
import ipaddress
import json
import secrets
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CLIENT, SECRET = "hatchmark", "示例密钥"


@dataclass
class Provider:
    """One running service. `certificate`: what a client has to trust."""

    address: str
    certificate: Path
    next_identity: str | None = "示例身份一"
    broken: str = ""
    """What goes wrong: "configuration" (answers 500), "empty" (describes nothing), "token" (refuses every code)."""
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def setting(self) -> str:
        """The setting OIDC that leads here."""
        host = self.address.removeprefix("https://")
        return "https://" + urlencode({"": CLIENT})[1:] + ":" + urlencode({"": SECRET})[1:] + f"@{host}"


@contextmanager
def running(folder: Path) -> Iterator[Provider]:
    """Run a service until the block ends; its certificate lies in the folder."""
    certificate, key = _certificate(folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listening = server.socket
    server.socket = context.wrap_socket(listening, server_side=True)
    provider = Provider(address=f"https://127.0.0.1:{server.server_port}/realm", certificate=certificate)
    server.provider = provider  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, key_file = folder / "identity.pem", folder / "identity.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, key_file


class _Handler(BaseHTTPRequestHandler):
    @property
    def provider(self) -> Provider:
        found: Provider = self.server.provider  # type: ignore[attr-defined]
        return found

    def do_GET(self) -> None:
        """Describe the service, sign somebody in, or say who holds a token."""
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        match parts.path:
            case "/realm/.well-known/openid-configuration":
                self._describe()
            case "/realm/authorize":
                self._authorize(asked)
            case "/realm/userinfo":
                subject = self.provider.tokens.get(
                    self.headers.get("Authorization", "").removeprefix("Bearer ")
                )
                self._json({"sub": subject, "name": subject} if subject else {}, 200 if subject else 401)
            case _:
                self._json({}, 404)

    def do_POST(self) -> None:
        """Give a token for a code."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        asked = {name: values[0] for name, values in parse_qs(body).items()}
        code = self.provider.codes.pop(asked.get("code", ""), None)
        proof = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        if (
            self.provider.broken == "token"
            or code is None
            or (asked.get("client_id"), asked.get("client_secret")) != (CLIENT, SECRET)
            or asked.get("redirect_uri") != code["redirect_uri"]
            or base64.urlsafe_b64encode(proof).rstrip(b"=").decode() != code["code_challenge"]
        ):
            self._json({"error": "invalid_grant"}, 400)
            return
        token = secrets.token_urlsafe()
        self.provider.tokens[token] = code["identity"]
        self._json({"access_token": token, "token_type": "Bearer", "expires_in": 60})

    def _describe(self) -> None:
        if self.provider.broken == "configuration":
            self._json({}, 500)
            return
        at = self.provider.address
        known = {
            "issuer": at,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "userinfo_endpoint": f"{at}/userinfo",
            "jwks_uri": f"{at}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }
        self._json({} if self.provider.broken == "empty" else known)

    def _authorize(self, asked: dict[str, str]) -> None:
        self.provider.asked.append(asked)
        answer = {"state": asked["state"]}
        if self.provider.next_identity is None:
            answer["error"] = "access_denied"
        else:
            answer["code"] = secrets.token_urlsafe()
            self.provider.codes[answer["code"]] = {**asked, "identity": self.provider.next_identity}
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode(answer)}")
        self.end_headers()

    def _json(self, document: Any, status: int = 200) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Stay silent."""

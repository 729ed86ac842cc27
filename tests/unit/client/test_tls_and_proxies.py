"""TLS and proxies: ways to a target other than a plain connection."""

from __future__ import annotations

import base64
import contextlib
import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from conformance.model import FailureKind, mark
from tests.e2e.hostile.server import answer, sends, serve, stop_accepting
from tests.unit.client.asking import ask, probe


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for `localhost`, signed by itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(1))
        .not_valid_after(now + datetime.timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "localhost.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return file


@contextlib.contextmanager
def tls_server(certificate: Path | None, dribbles: bool = False, mutual: bool = False) -> Iterator[int]:
    """Answer 200 to everything over TLS, several times a connection; or never end a body. Gives the port.

    Without a certificate it is plain HTTP; `mutual`: the client needs one too.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate:
        context.load_cert_chain(certificate)
    if mutual:
        context.verify_mode = ssl.CERT_REQUIRED
    listener = socket.create_server(("127.0.0.1", 0))

    def one(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), wrap(connection) as tls:
            while tls.recv(65536):
                tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\na" if dribbles else answer("200 OK"))

    def wrap(connection: socket.socket) -> socket.socket:
        return context.wrap_socket(connection, server_side=True) if certificate else connection

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=one, args=(listener.accept()[0],), daemon=True).start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop_accepting(listener, accepting)


def test_tls_is_spoken_and_connections_are_kept(certificate: Path) -> None:
    """With the target's own authority in the bundle every request is answered."""
    with tls_server(certificate) as port:
        url = f"https://localhost:{port}"
        exchanges = ask(url, *(probe(f"/{n}") for n in range(20)), ca_bundle=certificate, concurrency=2)
    assert [exchange.failure for exchange in exchanges] == [None] * 20


def test_the_deadline_holds_over_tls(certificate: Path) -> None:
    """A body that never ends is given up."""
    with tls_server(certificate, dribbles=True) as port:
        (exchange,) = ask(f"https://localhost:{port}", ca_bundle=certificate, deadline=0.5)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.DEADLINE


def test_an_unsigned_certificate_is_not_trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Authorities are certifi's, whatever the environment says."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with tls_server(certificate) as port:
        exchanges = ask(f"https://localhost:{port}", *(probe(f"/{n}") for n in range(50)))
    assert {each.failure.kind for each in exchanges if each.failure} == {FailureKind.TLS}
    assert exchanges[0].failure is not None
    assert "not trusted" in exchanges[0].failure.detail


def test_a_target_of_plain_http_does_not_speak_tls() -> None:
    """What OpenSSL calls a wrong version number is not taken for the base URL's version."""
    with tls_server(None) as port:
        (exchange,) = ask(f"https://127.0.0.1:{port}")
    assert exchange.failure is not None
    assert exchange.failure.detail.endswith(": it does not speak TLS")


def test_a_certificate_for_another_name_is_not_trusted(certificate: Path) -> None:
    """The name in the base URL must be the certificate's."""
    with tls_server(certificate) as port:
        (exchange,) = ask(f"https://127.0.0.1:{port}", ca_bundle=certificate)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TLS


def test_a_certificate_that_the_client_does_not_have_is_a_failure_of_tls(certificate: Path) -> None:
    """TLS 1.3 says so after the handshake: often the request cannot be sent any more when it is read."""
    with tls_server(certificate, mutual=True) as port:
        exchanges = ask(f"https://localhost:{port}", *(probe(f"/{n}") for n in range(40)), ca_bundle=certificate)
    assert {each.failure.kind for each in exchanges if each.failure} == {FailureKind.TLS}


@pytest.mark.parametrize("behaviour", ["silent", "no-http", "closes"])
def test_a_target_that_speaks_no_tls_is_a_failure_of_tls(behaviour: str) -> None:
    """Silence, text, or a closed connection where a handshake is due."""
    with serve(behaviour) as hostile:
        (exchange,) = ask(hostile.url.replace("http:", "https:"), deadline=1)
    assert exchange.failure is not None
    assert exchange.failure.kind is FailureKind.TLS


def test_a_proxy_is_asked_for_the_whole_url() -> None:
    """The absolute form goes to the proxy, with its password, which is shown nowhere."""
    with serve(sends(answer("200 OK"))) as proxy:
        url = proxy.url.replace("http://", "http://ann:p4ssw0rd@")
        (exchange,) = ask("http://graph.invalid/v1.0", probe("/me/photo"), http_proxy=url)
        request = proxy.requests[0]
    assert request.startswith(b"GET http://graph.invalid/v1.0/me/photo HTTP/1.1\r\nHost: graph.invalid\r\n")
    assert base64.b64encode(b"ann:p4ssw0rd") in request
    assert exchange.answer is not None
    assert ("Proxy-Authorization", mark("Proxy-Authorization")) in exchange.request.headers
    assert "p4ssw0rd" not in repr(exchange)


def test_a_proxy_that_wants_a_password_says_nothing_of_the_target() -> None:
    """407 is of the proxy that forwards, as where it opens no tunnel; without a proxy it is a response."""
    with serve(sends(answer("407 Proxy Authentication Required"))) as proxy:
        (through,) = ask("http://graph.invalid/v1.0", probe("/me/photo"), http_proxy=proxy.url)
        (direct,) = ask(proxy.url)
    assert through.failure is not None
    assert through.failure.kind is FailureKind.UNREACHABLE
    assert direct.answer is not None


def test_the_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither they nor ~/.netrc change what is sent."""
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login ann password p4ssw0rd")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with serve(sends(answer("200 OK"))) as hostile:
        (exchange,) = ask(hostile.url)
        assert b"Basic" not in hostile.requests[0]
    assert exchange.answer is not None


def test_a_tunnel_leads_through_a_proxy(certificate: Path) -> None:
    """CONNECT, then TLS with the target itself."""
    asked: list[bytes] = []

    def tunnel(client: socket.socket, port: int) -> None:
        asked.append(client.recv(65536))
        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        target = socket.create_connection(("127.0.0.1", port))
        for source, sink in ((client, target), (target, client)):
            threading.Thread(target=_pump, args=(source, sink), daemon=True).start()

    with tls_server(certificate) as port, socket.create_server(("127.0.0.1", 0)) as proxy:
        threading.Thread(target=lambda: tunnel(proxy.accept()[0], port), daemon=True).start()
        through = f"http://ann:p4ssw0rd@127.0.0.1:{proxy.getsockname()[1]}"
        (exchange,) = ask(f"https://localhost:{port}", ca_bundle=certificate, http_proxy=through, deadline=5)
    assert exchange.answer is not None, exchange.failure
    assert asked[0].startswith(f"CONNECT localhost:{port} ".encode())
    assert base64.b64encode(b"ann:p4ssw0rd") in asked[0]


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)

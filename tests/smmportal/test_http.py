"""The road to the outside: where it refuses to go, what it survives, what it never writes down."""

import asyncio
import gzip
import logging
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from yarl import URL

from smmportal.http import (
    MASK,
    Answer,
    Gate,
    GuardedResolver,
    RefusedAddress,
    Request,
    TimedOut,
    TooLarge,
    TransportError,
    Unreachable,
    Untrusted,
    is_public,
    parse_retry_after,
    redirected,
    run,
    run_all,
    send,
)

SECRET = "1234:very-secret/part"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

HOSTILE = [
    "http://127.0.0.1/",
    "http://127.0.0.1:8000/",
    "http://127.1/",
    "http://127.0.1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://127.0.0.1./",
    "http://127。0。0。1/",
    "http://①②⑦.0.0.1/",
    "http://10.0.0.1/",
    "http://10.255.255.255/",
    "http://172.16.0.1/",
    "http://172.31.255.254/",
    "http://192.168.1.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.170.2/",
    "http://100.64.0.1/",
    "http://100.127.255.254/",
    "http://192.0.0.192/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://239.255.255.250/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[::]/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:8.8.8.8]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b:1::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:7f00:1::]/",
    "http://[fc00::1]/",
    "http://[fd12:3456::1]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://user@example.com/",
    "http://user:password@example.com/",
    "http://example.com@127.0.0.1/",
    "http://:@example.com/",
    "ftp://example.com/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_",
    "javascript:alert(1)",
    "//example.com/",
    "http:///nothing",
    "http://[::1",
    "http://example.com:99999/",
    "",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_is_refused_and_nothing_is_sent(url, settings):
    settings.TRUSTED_BASES = []
    with pytest.raises(RefusedAddress):
        send(Request("GET", url))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "100.128.0.1", "172.32.0.1"])
def test_the_open_internet_is_open(address):
    assert is_public(address)
    Gate().check(URL(f"http://[{address}]/" if ":" in address else f"http://{address}/"))


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:10.0.0.1", "fe80::1%2", "nonsense", "", "2002:a00:1::1"])
def test_inner_addresses_are_not_public(address):
    assert not is_public(address)


class TestGate:
    gate = Gate(["http://127.0.0.1:9000/vk", "https://proxy.inner"])

    def test_what_the_operator_wrote_is_allowed(self):
        self.gate.check(URL("http://127.0.0.1:9000/vk/method/users.get"))
        self.gate.check(URL("https://proxy.inner/anything"))
        self.gate.check(URL("https://PROXY.inner.:443/anything"))
        self.gate.admit("proxy.inner", 443, ["10.1.2.3"])

    @pytest.mark.parametrize(
        "url",
        ["http://127.0.0.1:9001/vk", "https://127.0.0.1:9000/vk", "http://127.0.0.2:9000/vk"],
    )
    def test_another_port_scheme_or_host_is_not(self, url):
        with pytest.raises(RefusedAddress):
            self.gate.check(URL(url))

    def test_a_name_that_leads_inside_is_refused_whichever_of_its_addresses_does(self):
        self.gate.admit("example.com", 443, ["93.184.216.34"])
        for addresses in (["10.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["::ffff:127.0.0.1"]):
            with pytest.raises(RefusedAddress):
                self.gate.admit("example.com", 443, addresses)
        with pytest.raises(RefusedAddress):
            self.gate.admit("proxy.inner", 80, ["10.1.2.3"])

    def test_the_connection_goes_to_the_address_that_was_checked(self):
        gate = Gate(["http://localhost:9000"])
        found = asyncio.run(GuardedResolver(gate).resolve("localhost", 9000, socket.AF_INET))
        assert [(one["host"], one["port"], one["flags"]) for one in found] == [
            ("127.0.0.1", 9000, socket.AI_NUMERICHOST)
        ]


# --- A real server on loopback --------------------------------------------------------------------------------------


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.seen.append((self.command, self.path, dict(self.headers)))
        getattr(self, "answer_" + self.path.split("?")[0].strip("/").split("/")[0])()

    def do_POST(self):
        self.server.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        self.do_GET()

    def answer_hello(self):
        self.reply(b'{"half": 0.10, "whole": 3, "text": "7"}')

    def answer_bot(self):
        self.reply(b"{}")

    def answer_slow(self):
        self.server.released.wait(10)
        self.reply(b"{}")

    def answer_drip(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        while not self.server.released.wait(0.02):
            try:
                self.wfile.write(b".")
                self.wfile.flush()
            except OSError:
                return

    def answer_big(self):
        self.send_response(200)
        self.end_headers()
        self.close_connection = True
        for _ in range(64):
            self.wfile.write(b"x" * 1024)

    def answer_packed(self):
        self.reply(gzip.compress(b"z" * 1024 * 1024), headers={"Content-Encoding": "gzip"})

    def answer_announced(self):
        self.reply(b"y" * 5000)

    def answer_cut(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"half")
        self.close_connection = True

    def answer_away(self):
        self.reply(b"", 302, {"Location": "/hello"})

    def answer_inside(self):
        self.reply(b"", 302, {"Location": "http://169.254.169.254/latest/"})

    def answer_round(self):
        self.reply(b"", 307, {"Location": "/round"})

    def reply(self, body, status=200, headers=()):
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server(settings):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # a client that hung up is what some tests are about
    server.seen, server.bodies, server.released = [], [], threading.Event()
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_port}"
    settings.TRUSTED_BASES = [server.url]
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()


def test_an_answer_keeps_fractions_digit_for_digit(server):
    answer = send(Request("GET", f"{server.url}/hello", params={"q": "кофе & co"}))
    assert (answer.status, answer.json()) == (200, {"half": Decimal("0.10"), "whole": 3, "text": "7"})
    assert server.seen[0][1] == "/hello?q=%D0%BA%D0%BE%D1%84%D0%B5+%26+co"


def test_a_form_is_sent_as_a_form(server):
    send(Request("POST", f"{server.url}/hello", form={"a": "1", "b": "два"}))
    assert server.bodies == [b"a=1&b=%D0%B4%D0%B2%D0%B0"]


def test_not_a_number_is_not_json():
    with pytest.raises(ValueError, match="NaN"):
        Answer(200, {}, b'{"value": NaN}').json()


def test_a_redirect_is_shown_and_not_followed(server):
    assert send(Request("GET", f"{server.url}/away")).status == 302
    assert len(server.seen) == 1


def test_a_redirect_is_followed_when_the_request_allows_it(server):
    assert send(Request("GET", f"{server.url}/away", follow_redirects=1)).status == 200


def test_a_redirect_inside_is_refused(server):
    with pytest.raises(RefusedAddress):
        send(Request("GET", f"{server.url}/inside", follow_redirects=3))


def test_a_circle_of_redirects_ends(server):
    assert send(Request("GET", f"{server.url}/round", follow_redirects=3)).status == 307
    assert len(server.seen) == 4


def test_what_identifies_us_does_not_follow_to_another_origin():
    request = Request("POST", "https://a.example/x", form={"token": "t"}, headers={"Authorization": "Bearer t"})
    moved = redirected(request, Answer(307, {"location": "https://b.example/y"}, b""))
    assert (moved.url, moved.headers, moved.form) == ("https://b.example/y", {}, None)


def test_a_redirect_from_https_to_http_is_refused():
    with pytest.raises(RefusedAddress):
        redirected(Request("GET", "https://a.example/"), Answer(302, {"location": "http://a.example/"}, b""))


@pytest.mark.parametrize("path", ["slow", "drip"])
def test_a_slow_answer_is_given_up(server, path):
    with pytest.raises(TimedOut):
        send(Request("GET", f"{server.url}/{path}", timeout=0.15))


@pytest.mark.parametrize("path", ["big", "announced", "packed"])
def test_a_long_answer_is_not_read_to_its_end(server, path):
    with pytest.raises(TooLarge):
        send(Request("GET", f"{server.url}/{path}", largest_answer=4096))


def sign_for_ourselves(folder: Path) -> ssl.SSLContext:
    """A certificate for 127.0.0.1 that nobody but itself vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    both = folder / "own.pem"
    both.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(server, settings, tmp_path):
    server.socket = sign_for_ourselves(tmp_path).wrap_socket(server.socket, server_side=True)
    url = f"https://127.0.0.1:{server.server_port}"
    settings.TRUSTED_BASES = [url]
    with pytest.raises(Untrusted):
        send(Request("GET", f"{url}/hello"))
    assert server.seen == []


def test_a_cut_connection_is_unreachable(server):
    with pytest.raises(Unreachable):
        send(Request("GET", f"{server.url}/cut"))


def test_nobody_listens(settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings.TRUSTED_BASES = [f"http://127.0.0.1:{port}"]
    with pytest.raises(Unreachable):
        send(Request("GET", f"http://127.0.0.1:{port}/bot{SECRET}/x", secrets=(SECRET,)))


def test_the_environments_proxy_is_not_used(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert send(Request("GET", f"{server.url}/hello")).status == 200


def test_a_secret_is_in_no_log_and_no_description(server, caplog):
    caplog.set_level(logging.DEBUG)
    token = "1234:very-secret"
    request = Request(
        "GET",
        f"{server.url}/bot/{token}/getMe",
        params={"key": "also secret"},
        headers={"Authorization": f"Bearer {token}"},
        secrets=(token, "also secret"),
    )
    send(request)
    written = [f"{record.getMessage()} {record.__dict__}" for record in caplog.records if record.name != "asyncio"]
    assert f"/bot/{MASK}/getMe 200" in written[-1]
    assert not [line for line in written if "secret" in line]
    assert request.described() == f"GET {server.url}/bot/{MASK}/getMe?key={MASK}"
    assert "secret" not in repr(request)


def test_a_secret_is_in_no_error(settings):
    settings.TRUSTED_BASES = []
    request = Request("GET", "http://nowhere.invalid/bot1234:very-secret/getMe", secrets=("1234:very-secret",))
    with pytest.raises(TransportError) as refusal:
        send(request)
    assert "secret" not in f"{refusal.value!r}{refusal.value.__cause__!r}"


def test_a_failure_is_thrown_into_the_generator_which_may_go_on(server):
    def steps():
        try:
            yield Request("GET", "http://10.0.0.1/")
        except RefusedAddress:
            answer = yield Request("GET", f"{server.url}/hello")
            return answer.status

    assert run(steps()) == 200


def test_a_batch_keeps_its_order_and_one_failure_stops_nobody(server):
    def ask(path):
        answer = yield Request("GET", f"{server.url}/{path}")
        return answer.status

    results = run_all([ask("hello"), ask("cut"), ask("away")], at_once=2)
    assert [result if isinstance(result, int) else type(result) for result in results] == [200, Unreachable, 302]


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 0 ", 0),
        ("1.2", 2),
        ("Mon, 23 Nov 2026 12:00:30 GMT", 30),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 0),
        ("", None),
        (None, None),
        ("soon", None),
        ("-5", None),
        (".", None),
        ("٣", None),
    ],
)
def test_retry_after(header, seconds):
    assert parse_retry_after(header, NOW) == seconds


def test_an_answer_reads_its_own_retry_after():
    answer = Answer(429, {"retry-after": "Mon, 23 Nov 2026 12:00:30 GMT"}, b"")
    assert answer.retry_after(NOW + timedelta(seconds=10)) == 20

"""run.py's installers, pip and uv, for real: which of the reader's settings reach them, what an index may answer."""

import base64
import hashlib
import http.server
import importlib.util
import io
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import venv
from pathlib import Path

import pytest

from tests.test_run import SOURCE, load, make_wheel

AGENTS = {name for name in ("pip", "uv") if importlib.util.find_spec(name)}  # who asks an index here
needs_uv = pytest.mark.skipif("uv" not in AGENTS, reason="run.py got no uv for this computer")
PASSWORD = "Basic " + base64.b64encode(b"me:secret").decode()
WHEEL = "probe-1.0-py3-none-any.whl"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """run.py in a folder whose .venv exists, borrows this Python's pip and uv, and lacks the one package to install."""
    for name in list(os.environ):
        if name.startswith(("PIP_", "UV_")) or name.upper().endswith(("_PROXY", "_CA_BUNDLE")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_RETRIES", "0")
    (tmp_path / "run.py").write_bytes(SOURCE.read_bytes())
    (tmp_path / "wheels").mkdir()
    make_wheel(tmp_path / "wheels" / WHEEL, "")
    digest = hashlib.sha256((tmp_path / "wheels" / WHEEL).read_bytes()).hexdigest()
    (tmp_path / "requirements.txt").write_text(f"probe==1.0 --hash=sha256:{digest}\n")
    venv.create(tmp_path / ".venv", symlinks=os.name != "nt")
    [site] = (tmp_path / ".venv").rglob("site-packages")
    borrowed = {Path(importlib.util.find_spec(name).origin).parents[1] for name in AGENTS}
    (site / "borrowed.pth").write_text("\n".join(map(str, borrowed)), encoding="utf-8")
    module = load(tmp_path)
    module.site = site
    module.GET_UV = [sys.executable, "-c", ""]  # it is there
    module.PIP += ["--no-warn-conflicts"]  # pip would read about all that is installed beside what is borrowed
    return module


def settings_are(monkeypatch, run, **settings):
    """Give run.py settings of pip's as if it had asked pip for them, which the tests of settings do."""
    settings = {"retries": "0", **{name.replace("_", "-"): value for name, value in settings.items()}}
    monkeypatch.setattr(run, "pip_settings", lambda: settings)


def serve(answer, certificate=None):
    """Start an index on this computer that answers each request with a status, a login page or what a function says."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            server.agents.add(self.headers.get("User-Agent", "").split("/")[0])
            status, body = answer(self) if callable(answer) else (answer, b"")
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            if status == 401:
                self.send_header("WWW-Authenticate", 'Basic realm="packages"')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.agents = set()
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    # some releases of pip want a certificate for a name; elsewhere an address will do, even if localhost has none
    server.url = f"{'https://localhost' if certificate else 'http://127.0.0.1'}:{server.server_port}/simple"
    return server


def login_page(request):
    return 200, b"<html><body><form>Who are you?</form></body></html>"


def fails(run, capsys):
    """Let the installation fail, and return the one line that a reader gets to see at the end."""
    with pytest.raises(SystemExit):
        run.install_packages(io.StringIO())
    return capsys.readouterr().err.splitlines()[-1]


# ---- settings ----

HANDED_ON = {
    "index-url": ("http://localhost:1/a", "UV_DEFAULT_INDEX", "http://localhost:1/a"),
    "extra-index-url": (
        "http://localhost:1/b\nhttp://localhost:1/c",
        "UV_INDEX",
        "http://localhost:1/b http://localhost:1/c",
    ),
    "find-links": ("/wheels /more", "UV_FIND_LINKS", "/wheels,/more"),
    "trusted-host": ("localhost other", "UV_INSECURE_HOST", "localhost other"),
    "cert": ("/größer/all.pem", "SSL_CERT_FILE", "/größer/all.pem"),
    "client-cert": ("/mine.pem", "SSL_CLIENT_CERT", "/mine.pem"),
    "proxy": ("http://localhost:2", "HTTPS_PROXY", "http://localhost:2"),
    "timeout": ("7", "UV_HTTP_TIMEOUT", "7"),
    "retries": ("3", "UV_HTTP_RETRIES", "3"),
}


def write_config(path, settings, section="global"):
    lines = [f"{name} = " + str(value).replace("\n", "\n  ") for name, value in settings.items()]
    path.write_text(f"[{section}]\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("place", ["environment", "global", "install"])
def test_where_packages_come_from_is_handed_on(run, monkeypatch, tmp_path, place):
    given = {name: value for name, (value, _, _) in HANDED_ON.items()}
    monkeypatch.delenv("PIP_RETRIES")
    if place == "environment":
        for name, value in given.items():
            monkeypatch.setenv("PIP_" + name.upper().replace("-", "_"), value)
    else:
        monkeypatch.setenv("PIP_CONFIG_FILE", write_config(tmp_path / "pip.conf", given, place))
    settings = run.pip_settings()
    seen = run.installer_environment(settings)
    if place != "environment":
        settings = {name: settings[name].strip() for name in given}  # a value on folded lines begins with a line's end
    assert settings.items() >= given.items()  # this computer may have more in another pip.conf
    for name, (value, uv_name, uv_value) in HANDED_ON.items():
        assert seen["PIP_" + name.upper().replace("-", "_")].strip() == value
        assert seen[uv_name] == uv_value
    assert seen["PIP_CONFIG_FILE"] == os.devnull  # all that counts is in the environment by now


def test_the_environment_counts_before_pip_conf_and_its_install_section_before_global(run, monkeypatch, tmp_path):
    path = tmp_path / "pip.conf"
    monkeypatch.setenv("PIP_CONFIG_FILE", write_config(path, {"index-url": "a", "timeout": 1, "cert": "x"}))
    with path.open("a") as file:
        file.write("[install]\nindex-url = b\ntimeout = 2\n[download]\ncert = y\n")
    monkeypatch.setenv("PIP_INDEX_URL", "c")
    found = run.pip_settings()
    assert found.items() >= {"index-url": "c", "timeout": "2", "cert": "x", "retries": "0"}.items()


def test_certificates_that_pip_finds_under_other_names(run, monkeypatch):
    monkeypatch.setenv("CURL_CA_BUNDLE", "/curl.pem")
    assert run.installer_environment(run.pip_settings())["SSL_CERT_FILE"] == "/curl.pem"


def test_settings_that_pip_cannot_read(run, monkeypatch, tmp_path, capsys):
    (tmp_path / "pip.conf").write_text("index-url\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    assert "pip.conf" in fails(run, capsys)


ELSEWHERE = {
    "pip": {
        "target": "{}",
        "prefix": "{}",
        "root": "{}",
        "user": "1",
        "dry-run": "1",
        "constraint": "{}/constraints.txt",
        "quiet": "3",
        "global": "1",
        "site": "1",
        "platform": "win_amd64",
        "python-version": "3.9",
        "only-binary": "nothing",
        "no-binary": ":all:",
        "require-virtualenv": "1",
        "report": "{}/report.json",
    },
    "uv": {
        "target": "{}",
        "prefix": "{}",
        "system-python": "1",
        "python": "3.9",
        "constraint": "{}/constraints.txt",
        "override": "{}/constraints.txt",
        "dry-run": "1",
        "project-environment": "{}",
        "offline": "1",
        "no-index": "1",
        "no-verify-hashes": "1",
        "no-binary": "1",
        "link-mode": "symlink",
        "exclude-newer": "2001-01-01",
        "cache-dir": "{}",
        "config-file": "{}/uv.toml",
        "working-dir": "{}",
        "require-hashes": "0",
    },
}


@pytest.mark.parametrize("place", ["environment", "pip.conf, uv.toml"])
@pytest.mark.parametrize("installer", ["pip", pytest.param("uv", marks=needs_uv)])
def test_what_would_lead_the_installer_elsewhere_does_no_harm(run, monkeypatch, tmp_path, capsys, installer, place):
    """All of them at once: each alone would leave .venv without the package, or refuse to start."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "constraints.txt").write_text("probe==2.0\n")
    (elsewhere / "uv.toml").write_text('no-index = true\nfind-links = ["/nowhere"]\noffline = true\n')
    before = sorted(elsewhere.iterdir())
    monkeypatch.chdir(elsewhere)  # where uv looks for a uv.toml
    wrong = {name: value.format(elsewhere) for name, value in ELSEWHERE[installer].items()}
    links = {"find-links": str(tmp_path / "wheels"), "index-url": serve(404).url}
    if place == "environment":
        for name, value in wrong.items():
            monkeypatch.setenv(f"{installer}_{name}".upper().replace("-", "_"), value)
    if installer == "pip":
        run.UV = [sys.executable, "-c", "raise SystemExit(1)"]
        if place != "environment":
            links.update(wrong)
    monkeypatch.setenv("PIP_CONFIG_FILE", write_config(tmp_path / "pip.conf", links))
    run.install_packages(io.StringIO())
    assert (run.site / "probe" / "__main__.py").exists()
    assert not (run.site / "probe").is_symlink()
    assert sorted(elsewhere.iterdir()) == before
    assert ("pip does it" in capsys.readouterr().err) == (installer == "pip")


def test_pip_mends_what_uv_left_half_done(run, monkeypatch, tmp_path):
    settings_are(monkeypatch, run, find_links=str(tmp_path / "wheels"), index_url=serve(404).url)
    half = run.site / "probe-1.0.dist-info"
    half.mkdir()
    (half / "METADATA").write_text("Metadata-Version: 2.1\nName: probe\nVersion: 1.0\n")
    run.UV = [sys.executable, "-c", "raise SystemExit(1)"]
    run.install_packages(io.StringIO())
    assert (run.site / "probe" / "__main__.py").exists()


# ---- what an index may answer ----


@pytest.mark.parametrize(
    ("answer", "remedy"),
    [
        (401, "name and a password (401)"),
        (403, "refuses you (403)"),
        (404, "has no such page (404)"),
        (503, "out of order"),
        (login_page, "is there a login page?"),
    ],
)
def test_answers_without_packages(run, monkeypatch, capsys, answer, remedy):
    server = serve(answer)
    settings_are(monkeypatch, run, index_url=server.url)
    assert remedy in fails(run, capsys)
    assert server.agents == AGENTS


def test_no_answer(run, monkeypatch, capsys):
    server = serve(404)
    server.server_close()
    settings_are(monkeypatch, run, index_url=server.url, retries="1")
    assert "no answer from the network" in fails(run, capsys)


def test_a_proxy_that_refuses(run, monkeypatch, capsys):
    monkeypatch.setenv("HTTPS_PROXY", serve(404).url.removesuffix("/simple"))  # it knows no CONNECT
    settings_are(monkeypatch, run, index_url="https://index.invalid/simple")
    assert "the proxy refuses" in fails(run, capsys)


def test_no_index(run, monkeypatch, capsys):
    settings_are(monkeypatch, run, no_index="1")
    assert "unset PIP_NO_INDEX" in fails(run, capsys)


def localhost_has_an_address():
    try:
        return socket.gethostbyname("localhost") == "127.0.0.1"
    except OSError:
        return False


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl makes the certificate")
@pytest.mark.skipif(not localhost_has_an_address(), reason="no /etc/hosts: a certificate needs a name")
@pytest.mark.parametrize("given", [False, True])
def test_certificate(run, monkeypatch, tmp_path, capsys, given):
    both, command = tmp_path / "both.pem", "openssl req -x509 -nodes -days 2 -subj /CN=localhost"
    command += " -newkey ec -pkeyopt ec_paramgen_curve:prime256v1"  # made sooner than one of RSA
    command += " -addext subjectAltName=DNS:localhost -addext basicConstraints=critical,CA:FALSE"
    subprocess.run([*command.split(), "-keyout", both, "-out", tmp_path / "c.pem"], check=True, capture_output=True)
    both.write_text(both.read_text() + (tmp_path / "c.pem").read_text())
    server = serve(404, both)
    settings_are(monkeypatch, run, index_url=server.url, **({"cert": str(tmp_path / "c.pem")} if given else {}))
    found = fails(run, capsys)
    assert ("(404)" if given else "an unknown certificate: name your network's own as PIP_CERT") in found
    assert server.agents == (AGENTS if given else set())


@pytest.mark.parametrize("place", ["address", "netrc"])
@needs_uv
def test_uv_finds_name_and_password_where_pip_does(run, monkeypatch, tmp_path, capsys, place):
    def answer(request):
        if request.headers.get("Authorization") != PASSWORD:
            return 401, b""
        if request.path.endswith(".whl"):
            return 200, (tmp_path / "wheels" / WHEEL).read_bytes()
        return 200, f'<html><body><a href="/{WHEEL}">{WHEEL}</a></body></html>'.encode()

    url = serve(answer).url
    if place == "netrc":
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
        (tmp_path / "netrc").chmod(0o600)
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("PIP_INDEX_URL", url if place == "netrc" else url.replace("//", "//me:secret@"))
    log = io.StringIO()
    run.install_packages(log)
    assert (run.site / "probe" / "__main__.py").exists()
    assert "secret" not in log.getvalue()
    assert capsys.readouterr().err == ""

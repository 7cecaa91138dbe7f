"""The site with production's settings, over HTTP and over TLS with an authority of its own, on loopback."""

import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import production
from tests.running_site import ROOT, environment, free_port, own_database, wait_until_ready

GRANIAN = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--log-level", "error"]
LIMITS = ["--blocking-threads", "16", "--backpressure", "128"]  # as docs/deploying.md has them


@dataclass(frozen=True, kw_only=True)
class ProductionSite:
    host: str
    http_port: int
    https_port: int
    authority: Path  # the certificate of who signed the site's
    environment: dict[str, str]


@contextmanager
def start(folder: Path, **variables: str) -> Iterator[ProductionSite]:
    """Serve the demo's pages, loaded under dev settings: production refuses to load them."""
    authority, certificate, key = make_certificates(folder)
    with own_database() as database, ExitStack() as stack:
        common = {
            **environment(),
            **database,
            **production.ENVIRONMENT,
            "ALLOWED_HOSTS": f"{production.HOST},localhost",  # by the second one we see that it is ready
            "DATA_DIR": str(folder),
            "PYTHONPATH": str(ROOT / "site"),
            **variables,
        }
        prepare = [sys.executable, "-m", "config.launch", "prepare"]
        subprocess.run(prepare, cwd=ROOT, env={**common, "DJANGO_SETTINGS_MODULE": "config.settings.dev"}, check=True)
        production_environment = {**common, "DJANGO_SETTINGS_MODULE": "config.settings.production"}
        ports = {}
        for scheme, options in {
            "http": [],
            "https": ["--ssl-certificate", str(certificate), "--ssl-keyfile", str(key)],
        }.items():
            ports[scheme] = free_port()
            log = folder / f"{scheme}.log"
            process = subprocess.Popen(
                [*GRANIAN, *LIMITS, "--port", str(ports[scheme]), *options, "config.wsgi:application"],
                cwd=ROOT,
                env=production_environment,
                stdout=stack.enter_context(log.open("w")),
                stderr=subprocess.STDOUT,
            )
            stack.callback(end, process)
            trust = ssl.create_default_context(cafile=str(authority)) if scheme == "https" else None
            wait_until_ready(f"{scheme}://localhost:{ports[scheme]}", process, log, trust=trust)
        yield ProductionSite(
            host=production.HOST,
            http_port=ports["http"],
            https_port=ports["https"],
            authority=authority,
            environment=production_environment,
        )


def end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def make_certificates(folder: Path) -> tuple[Path, Path, Path]:
    """An authority's certificate, and a certificate with its key that this authority signed for the site; for a day."""
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    by_authority = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"]
    (folder / "site.ext").write_text(f"subjectAltName = DNS:{production.HOST}, DNS:localhost\n")
    for command in (
        ["req", "-x509", *new_key, "-days", "1", "-subj", "/CN=Authority", "-keyout", "ca.key", "-out", "ca.pem"],
        ["req", *new_key, "-subj", f"/CN={production.HOST}", "-keyout", "site.key", "-out", "site.csr"],
        ["x509", "-req", *by_authority, "-days", "1", "-in", "site.csr", "-extfile", "site.ext", "-out", "site.pem"],
    ):
        done = subprocess.run(["openssl", *command], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    return folder / "ca.pem", folder / "site.pem", folder / "site.key"

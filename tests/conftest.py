"""The browser and the running site, for the journeys."""

import os
import shutil
from collections.abc import Iterator

import pytest
from django.db import connections, transaction
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from tests import in_admin, prepared_site, running_site, secret_site
from tests.axe import PHONE
from tests.running_site import RunningSite
from tests.secret_site import SecretSite

# Of two such switches a browser takes the last: first what Playwright turns off, then what costs a process for each
# window and is seen by no test: the page of the address bar's suggestions, and a renderer in advance.
NOT_NEEDED = [
    *["AimEnabled", "AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync"],
    *["DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay"],
    *["MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch"],
    *["TcpPortRandomizationWin", "ThirdPartyStoragePartitioning"],
    *["WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "SpareRendererForSitePerProcess"],
]
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(NOT_NEEDED)}",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("BROWSER_PATH") or shutil.which("chromium")
    # Playwright keeps an event loop in this thread, also beneath the tests that come after the journeys in its process:
    # Django would take each of their queries for one out of async code, and give it a connection of its own.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    connection = connections["default"]
    expect.set_options(timeout=running_site.PATIENCE * 1000)
    with sync_playwright() as playwright:
        connections["default"] = connection
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(chromium: Browser, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    folder = tmp_path_factory.mktemp("site")
    with prepared_site.copied(folder) as where, running_site.start(folder, chromium, **where) as running:
        yield running


@pytest.fixture
def editor(site: RunningSite) -> Iterator[Page]:
    yield from logged_in(site, "editor")


@pytest.fixture
def publisher(site: RunningSite) -> Iterator[Page]:
    yield from logged_in(site, "publisher")


@pytest.fixture
def account(site: RunningSite) -> Iterator[Page]:
    """A reviewer with an account."""
    yield from logged_in(site, "reviewer")


@pytest.fixture
def reviewer(site: RunningSite) -> Iterator[Page]:
    """A clean browser on a phone, without any account. It lets axe in, which the pages’ policy forbids."""
    context = site.new_context(viewport=PHONE, bypass_csp=True)
    yield from running_site.watched(context)


def logged_in(site: RunningSite, name: str) -> Iterator[Page]:
    context = in_admin.log_in(site, name)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def _built_site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SecretSite]:
    """Building it takes longer than most tests that ask it: built once a module, below every test's own transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield secret_site.build(timezone.now())
        transaction.set_rollback(True)


@pytest.fixture
def site_of_secrets(_built_site: SecretSite, db: None) -> SecretSite:
    return _built_site.fresh()

"""Paid means in, once, wherever a process dies: in a checkout, a message, on the way back, in a refund."""

import sys
from collections.abc import Iterator

import pytest

from stand_ins.stripe import server
from stand_ins.stripe.server import Stripe
from tests import faulty_site
from tests.faulty_site import FaultySite


@pytest.fixture(scope="module")
def stripe() -> Iterator[Stripe]:
    with server.running(webhooks="hold") as running:
        yield running


@pytest.fixture(scope="module")
def site(stripe: Stripe, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultySite]:
    folder = tmp_path_factory.mktemp("money")
    with faulty_site.prepared(folder, mail_url=f"file://{folder}/mail") as prepared:
        prepared.environment |= {
            "STRIPE_SECRET_KEY": stripe.secret_key,
            "STRIPE_WEBHOOK_SECRET": stripe.webhook_secrets[0],
            "STRIPE_API_BASE": stripe.origin,
        }
        yield prepared


@pytest.mark.parametrize(
    ("scenario", "least"), [("checkout", 12), ("webhook", 4), ("return", 8), ("refund", 8), ("eight", 8)]
)
def test_paid_means_in_once_whoever_dies_or_races(site: FaultySite, scenario: str, least: int) -> None:
    process = site.run(sys.executable, "-m", "tests.kill_points", scenario)

    said, _ = process.communicate(timeout=240)

    assert process.returncode == 0, said
    assert int(said.split()[-1]) >= least

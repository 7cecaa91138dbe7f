"""Compare payments, grants and the provider's own list, put right what does not fit, and say what was found."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from purchases import reconcile
from purchases.stripe import stripe_api


class Command(BaseCommand):
    help = "Find payments without access, access without payment and checkouts left open; put them right and report."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = reconcile.run(now=timezone.now())
        except stripe_api.ProviderAway as error:
            raise CommandError(f"The payment provider did not answer ({error}). Run it again later.") from error
        self.stdout.write(f"Events that no message had told: {report.events}")
        self.stdout.write(f"Checkouts that turned out to be over: {report.checkouts}")
        self.stdout.write(f"Refunds carried out that were left undone: {report.refunds}")
        self.stdout.write(f"Addresses whose access was put right: {report.access}")
        if report.unexplained:
            self.stdout.write(
                f"Bought courses without any payment: {report.unexplained}. They stay as they are; Orders and Learners "
                "in the admin say whose they are."
            )

"""Export or erase personal data (GDPR) for a person who asks by other ways than their account page."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder

from access import email_addresses, privacy


class Command(BaseCommand):
    help = "Print, as JSON, everything stored about an address; or erase it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["export", "erase"])
        parser.add_argument("address")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            address = email_addresses.canonical(options["address"])
        except email_addresses.InvalidAddress as error:
            raise CommandError(f"{options['address']!r} is not an email address.") from error
        if options["what"] == "export":
            self.stdout.write(DjangoJSONEncoder(indent=2).encode(privacy.export(address)))
        elif privacy.erase(address):
            self.stdout.write(f"Erased {address}.")
        else:
            raise CommandError(f"Nothing was erased: {address} is unknown here, or blocked.")

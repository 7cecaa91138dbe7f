"""Who gets no mail and opens nothing: single addresses, and the lists in the gate's settings."""

from access.models import Email, GateSettings


def is_blocked(address: str) -> bool:
    """Whether this canonical address, or a domain it belongs to, is blocked."""
    lists = GateSettings.objects.first()
    if lists is not None:
        if address in lists.blocked_addresses.splitlines():
            return True
        domain = address.partition("@")[2]
        if any(domain == blocked or domain.endswith(f".{blocked}") for blocked in lists.blocked_domains.splitlines()):
            return True
    return Email.objects.filter(address=address, blocked_at__isnull=False).exists()

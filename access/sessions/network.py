"""Where a request comes from, as far as it can be trusted: proxies that stand in front are counted, never believed."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def client_network(request: HttpRequest) -> str:
    """The client's network for limits: an IPv4 address, an IPv6 /64, or "" when there is none to be had.

    With TRUSTED_PROXIES = n, the nth entry of X-Forwarded-For from the right: entries further left were written by
    the client.
    """
    address = _parse(_client(request))
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address or "")


def is_loopback(network: str) -> bool:
    return bool(network) and ip_network(network).is_loopback


def _client(request: HttpRequest) -> str:
    proxies: int = settings.TRUSTED_PROXIES
    if proxies:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(hops) >= proxies:
            return hops[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip("[]").split("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        if address.is_loopback:
            return IPv4Address("127.0.0.1")
        return address.ipv4_mapped or address
    return address

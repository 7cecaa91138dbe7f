"""Email addresses in canonical form, which is stored, compared and sent to. Stricter than the standards on purpose."""

import re

import idna

# An unquoted local part (RFC 5322 dot-atom). Quotes, comments, spaces, controls and non-ASCII are refused:
# two strings that a mail server takes for one mailbox, or one string it takes for two, must never get this far.
LOCAL_PART = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
ENCODED_WORD = "=?"  # begins one in a header (RFC 2047): what would be mailed is then another address
MAX_LOCAL = 64
MAX_ADDRESS = 254


class InvalidAddress(ValueError):
    """Not one address that mail can be sent to."""


def canonical(typed: str) -> str:
    """Return the address in its one form: lower case, domain in IDNA 2008 (UTS 46), at most 254 characters.

    Surrounding white space is forgiven, as people paste it. Raises InvalidAddress for everything else that is not
    a plain address.
    """
    address = typed.strip(" \t\r\n")
    if len(address) > MAX_ADDRESS or address.count("@") != 1:
        raise InvalidAddress
    local, domain = address.split("@")
    local = local.lower() if local.isascii() else ""
    if len(local) > MAX_LOCAL or ENCODED_WORD in local or not LOCAL_PART.fullmatch(local):
        raise InvalidAddress
    result = f"{local}@{_domain(domain)}"
    if len(result) > MAX_ADDRESS:
        raise InvalidAddress
    return result


def folded(address: str) -> str:
    """The mailbox an address probably lands in, for limits alone: dots and plus-tags of the local part do not count.

    Two people may fold to one, so nothing but a limit may rest on it.
    """
    local, _, domain = address.partition("@")
    return f"{local.split('+')[0].replace('.', '') or local}@{domain}"


def _domain(typed: str) -> str:
    # UTS 46 maps invisible characters away; an address that holds one was not typed by its owner.
    if any(not character.isprintable() or character == "\u00ad" for character in typed):
        raise InvalidAddress
    try:
        domain = idna.encode(typed, uts46=True, std3_rules=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise InvalidAddress from error
    labels = domain.split(".")
    if len(labels) < 2 or not all(labels) or labels[-1].isdigit():
        raise InvalidAddress
    return domain


def hidden(address: str) -> str:
    """For those who were only passed a link: enough to know oneself by. What is no address comes back as it is."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}" if at else address

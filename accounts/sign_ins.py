"""Who came in, by what, and who was refused: events of their own, apart from the lines of requests (logger « isic.sign_ins »).

An account is there by its key, an address by its network; what was typed is not.
"""

import ipaddress
import logging

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records

log = logging.getLogger("isic.sign_ins")
#: How many bits of an address say where somebody is without saying who.
NETWORKS = {4: 24, 6: 48}


def note(event: str, request, account: int | None, factor: str = "") -> None:
    """`account`: the key, None where nobody has this address."""
    address = network(get_adapter().get_client_ip(request))
    extra = {"event": event, "account": account, "factor": factor, "address": address}
    log.info("%(event)s, account %(account)s, %(factor)s, from %(address)s", extra, extra=extra)


def factors(request, user) -> str:
    """« password », « password+totp », « password_reset » (an invitation too) of the session that begins."""
    records = get_authentication_records(request, user)
    return "+".join(record.get("type") or record["method"] for record in records)


def network(address: str | None) -> str:
    """« 192.0.2.0/24 », « 2001:db8:1::/48 »; empty where the address is none."""
    try:
        version = ipaddress.ip_address(address or "").version
    except ValueError:
        return ""
    return str(ipaddress.ip_network(f"{address}/{NETWORKS[version]}", strict=False))

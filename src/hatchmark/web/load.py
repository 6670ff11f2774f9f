"""How much may visitors ask of this process at once? Work that costs seconds is counted here before it begins.

Both counts live in the memory of one process and end with it: several processes behind one address each have their
own, and nothing of who came is written down.
"""

import ipaddress
import threading
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.http import HttpRequest


class Slots:
    """So many at once and no more; whoever comes beyond is told to come again, and does not wait in line."""

    def __init__(self, number: int) -> None:
        self._free = threading.BoundedSemaphore(number)

    @contextmanager
    def one(self) -> Iterator[bool]:
        """Hold a slot while the block runs; give False where none is free."""
        taken = self._free.acquire(blocking=False)
        try:
            yield taken
        finally:
            if taken:
                self._free.release()


class RateLimit:
    """So many times within so many seconds for each visitor. It remembers `remembered` visitors, the latest ones."""

    def __init__(self, times: int, *, seconds: int, remembered: int = 10_000) -> None:
        self.times = times
        self.seconds = seconds
        self._remembered = remembered
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait_of(self, visitor: str, *, now: float) -> int:
        """Count a visit and return 0; where it is one too many, count nothing and return the seconds to wait."""
        with self._lock:
            visits = self._seen.setdefault(visitor, deque())
            self._seen.move_to_end(visitor)
            if len(self._seen) > self._remembered:
                self._seen.popitem(last=False)
            while visits and visits[0] <= now - self.seconds:
                visits.popleft()
            if len(visits) >= self.times:
                return max(1, int(visits[0] + self.seconds - now) + 1)
            visits.append(now)
            return 0


def visitor_of(request: HttpRequest) -> str:
    """Return who asks: the address that the connection comes from, of an IPv6 one its network.

    With FORWARDED_FOR_HEADER it is the last address in X-Forwarded-For, the one that the proxy in front wrote there.
    What stands before it comes from the visitor and may be anything.
    """
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.FORWARDED_FOR_HEADER:
        forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
        address = forwarded.rpartition(",")[2].strip() or address
    try:
        found = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        # Whoever has one address of a network has all of them.
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)

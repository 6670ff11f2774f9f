"""`hatchmark serve`: the site on this machine, by granian or, where it does not load, Django's own server."""

import argparse
import errno
import ipaddress
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

LOOPBACK = "127.0.0.1"
DEFAULT_PORT = 8000
PORTS_TRIED = 50


def free_port(host: str, wanted: int) -> int:
    """Return `wanted`, or the next port that nobody listens on; raise OSError if none of fifty is free."""
    for port in range(wanted, wanted + PORTS_TRIED):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise OSError(
        f"no port from {wanted} to {wanted + PORTS_TRIED - 1} is free on {host}; name one with --port"
    )


def _why_not(host: str, port: int) -> str:
    """Say why nothing can be served at an address that was asked for; nothing where it can."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (socket.gaierror, UnicodeError):
            return f"{host} is no host that can be found; name one with --host, for example {LOOPBACK}"
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                return f"{host} is no address of this machine; name one with --host, for example {LOOPBACK}"
            if error.errno in (errno.EACCES, errno.EPERM):
                return f"port {port} on {host} needs more rights; name one from 1024 on with --port"
            return f"port {port} on {host} is taken; name another with --port"
    return ""


def execute(args: argparse.Namespace) -> int:
    """Serve the configured database until interrupted."""
    from hatchmark.cli.database import configured_database

    with configured_database():
        from hatchmark.services.clock import is_demonstration

        if is_demonstration() and not _is_loopback(args.host):
            print(
                f"hatchmark serve: this is the database of a demo, whose passwords everybody knows; it is not served "
                f"on {args.host}. Serve it on {LOOPBACK}, or name another database with DATABASE_URL",
                file=sys.stderr,
            )
            return 2
        return serve(host=args.host, port=args.port)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def serve(*, host: str, port: int | None) -> int:
    """Serve; take another port where the default is taken, and say so. A port asked for is taken or refused."""
    from granian import Granian
    from granian.constants import Interfaces

    try:
        chosen = free_port(host, DEFAULT_PORT) if port is None else port
    except OSError as error:
        print(f"hatchmark serve: {error}", file=sys.stderr)
        return 2
    if port is None and chosen != DEFAULT_PORT:
        print(f"端口 {DEFAULT_PORT} 已被占用，改用 {chosen}。 Port {DEFAULT_PORT} is taken; using {chosen}.")
    if port is not None and (problem := _why_not(host, port)):
        print(f"hatchmark serve: {problem}", file=sys.stderr)
        return 2
    shown = f"[{host}]" if ":" in host else host
    print(f"孵衡 Hatchmark: http://{shown}:{chosen}/   (Ctrl+C 结束 to stop)", flush=True)
    with _mail_worker():
        Granian(
            "hatchmark.config.wsgi:application",
            address=host,
            port=chosen,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=4,
            log_enabled=False,
        ).serve()
    return 0


@contextmanager
def _mail_worker() -> Iterator[None]:
    """Run what waits in the queue (mail) beside the site, in a process of its own that ends with it."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "django", "db_worker", "--interval", "5", "-v", "0"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "hatchmark.config.settings"},
    )
    try:
        yield
    finally:
        worker.terminate()
        try:
            worker.wait(timeout=10)
        except subprocess.TimeoutExpired:
            worker.kill()

"""`hatchmark serve`: an address that cannot be served is refused in one line that says why."""

import socket

import pytest

from hatchmark.cli import main

pytestmark = pytest.mark.django_db


def refused(capsys, *words):
    assert main.main(["serve", *words]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    return lines[0]


def test_a_taken_port_is_called_taken(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert refused(capsys, "--port", str(port)) == (
            f"hatchmark serve: port {port} on 127.0.0.1 is taken; name another with --port"
        )


@pytest.mark.parametrize(
    ("host", "problem"),
    [
        ("nowhere.invalid", "is no host that can be found"),
        ("192.0.2.1", "is no address of this machine"),
    ],
)
def test_a_host_that_is_not_here_is_not_called_a_taken_port(capsys, host, problem):
    assert f"{host} {problem}" in refused(capsys, "--host", host, "--port", "8999")

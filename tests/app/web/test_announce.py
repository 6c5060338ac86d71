from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.settings import Settings
from app.web.announce import announce
from app.web.listening import CantListen, address, lan_host, listen


@pytest.fixture
def everywhere() -> Iterator[socket.socket]:
    """A socket that all of the network can reach."""
    with listen("0.0.0.0", 0) as listener:
        yield listener


def test_the_address_is_one_to_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], everywhere: socket.socket
) -> None:
    with listen("127.0.0.1", 0) as listener:
        announce(Settings(data=tmp_path), listener, classroom=False)
        said = capsys.readouterr().out
        assert f"open http://127.0.0.1:{address(listener)[1]}\n" in said
    announce(Settings(data=tmp_path, host="0.0.0.0"), everywhere, classroom=False)
    said = capsys.readouterr().out
    port = address(everywhere)[1]
    assert f"open http://127.0.0.1:{port}\n" in said
    assert f"http://{lan_host()}:{port}\n" in said
    assert "0.0.0.0" not in said


def test_a_class_gets_an_address_and_on_a_terminal_a_picture_of_it(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    everywhere: socket.socket,
) -> None:
    settings = Settings(data=tmp_path, host="0.0.0.0")
    students = f"Students open:  http://{lan_host()}:{address(everywhere)[1]}\n"
    announce(settings, everywhere, classroom=True)
    assert capsys.readouterr().out.startswith(students)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    announce(settings, everywhere, classroom=True)
    drawn, found, _ = capsys.readouterr().out.partition(students)
    assert found
    lines = drawn.splitlines()
    assert len(lines) > 10
    # White on black: dark modules are dark on terminals of any colour.
    assert all(line.startswith("\x1b[97;40m") and line.endswith("\x1b[0m") for line in lines)


@pytest.mark.parametrize("classroom", [False, True])
def test_a_container_says_what_it_was_told_and_guesses_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], everywhere: socket.socket, classroom: bool
) -> None:
    port = address(everywhere)[1]
    inside = Settings(data=tmp_path, host="0.0.0.0", container=True)
    announce(inside, everywhere, classroom=classroom)
    said = capsys.readouterr().out
    assert set(re.findall(r"http://\S+", said)) == {f"http://127.0.0.1:{port}"}
    assert "DEPTHSCOPE_PUBLIC_ADDRESS" in said
    public = "http://laptop.school.example:9000"
    told = inside.model_copy(update={"public_address": public})
    announce(told, everywhere, classroom=classroom)
    said = capsys.readouterr().out
    assert set(re.findall(r"http://\S+", said)) == {f"http://127.0.0.1:{port}", public}


@pytest.mark.parametrize("given", ["", None])
def test_no_public_address_is_none(given: str | None) -> None:
    assert Settings(public_address=given).public_address is None


def test_a_class_that_can_not_reach_it_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with listen("127.0.0.1", 0) as listener:
        announce(Settings(data=tmp_path), listener, classroom=True)
    assert "bind to 0.0.0.0" in capsys.readouterr().out


def test_who_listens_can_be_reached_at_once() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(address(listener)):
        pass


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_another_machines_address_can_not_be_had(host: str) -> None:
    with pytest.raises(CantListen, match=host):
        listen(host, 0)


def test_the_public_address_may_lie_below_a_path() -> None:
    settings = Settings(public_address="https://School.example/class/")
    assert settings.public_address == "https://school.example/class"
    assert settings.pages == {"https://school.example"}

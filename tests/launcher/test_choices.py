"""What the launcher chooses: ports, programs, a folder, and what it prints."""

import contextlib
import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from partner_center.launcher import assets, banner, binaries, folder, identity, ports, postgres, processes, serve
from partner_center.launcher.errors import CannotStart


def fake_programs(where: Path, version: str) -> Path:
    where.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (where / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (where / name).chmod(0o755)
    return where


def test_a_preferred_port_is_taken_only_if_it_is_free() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not ports.is_free(port)
        assert ports.free(port) != port
    assert ports.free(port) == port


def test_a_port_asked_for_is_an_error_when_taken_but_a_kept_one_is_only_a_wish() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotStart, match=f"Port {port} is in use"):
            ports.for_web(port, 0, "127.0.0.1")
        assert ports.for_web(None, port, "127.0.0.1") not in (0, port)


def test_the_wheel_comes_before_the_machine_and_the_newest_of_the_machine_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = fake_programs(tmp_path / "wheel", "16.1")
    old, new, ancient = (fake_programs(tmp_path / version, version) for version in ("15.4", "18.0", "14.9"))
    monkeypatch.setattr(binaries, "on_machine", lambda: iter([old, ancient, new]))
    monkeypatch.setattr(binaries, "wheel", lambda: wheel)
    assert [found.major for found in binaries.candidates()] == [16, 18, 15]
    monkeypatch.setattr(binaries, "wheel", lambda: None)
    assert binaries.choose().folder == new


def test_programs_on_the_path_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = fake_programs(tmp_path / "bin", "17.2")
    monkeypatch.setenv("PATH", f"{where}:{os.environ['PATH']}")
    assert where.resolve() in list(binaries.on_machine())


def test_data_of_another_version_takes_the_programs_that_made_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "wheel", lambda: fake_programs(tmp_path / "wheel", "18.0"))
    made_by = fake_programs(tmp_path / "old", "15.0")
    monkeypatch.setattr(binaries, "on_machine", lambda: iter([made_by]))
    assert binaries.choose(15).folder == made_by


def test_without_any_postgresql_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "candidates", lambda: iter(()))
    with pytest.raises(CannotStart, match="apt-get install postgresql"):
        binaries.choose()
    with pytest.raises(CannotStart, match="made by PostgreSQL 15"):
        binaries.choose(15)


def test_the_pid_file_of_a_process_that_is_gone_is_removed(tmp_path: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    (tmp_path / "postmaster.pid").write_text(f"{gone.pid}\n{tmp_path}\n")
    assert postgres.clear_stale(tmp_path)
    assert not (tmp_path / "postmaster.pid").exists()
    assert not postgres.clear_stale(tmp_path)


def test_the_pid_file_of_a_zombie_is_removed(tmp_path: Path) -> None:
    zombie = subprocess.Popen(["true", str(tmp_path)])
    os.waitid(os.P_PID, zombie.pid, os.WEXITED | os.WNOWAIT)
    (tmp_path / "postmaster.pid").write_text(f"{zombie.pid}\n")
    assert processes.command_of(zombie.pid) is None
    assert postgres.clear_stale(tmp_path)
    zombie.wait()


def test_the_pid_file_of_a_number_another_program_got_is_removed_and_the_program_left_alone(tmp_path: Path) -> None:
    (tmp_path / "postmaster.pid").write_text(f"{os.getpid()}\n")
    assert postgres.clear_stale(tmp_path)


def test_a_pid_file_cut_short_is_removed(tmp_path: Path) -> None:
    (tmp_path / "postmaster.pid").write_text("")
    assert not postgres.clear_stale(tmp_path)
    assert not (tmp_path / "postmaster.pid").exists()


def test_nobody_gets_a_folder_it_can_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "SHELTER", tmp_path / "shelter")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    assert identity.place(closed / "postgres", identity.Identity()) == closed / "postgres"
    elsewhere = identity.place(closed / "postgres", identity.Identity(uid=identity.NOBODY))
    assert elsewhere.is_relative_to(tmp_path / "shelter")


def test_one_folder_serves_one_launcher_at_a_time(tmp_path: Path) -> None:
    with contextlib.ExitStack() as first:
        folder.claim(tmp_path / "var", fresh=False, stack=first)
        with pytest.raises(CannotStart, match="already running"), contextlib.ExitStack() as second:
            folder.claim(tmp_path / "var", fresh=False, stack=second)
    with contextlib.ExitStack() as again:
        folder.claim(tmp_path / "var", fresh=False, stack=again)


def test_fresh_empties_what_the_launcher_made_and_nothing_else(tmp_path: Path) -> None:
    ours = tmp_path / "var"
    with contextlib.ExitStack() as stack:
        folder.claim(ours, fresh=True, stack=stack)
    (ours / "environment").write_text("A=1\n")
    with contextlib.ExitStack() as stack:
        folder.claim(ours, fresh=True, stack=stack)
    assert not (ours / "environment").exists()
    theirs = tmp_path / "home"
    theirs.mkdir()
    (theirs / "letter").write_text("dear")
    with pytest.raises(CannotStart, match="not made by"), contextlib.ExitStack() as stack:
        folder.claim(theirs, fresh=True, stack=stack)
    assert (theirs / "letter").exists()


def test_an_icon_becomes_a_symbol_and_a_name_that_does_not_exist_is_an_error(tmp_path: Path) -> None:
    source = tmp_path / "icons.json"
    source.write_text(json.dumps({"icons": {"dot": {"body": '<path stroke="currentColor" d="M1 1"/>'}}}))
    symbol = '<symbol id="dot" viewBox="0 0 24 24"><path stroke="currentColor" d="M1 1"/></symbol>'
    assert assets.sprite(["dot", "dot"], source).count(symbol) == 1
    with pytest.raises(CannotStart, match="no-such-icon"):
        assets.sprite(["dot", "no-such-icon"], source)


def test_pages_do_not_wait_for_the_fonts_of_papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp, modules = tmp_path / ".stamp", tmp_path / "modules"
    stamp.write_text(assets.fingerprint())
    for name, value in {"STAMP": stamp, "FONTS": tmp_path / "fonts", "MODULES": modules}.items():
        monkeypatch.setattr(assets, name, value)
    assert assets.begin(tmp_path, fonts=False) is None
    assert assets.collected() and not assets.fonts_collected()
    for source in assets.FACES.values():
        (modules / source).parent.mkdir(parents=True)
        (modules / source).write_bytes(b"face")
    assets.finish(assets.begin(tmp_path, fonts=True), tmp_path, fonts=True)
    assert assets.fonts_collected()
    assert {each.name for each in (tmp_path / "fonts").iterdir()} == set(assets.FACES)


def test_the_sign_ins_are_printed_as_a_table_and_anything_else_is_not() -> None:
    accounts = {"伙伴经理": {"login": "vera", "password": "one"}, "R": {"login": "rhea", "password": "two", "more": {}}}
    _, head, vera, rhea = banner.sign_ins(json.dumps({"address": "http://127.0.0.1:8000", "accounts": accounts}))
    assert head.split() == ["role", "sign", "in", "as", "password"]
    assert vera == "伙伴经理   vera         one"
    assert rhea == "R          rhea         two"
    assert banner.sign_ins("") == banner.sign_ins("[]") == banner.sign_ins("{}") == []


def test_a_log_can_be_read_by_its_owner_only(tmp_path: Path) -> None:
    with processes.open_log(tmp_path / "web.log") as log:
        log.write(b"line\n")
    assert stat.S_IMODE((tmp_path / "web.log").stat().st_mode) == 0o600


def test_a_service_that_ended_starts_again_after_a_pause(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 100.0
    monkeypatch.setattr(serve.time, "monotonic", lambda: now)
    service = serve.Service("worker", [sys.executable, "-c", "raise SystemExit(3)"], dict(os.environ), tmp_path)
    service.start()
    assert service.process is not None
    service.process.wait()
    service.watch()
    assert "worker ended (exit code 3) and starts again in 1 s" in capsys.readouterr().out
    service.watch()
    assert service.process is None
    now += 1.0
    service.watch()
    assert service.process is not None
    serve.stop([service])


def test_a_task_tells_what_it_printed_and_its_log_the_rest(tmp_path: Path) -> None:
    told = serve.Task(["--help"], dict(os.environ), tmp_path / "help.log")
    assert "prepare" in told.result()
    failing = serve.Task(["no-such-command"], dict(os.environ), tmp_path / "task.log")
    with pytest.raises(CannotStart, match=r"no-such-command failed.*task\.log"):
        failing.result()
    assert "no such command" in (tmp_path / "task.log").read_text()

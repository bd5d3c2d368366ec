"""The environment file and the secrets in it."""

import os
import stat
from base64 import b64decode, urlsafe_b64decode
from pathlib import Path

import pytest

from partner_center.launcher import environment, secrets


def test_what_was_written_is_read_back_and_only_the_owner_can_read_it(tmp_path: Path) -> None:
    values = {"A": "1", "URL": "postgresql://a:b=c@host/name?x=y", "EMPTY": ""}
    environment.write(tmp_path, values)
    assert environment.read(tmp_path) == values
    assert stat.S_IMODE((tmp_path / "environment").stat().st_mode) == 0o600


def test_a_second_write_replaces_the_file_and_keeps_its_mode(tmp_path: Path) -> None:
    environment.write(tmp_path, {"A": "1"})
    environment.write(tmp_path, {"B": "2"})
    assert environment.read(tmp_path) == {"B": "2"}
    assert stat.S_IMODE((tmp_path / "environment").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["environment"]


def test_a_value_of_two_lines_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="A"):
        environment.write(tmp_path, {"A": "1\nB=2"})


def test_loading_does_not_change_what_is_already_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"A": "mine"})
    environment.write(tmp_path, {"A": "theirs", "B": "theirs"})
    environment.load(tmp_path)
    assert os.environ == {"A": "mine", "B": "theirs", "PARTNER_CENTER_DATA": str(tmp_path)}


def test_the_data_folder_is_as_given_then_as_the_environment_says_then_var(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNER_CENTER_DATA", "/srv/there")
    assert environment.data_dir("/srv/here") == Path("/srv/here")
    assert environment.data_dir() == Path("/srv/there")
    monkeypatch.delenv("PARTNER_CENTER_DATA")
    assert environment.data_dir() == environment.ROOT / "var"


def test_secrets_are_made_once_and_kept() -> None:
    first = secrets.complete({"PARTNER_CENTER_SECRET_KEY": "kept"})
    assert first["PARTNER_CENTER_SECRET_KEY"] == "kept"
    assert secrets.complete(first) == first
    assert len(urlsafe_b64decode(first["PARTNER_CENTER_FIELD_KEY"])) == 32
    assert len(b64decode(first["PARTNER_CENTER_SEAL_KEY"])) == 32


def test_the_passwords_of_the_roles_stay_the_same_from_start_to_start(tmp_path: Path) -> None:
    first = secrets.passwords(tmp_path)
    assert len(set(first.values())) == 3
    assert secrets.passwords(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "passwords").stat().st_mode) == 0o600

"""`bo users export`."""

import csv
import json
import stat
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import Bo


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_everybody_is_written_by_name(filled: Bo, tmp_path: Path) -> None:
    file = tmp_path / "users.csv"
    ran = filled("users", "export", str(file), "--columns", "user_name,id,status")
    listed = filled("users", "list", "--limit", "1000", "--json").json

    assert (ran.code, ran.out) == (0, "")
    assert f"{len(listed)} users written" in ran.err
    assert [row["ID"] for row in rows(file)] == [str(user["id"]) for user in listed]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.glob(".*")) == []


def test_conditions_order_and_format(filled: Bo, tmp_path: Path) -> None:
    file = tmp_path / "left.jsonl"
    ran = filled("users", "export", str(file), "--where", "status=disabled", "--sort", "-id", "--columns", "id,role,email", "--json")
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    listed = {user["id"]: user for user in filled("users", "list", "--where", "status=disabled", "--limit", "1000", "--json").json}

    assert ran.json == {"file": str(file), "format": "jsonl", "columns": ["id", "role", "email"], "users": len(lines)}
    assert [line["id"] for line in lines] == sorted(listed, reverse=True)
    assert all(line["email"] == listed[line["id"]]["email"] for line in lines)
    assert all(line["role"] == sorted(listed[line["id"]]["roles"]) for line in lines)


def test_standard_output_gets_the_file_and_nothing_else(filled: Bo) -> None:
    ran = filled("users", "export", "-", "--format", "jsonl", "--columns", "id")

    assert ran.err == ""
    assert len([json.loads(line) for line in ran.out.splitlines()]) == len(filled("users", "list", "--limit", "1000", "--json").json)


def test_a_single_column_has_a_line_for_everybody(filled: Bo) -> None:
    lines = filled("users", "export", "-", "--columns", "phone").out.splitlines()

    assert '""' in lines
    assert len(lines) == len(filled("users", "list", "--limit", "1000", "--json").json) + 1


def test_a_workbook_is_known_by_its_ending(filled: Bo, tmp_path: Path) -> None:
    assert filled("users", "export", str(tmp_path / "all.xlsx")).code == 0
    assert zipfile.is_zipfile(tmp_path / "all.xlsx")


def test_a_file_that_is_there_stays_unless_it_is_to_be_replaced(filled: Bo, tmp_path: Path) -> None:
    file = tmp_path / "users.csv"
    file.write_text("precious")
    again = filled("users", "export", str(file))

    assert (again.code, file.read_text()) == (2, "precious")
    assert "--force" in again.err
    assert filled("users", "export", str(file), "--force").code == 0
    assert file.read_text() != "precious"


WRONG = [
    (["--format", "pdf"], 1, "Choose one of csv, xlsx, jsonl."),
    (["--columns", "name,shoe_size"], 1, "shoe_size is no column."),
    (["--columns", ",".join(["name"] * 20)], 1, "20 columns are asked for"),
    (["--sort", "shoe_size"], 2, "is none of"),
    (["--where", "shoe=1"], 2, "is none of"),
]


@pytest.mark.parametrize(("options", "code", "said"), WRONG)
def test_what_cannot_be_written_is_told(filled: Bo, tmp_path: Path, options: list[str], code: int, said: str) -> None:
    ran = filled("users", "export", str(tmp_path / "users.csv"), *options)

    assert (ran.code, list(tmp_path.glob("*.csv"))) == (code, [])
    assert said in ran.err


def test_what_was_written_is_on_the_audit_log(filled: Bo, tmp_path: Path) -> None:
    filled("users", "export", str(tmp_path / "users.csv"), "--where", "status=active,unit=2", "--columns", "user_name")

    [event] = [event for event in filled("audit", "tail", "--json").json if event["event"] == "users.exported"]
    assert event["after"] == {"users": len(rows(tmp_path / "users.csv")), "format": "csv", "columns": "user_name", "filters": "status=active, unit=2"}


def test_a_folder_that_is_not_there_is_told(filled: Bo, tmp_path: Path) -> None:
    ran = filled("users", "export", str(tmp_path / "nowhere" / "users.csv"))

    assert ran.code == 1
    assert "No such file" in ran.err

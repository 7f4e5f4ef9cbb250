"""The commands as a new user meets them, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import jsonschema
import pytest

from fcim_audit.schemas import schema
from tests.cli.command import REAL, SAMPLES, TICKETS, bundle, result, run, run_afresh


def test_the_version_needs_no_heavy_library() -> None:
    done = run("--version", PYTHONPROFILEIMPORTTIME="1")
    assert done.stdout.startswith("fcim-audit 0.")
    assert "duckdb" not in done.stderr
    assert "pandas" not in done.stderr
    assert "typer" not in done.stderr


def test_demo_writes_every_report(tmp_path: Path) -> None:
    done = run("demo", "--out", tmp_path / "here")
    assert done.returncode == 0
    assert "Nonconformities" in done.stdout
    assert sorted(f.name for f in (tmp_path / "here").iterdir()) == [
        "fcim-demo.docx", "fcim-demo.html", "fcim-demo.json", "fcim-demo.xlsx",
    ]  # fmt: skip


def test_demo_speaks_chinese() -> None:
    done = run("--lang", "zh", "evaluate", SAMPLES / "property", "-q")
    assert "严重不符合" in done.stdout
    assert "没有看的" in done.stdout


@pytest.mark.parametrize("sample", ["property", "eldercare"])
def test_the_result_fits_the_published_schema(sample: str) -> None:
    published = json.loads(run("checklist", "schema", "result").stdout)
    jsonschema.validate(result(SAMPLES / sample), published)


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("servicenow", "servicenow"),
        ("ambient_sensor", "sensors"),
        ("machine_sensor", "sensors"),
        ("openssh", "openssh"),
    ],
)
def test_results_on_real_data_fit_the_schema(name: str, data: str, real_data: Path) -> None:
    jsonschema.validate(result(REAL / name, "--evidence", real_data / data), schema("result"))


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    formats = ("json", "html", "docx", "xlsx")
    for name, cache in (("one", "--cache"), ("two", "--no-cache")):
        (tmp_path / name).mkdir()
        outputs = [f"{format_}:{tmp_path / name / f'r.{format_}'}" for format_ in formats]
        asked = [argument for output in outputs for argument in ("--format", output)]
        run_afresh("evaluate", SAMPLES / "property", "-q", cache, *asked)
    one = [(tmp_path / "one" / f"r.{f}").read_bytes() for f in formats]
    two = [(tmp_path / "two" / f"r.{f}").read_bytes() for f in formats]
    assert one == two


def test_json_on_standard_output_is_alone_there() -> None:
    done = run("evaluate", SAMPLES / "property", "--format", "json")
    assert json.loads(done.stdout)["schema"] == "fcim-audit/result/1"


def test_the_cut_off_can_be_moved() -> None:
    document = result(SAMPLES / "eldercare", "--as-of", "2027-01-15", "--only", "6.1.1-a")
    assert document["as_of"] == "2027-01-15"
    assert [r["status"] for r in document["requirements"] if r["id"] == "6.1.1-a"] == ["minor"]


def test_what_is_out_of_scope_is_there_and_not_verified() -> None:
    document = result(SAMPLES / "eldercare", "--only", "6.3")
    assert len(document["requirements"]) == 167
    (policy,) = [r for r in document["requirements"] if r["id"] == "5.2.1-a"]
    assert (policy["status"], policy["why"][0]["rule"]) == ("not_verified", "scope")


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        pytest.param("work_orders", "did you mean service_orders", id="like-a-dataset"),
        pytest.param("工单", "did you mean feedback_tickets", id="a-title"),
        pytest.param("metrics", "did you mean metric\n", id="like-a-kind"),
        pytest.param("6.3", "did you mean 6.3-a", id="a-clause"),
        pytest.param("zzzz", "name a requirement", id="nothing"),
    ],
)
def test_explain_says_what_was_probably_meant(asked: str, meant: str) -> None:
    done = run("explain", asked)
    assert (done.returncode, meant in done.stderr) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("explain", "6.3-d"), "within 2 hours", id="requirement"),
        pytest.param(("explain", "cadence"), "Passes: reviews in January", id="kind"),
        pytest.param(("explain", "feedback_tickets"), "首次响应时间", id="dataset"),
        pytest.param(("--lang", "zh", "explain", "6.3-d"), "逐件计算", id="requirement-in-chinese"),
        pytest.param(("checklist", "lint"), "no mistake: 167 requirements", id="lint"),
        pytest.param(("checklist", "show", "--only", "6.3"), "6.3-h", id="show"),
        pytest.param(("--lang=zh", "checklist", "show"), "8.5.4-c", id="show-in-chinese"),
        pytest.param(("inspect", SAMPLES / "property"), "heading row 3", id="inspect"),
        pytest.param(("--help",), "Exit codes", id="help"),
        pytest.param(("evaluate", "--help", "--lang", "zh"), "证据包", id="help-in-chinese"),
    ],
)  # fmt: skip
def test_a_command_says_what_is_asked(arguments: tuple[str | Path, ...], said: str) -> None:
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    assert said in done.stdout


@pytest.mark.parametrize(
    "name", ["checklist", "requirements", "dataset", "bundle", "profile", "result"]
)
def test_every_schema_is_a_schema(name: str) -> None:
    read = json.loads(run("checklist", "schema", name).stdout)
    jsonschema.Draft202012Validator.check_schema(read)
    assert read["properties"]


def test_the_sql_that_explain_prints_runs_in_a_plain_shell_and_gives_the_same_number() -> None:
    sql = run("explain", "6.4-a", "--sql").stdout
    start = sql.index("SELECT")
    summary = sql[start : sql.index(";", start)]
    shell = duckdb.connect()
    shell.execute("""CREATE TABLE change_requests AS SELECT * FROM (VALUES
        ('C1', 'report', TIMESTAMP '2025-02-01', 1, ''), ('C2', NULL, TIMESTAMP '2025-02-01', 2, ''))
        AS t(change_id, data_ref, raised_at, _place, _bad)""")
    assert shell.execute(summary).fetchall() == [(1, 1, 0, 0, 0, 0)]


def test_inspect_tells_machines_too() -> None:
    done = run("inspect", SAMPLES / "property", "--format", "json", "--rows", "2")
    document = json.loads(done.stdout)
    (tickets,) = [f for f in document["files"] if f["file"] == "客服/工单导出.xlsx"]
    (sheet,) = tickets["sheets"]
    assert document["schema"] == "fcim-audit/inspection/1"
    assert (sheet["header_rows"], sheet["row_count"], len(sheet["rows"])) == ([3], 120, 2)
    assert sheet["rows"][0]["row"] == 4
    assert sheet["rows"][0]["cells"]["工单编号"] == "GD202500001"
    assert sheet["left_out"] == [{"row": 1, "why": "title"}, {"row": 2, "why": "title"}]


def test_inspect_of_an_unreadable_file_is_unusable_input(tmp_path: Path) -> None:
    done = run("inspect", bundle(tmp_path / "b", tickets_csv=b""))
    assert done.returncode == 3
    assert "can't be read" in done.stdout


def test_a_closed_cache_is_no_obstacle(tmp_path: Path) -> None:
    here = bundle(tmp_path / "b", tickets_csv=TICKETS)
    done = run("evaluate", here, "--only", "6.3-e", "-q", FCIM_CACHE="/proc/nowhere")
    assert done.returncode == 0, done.stderr


def test_a_console_without_chinese_does_not_crash() -> None:
    done = run("--lang", "en", "evaluate", SAMPLES / "property", "-q", PYTHONIOENCODING="ascii")
    assert done.returncode == 1, done.stderr

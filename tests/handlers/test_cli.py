# ruff: noqa: E501  # sentences of a page and exact words of answers stand on one line

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from inline_snapshot import snapshot
from typer.testing import CliRunner

from handlers import cli, cli_texts
from handlers.settings import EnvironmentSettings

HEARSAY = Path(sys.executable).with_name("hearsay")
PARAGRAPHS = (
    "The following account is unconfirmed, but the town has asked about it for years.",
    "The old bridge will close in May, the Quay Street blog reported on Monday citing people close to the talks.",
    "However, the Harbour Workers’ Union said that the talks are still going on and that nothing is settled.",
    "Maria Lindqvist, the town’s chief engineer, said on Tuesday that the bridge could stand for ten more years.",
    "The ferry company, which has run boats across the harbour since the last war, did not want to comment.",
    "Traders on both banks have put up posters in their windows and wait for the council to meet on Friday.",
)
PAGE = (
    '<html lang="en"><head><title>Old bridge to close</title></head><body><article><h1>Old bridge to close</h1>'
    + "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    + "</article></body></html>"
)
PLAIN = "Bridge reopens\n\nThe old bridge reopened on Monday, Maria Lindqvist said."


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "plain.txt").write_text(PLAIN, encoding="utf-8")
    return tmp_path


def hearsay(*words: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Ended:
    done = subprocess.run(
        [HEARSAY, *words],
        input=stdin,
        capture_output=True,
        timeout=120,
        env={**os.environ, **(env or {})},
        check=False,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.usefixtures("here")
def test_a_saved_page_is_answered_with_its_card_in_plain_text() -> None:
    found = hearsay("check", "page.html")
    lines = found.out.splitlines()
    barred = [line.removeprefix("│ ") for line in lines if line.startswith("│ ")]
    assert lines[:2] == ["Old bridge to close", ""]
    assert lines[-1].endswith(
        "lines with a bar are quoted · read from this page only; nothing was checked elsewhere"
    )
    assert barred
    assert set(barred) <= set(PARAGRAPHS)
    assert (found.code, found.err) == (0, "")


@pytest.mark.usefixtures("here")
def test_the_length_of_the_answer_can_be_chosen() -> None:
    brief, full = (hearsay("check", "page.html", "--style", style).out for style in ("brief", "full"))
    assert [bool(line) for line in brief.splitlines()] == [True, False, True]
    assert "• Maria Lindqvist (person" in full


@pytest.mark.usefixtures("here")
def test_the_rules_behind_an_answer_follow_it_when_asked_for() -> None:
    card, with_rules = hearsay("check", "page.html").out, hearsay("check", "page.html", "--why")
    assert with_rules.out.startswith(card + "\nWhy ")
    assert "• “citing people close to the talks” ← citing\n" in with_rules.out
    assert with_rules.code == 0


@pytest.mark.usefixtures("here")
def test_json_carries_the_rules_anyway() -> None:
    assert hearsay("check", "page.html", "--json", "--why") == hearsay("check", "page.html", "--json")


def test_a_sentence_is_explained_from_the_line_or_from_standard_input() -> None:
    text = "Maria Lindqvist said that the bridge could stand."
    given, piped = hearsay("explain", text), hearsay("explain", "-", stdin=text.encode())
    assert given == piped
    assert given.out.startswith(
        "Read as English.\n\n1. Maria Lindqvist said that the bridge could stand. (body)\n"
    )
    assert "     why        speaker before: say\n" in given.out
    assert (given.code, given.err) == (0, "")


def test_a_text_that_cannot_be_explained_is_one_sentence() -> None:
    assert hearsay("explain", "-") == hearsay("explain", " ")
    assert hearsay("explain", "-") == Ended(
        2, "", "There is no text to explain: give a sentence, or - to read standard input.\n"
    )
    assert hearsay("explain", "It fell. " * 1000) == Ended(
        2,
        "",
        "This text has 9,000 characters, and I explain at most 5,000 at once: give me only the sentences in question.\n",
    )
    assert hearsay("explain", "-", stdin=b"\xff\xfa").code == 3


@pytest.mark.usefixtures("here")
def test_nothing_found_has_its_own_exit_code() -> None:
    found = hearsay("check", "plain.txt")
    assert "No words of doubt and no unnamed sources" in found.out
    assert found.code == 1


@pytest.mark.usefixtures("here")
def test_standard_input_is_a_target() -> None:
    assert hearsay("check", "-", stdin=PAGE.encode()).out == hearsay("check", "page.html").out


@pytest.mark.usefixtures("here")
def test_the_json_of_a_page_is_proved_by_verify(here: Path) -> None:
    report = hearsay("check", "page.html", "--json", "--url", "https://harbour-post.example/x").out
    assert json.loads(report)["article"]["url"] == "https://harbour-post.example/x"
    (here / "report.json").write_text(report)
    assert hearsay("verify", "report.json").code == 0
    again = hearsay("verify", "report.json", "--page", "page.html")
    assert again.out.endswith("The page, read again, gives the same text.\n")


@pytest.mark.usefixtures("here")
def test_a_page_without_an_address_has_none_in_its_json() -> None:
    assert json.loads(hearsay("check", "page.html", "--json").out)["article"]["url"] is None


def test_every_bad_input_is_one_clear_sentence(here: Path) -> None:
    (here / "binary").write_bytes(b"\x7fELF\0\0\0")
    (here / "empty.html").write_bytes(b" \n")
    (here / "file.pdf").write_bytes(b"%PDF-1.7\n")
    (here / "latin.txt").write_bytes("Ein Satz über Brücken.".encode("latin-1"))
    (here / "short.html").write_text("<html><body><p>Three little words.</p></body></html>")
    targets = (
        "no.html",
        "binary",
        "empty.html",
        "file.pdf",
        "latin.txt",
        "short.html",
        ".",
        "x" * 5000,
        "ftp://harbour-post.example/",
        "http://127.0.0.1/",
        "https://",
        "http://a@b.example/",
    )
    ended = [hearsay("check", target) for target in targets]
    assert [found.err.replace("x" * 5000, "xxx") for found in ended] == snapshot(
        [
            "I cannot find or open the file no.html.\n",
            "binary is neither a text nor a web page, so nothing was checked.\n",
            "I found no article text on this page, so nothing was checked.\n",
            "This is a document, not an article.\n",
            "latin.txt is neither a text nor a web page, so nothing was checked.\n",
            "I found only 3 words of article text here; that is too little to check.\n",
            "I cannot find or open the file ..\n",
            "I cannot find or open the file xxx.\n",
            "I read only http and https links, so nothing was checked.\n",
            "This link does not lead to a public web server, so nothing was checked.\n",
            "This is not a web address, so nothing was checked.\n",
            "I do not follow links with a name, a password or a backslash before the site's name, so nothing was checked.\n",
        ]
    )
    assert {(found.code, found.out) for found in ended} == {(3, "")}


@pytest.mark.usefixtures("here")
def test_a_failure_as_json_has_its_kind_and_the_exit_code() -> None:
    found = hearsay("check", "no.html", "--json")
    assert json.loads(found.out)["error"] == {
        "kind": "no_such_file",
        "message": "I cannot find or open the file no.html.",
    }
    assert found.code == 3


def test_a_page_of_five_megabytes_is_read_as_far_as_from_the_web(here: Path) -> None:
    filler = f"<p>{PARAGRAPHS[5]}</p>" * 50_000
    (here / "large.html").write_text(PAGE.replace("</article>", filler + "</article>"), encoding="utf-8")
    assert (here / "large.html").stat().st_size > 5_000_000
    found = hearsay("check", "large.html")
    assert found.code in (0, 3)
    said = found.out if found.code == 0 else found.err
    assert "cut at 2 MiB" in said or "took too much time or memory" in said
    assert "Traceback" not in found.err


@pytest.mark.usefixtures("here")
def test_a_page_is_fetched_and_a_developers_switch_is_said_loudly() -> None:
    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = PAGE.encode()
            self.send_response(200 if self.path == "/page" else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Site) as site:
        Thread(target=site.serve_forever, daemon=True).start()
        url, switch = f"http://127.0.0.1:{site.server_port}", {"HEARSAY_ALLOW_LOOPBACK": "1"}
        page = hearsay("check", f"{url}/page", "--json", env=switch)
        lost = hearsay("check", f"{url}/none", env=switch)
        site.shutdown()
    assert json.loads(page.out)["article"]["url"] == f"{url}/page"
    assert page.err.startswith("WARNING: links to this machine are allowed")
    assert lost.err.splitlines()[1] == "I could not read this page (HTTP 404), so nothing was checked."
    assert (page.code, lost.code) == (0, 3)


@pytest.mark.usefixtures("here")
def test_bad_usage_has_exit_code_2() -> None:
    assert hearsay("check").code == 2
    assert hearsay("check", "page.html", "--style", "loud").code == 2
    assert hearsay("gossip").code == 2


def test_a_reader_that_goes_away_is_no_error(here: Path) -> None:
    rows = "".join(json.dumps({"id": str(n), "text": PLAIN}) + "\n" for n in range(200))
    (here / "in.jsonl").write_text(rows)
    done = subprocess.run(
        f"{HEARSAY} batch < in.jsonl | head -n 1", shell=True, capture_output=True, timeout=120, check=True
    )
    assert json.loads(done.stdout)["id"] == "0"
    assert done.stderr == b""


def shell(line: str) -> Ended:
    done = subprocess.run(line, shell=True, capture_output=True, timeout=120, check=False)
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.usefixtures("here")
def test_an_answer_that_nobody_reads_any_more_is_no_error() -> None:
    found = shell(f"bash -c '{HEARSAY} check page.html --style full | true; exit ${{PIPESTATUS[0]}}'")
    assert (found.code, found.err) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_sentence_and_has_its_own_code(here: Path) -> None:
    (here / "in.jsonl").write_text(json.dumps({"text": PLAIN}) + "\n")
    commands = (
        "check page.html",
        "check page.html --json",
        "explain x",
        "batch < in.jsonl",
        "--version",
        "--help",
    )
    assert [shell(f"{HEARSAY} {command} > /dev/full") for command in commands] == [
        Ended(74, "", "The answer could not be written: No space left on device.\n")
    ] * len(commands)


@pytest.mark.usefixtures("here")
def test_closed_streams_are_one_sentence_at_most() -> None:
    assert shell(f"{HEARSAY} check page.html >&-") == Ended(
        74, "", "Standard output is closed, so there is nowhere to put an answer.\n"
    )
    assert shell(f"{HEARSAY} check page.html 2>&-").code == 0
    assert shell(f"{HEARSAY} check - <&-") == Ended(
        3, "", "I found no article text on this page, so nothing was checked.\n"
    )
    assert shell(f"{HEARSAY} batch <&-") == Ended(0, "", "")


@pytest.mark.usefixtures("here")
def test_an_address_without_its_scheme_is_told_what_is_missing() -> None:
    assert hearsay("check", "harbour-post.example/news").err == (
        "I cannot find or open the file harbour-post.example/news."
        " If it is a web address, add https:// before it.\n"
    )


def test_a_bug_is_one_sentence_and_the_log_has_the_rest(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("handlers.check_command.check_target", broken)
    found = CliRunner().invoke(cli.app, ["check", "page.html"])
    assert found.exit_code == 70
    log = here / "data" / "hearsay" / "hearsay.log"
    assert found.stderr == f"Something went wrong in Hearsay itself; the details are in {log}.\n"


@pytest.mark.usefixtures("here")
def test_verify_says_what_does_not_hold(here: Path) -> None:
    report = json.loads(hearsay("check", "page.html", "--json").out)
    report["claim"]["statement"]["text"] = "surely"
    (here / "report.json").write_text(json.dumps(report))
    found = hearsay("verify", "report.json")
    assert found.code == 1
    assert "claim.statement: the article's words" in found.out
    assert hearsay("verify", "none.json").code == 3


@pytest.mark.usefixtures("here")
def test_bad_settings_and_a_bad_database_are_one_sentence(here: Path) -> None:
    (here / "file").write_text("")
    settings = hearsay(
        "run", env={"HEARSAY_RETENTION_DAYS": "soon", "HEARSAY_TELEGRAM_TOKEN": "secret-token"}
    )
    assert (settings.code, settings.err) == snapshot(
        (
            2,
            "These settings cannot be used: HEARSAY_RETENTION_DAYS: Input should be a valid integer, unable to parse string as an integer.\n",
        )
    )
    database = hearsay("run", env={"HEARSAY_DATABASE": str(here / "file" / "x.sqlite3")})
    assert database.code == 2
    assert database.err.startswith(f"The database {here}/file/x.sqlite3 cannot be used: ")
    assert database.err.count("\n") == 1


@pytest.mark.usefixtures("here")
def test_a_run_without_tokens_is_the_chat_in_the_terminal() -> None:
    found = hearsay("run", stdin=b"/privacy\nhello\n")
    assert found.out.splitlines()[1].startswith("I read links, not conversations.")
    assert "I found no link in this message." in found.out
    assert (found.code, found.err) == (0, "")


def test_help_names_every_command_and_every_setting() -> None:
    runner = CliRunner(env={"COLUMNS": "120", "NO_COLOR": "1", "TERM": "dumb"})
    overview = runner.invoke(cli.app, ["--help"]).stdout
    assert all(f"{name} " in overview for name in ("check", "explain", "batch", "verify", "run"))
    assert all(f"HEARSAY_{name.upper()}" in cli_texts.RUN for name in EnvironmentSettings.model_fields)


def test_the_version_is_that_of_the_distribution() -> None:
    from importlib.metadata import version

    assert CliRunner().invoke(cli.app, ["--version"]).stdout == f"hearsay {version('hearsay-bot')}\n"

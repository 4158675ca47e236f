from __future__ import annotations

import subprocess
import sys
from pathlib import Path

STOPPED_WHILE_LOADING = """
import sys

class Stop:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Stop())
from handlers.start import main
main()
"""


def test_ctrl_c_while_the_program_is_loaded_is_one_word_and_no_trace() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STOPPED_WHILE_LOADING], capture_output=True, timeout=120, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"Stopped.\n")


def test_the_command_starts_where_little_is_loaded() -> None:
    assert "from handlers.start import main" in Path(sys.executable).with_name("hearsay").read_text()
    light = "import sys, handlers.start; print('typer' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", light], capture_output=True, timeout=120, check=True)
    assert done.stdout == b"False\n"


def test_nothing_is_imported_from_the_folder_in_which_somebody_stands(tmp_path: Path) -> None:
    for name in ("anyio", "asyncio", "pickle"):
        (tmp_path / f"{name}.py").write_text("open('imported', 'w').close()")
    (tmp_path / "page.html").write_text(Path("docs/example.html").read_text())
    command = Path(sys.executable).with_name("hearsay")
    done = subprocess.run(
        [command, "check", "page.html"], cwd=tmp_path, capture_output=True, timeout=120, check=False
    )
    assert not (tmp_path / "imported").exists()
    assert done.returncode == 0, done.stderr

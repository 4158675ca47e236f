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

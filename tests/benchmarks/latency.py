"""CPU time inside a kernel: loading, the first scan, a typical cell; and of the whole command.

    python tests/benchmarks/latency.py

Each figure is the median of several fresh kernels or processes; nothing is asserted.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

CELL = """import pandas as pd\\n\\ndf = pd.read_csv('churn.csv')\\nmodel = fit(df[['age', 'plan']], df.churn)
scores = [model.score(part) for part in split(df, 5)]\\nprint(f'mean {sum(scores) / 5:.3f}')"""
LOAD = """import time
start = time.process_time()
get_ipython().run_line_magic('load_ext', 'llmsec_nb')
print(1000 * (time.process_time() - start))"""
FIRST = """from llmsec_nb.magics import _config, _loaded
magics = next(iter(_loaded.values()))[0]
start = time.process_time()
magics._scan_source(CELL, *_config(None))
print(1000 * (time.process_time() - start))"""
NEXT = """start = time.process_time()
for _ in range(100):
    magics._scan_source(CELL, *_config(None))
print(10 * (time.process_time() - start))"""


def kernel() -> list[float]:
    """Milliseconds of CPU: load, first scan, one cell."""
    sources = (f"CELL = '''{CELL}'''", LOAD, FIRST, NEXT)
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    made = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(made).execute()
    return [float(cell.outputs[0].text) for cell in made.cells[1:]]


def command() -> float:
    """Seconds of CPU of `llmsec check` on one small notebook."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELL)]), file)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "llmsec_nb", "check", "-q", file], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure and print."""
    runs = [kernel() for _ in range(5)]
    for name, figures in zip(
        ("load_ext", "first scan", "a cell"), zip(*runs, strict=True), strict=True
    ):
        print(f"{name:12} {statistics.median(figures):8.2f} ms of CPU")
    print(f"{'command':12} {1000 * statistics.median(command() for _ in range(5)):8.2f} ms of CPU")


if __name__ == "__main__":
    main()

"""Measure what each lesson costs on this computer: time, peak resident memory, size of what is stored.

Called by `python3 run.py bench [LESSON…]`. Every lesson runs unsolved in a fresh kernel. The figures, rounded, go to
sources/measured.json, from which the build fills the lessons' headers. The time there is processor time: it hardly
depends on what else the computer does, and where nothing disturbs, a lesson takes about as long, as TensorFlow runs on
one thread. Only many_series, which works on several cores, takes less. The time by the clock is printed beside it.
"""

import argparse
import json
import sys
import threading
import time

import psutil
from nbclient import NotebookClient

from tools import lessons
from tools.build import CELL_SECONDS, as_text, put


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py bench", description="Measure time and memory of the lessons.")
    parser.add_argument("lesson", nargs="*", help="number or name, such as 10 or training; without any: all")
    parser.add_argument("--scaling", action="store_true", help="instead: stations a minute against workers")
    asked = parser.parse_args(arguments)
    if asked.scaling:
        from tools import scaling  # Dask takes its time to import

        print(scaling.report())
        return 0
    try:
        chosen = [lessons.find(text) for text in asked.lesson] or lessons.names()
    except ValueError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    measured = json.loads(lessons.MEASURED.read_text(encoding="utf-8")) if lessons.MEASURED.exists() else {}
    print(f"{'lesson':<24}{'by the clock':>13}{'processor':>12}{'peak memory':>14}{'stored':>10}")
    for name in chosen:
        by_clock, seconds, peak_bytes, stored_bytes = measure(name)
        times = f"{by_clock:>11.1f} s{seconds:>10.1f} s"
        print(f"{name:<24}{times}{peak_bytes / 1e6:>11.0f} MB{stored_bytes / 1e3:>7.0f} kB", flush=True)
        measured[lessons.topic(name)] = {
            "seconds": max(5, 5 * round(seconds / 5)),
            "peak_mb": 100 * round(peak_bytes / 1e8),
            "stored_kb": 10 * round(stored_bytes / 1e4),
        }
        put(lessons.MEASURED, json.dumps(measured, indent=1, sort_keys=True) + "\n")
    print("Written to sources/measured.json. `run.py build` carries the figures into the lessons.")
    return 0


def measure(name: str) -> tuple[float, float, int, int]:
    """Run one lesson; return its time by the clock and its processor time in s, its peak memory and size in bytes.

    The clock includes starting the kernel, as a reader meets it. Processor time and resident memory are read 20 times
    a second and added up over the kernel and the processes that it starts.
    """
    book = lessons.compose(name, solved=False)
    resources = {"metadata": {"path": str(lessons.NOTEBOOKS)}}
    client = NotebookClient(book, timeout=CELL_SECONDS, resources=resources)
    done, most = threading.Event(), {"seconds": 0.0, "bytes": 0}
    watcher = threading.Thread(target=_watch, args=(done, most), daemon=True)
    start = time.perf_counter()
    watcher.start()
    try:
        client.execute()
    finally:
        by_clock = time.perf_counter() - start
        done.set()
        watcher.join()
    return by_clock, most["seconds"], most["bytes"], len(as_text(book).encode())


def _watch(done: threading.Event, most: dict) -> None:
    this = psutil.Process()
    while not done.wait(0.05):
        costs = [_cost(child) for child in this.children(recursive=True)]
        most["seconds"] = max(most["seconds"], sum(seconds for seconds, _ in costs))
        most["bytes"] = max(most["bytes"], sum(resident for _, resident in costs))


def _cost(process: psutil.Process) -> tuple[float, int]:
    """Return a process's processor time in s, that of its ended children included, and its resident memory in bytes."""
    try:
        times = process.cpu_times()
        ended = getattr(times, "children_user", 0) + getattr(times, "children_system", 0)  # not on Windows
        return times.user + times.system + ended, process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0.0, 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

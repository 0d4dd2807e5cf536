"""Measure what each lesson costs on this computer: wall time, peak resident memory, size of what is stored.

Called by `python3 run.py bench [LESSON…]`. Every lesson runs unsolved in a fresh kernel. The figures, rounded, go to
sources/measured.json, from which the build fills the lessons' headers.
"""

import argparse
import json
import sys
import threading
import time

import psutil
from nbclient import NotebookClient

from tools import lessons, scaling
from tools.build import CELL_SECONDS, as_text, put


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="run.py bench", description="Measure time and memory of the lessons.")
    parser.add_argument("lesson", nargs="*", help="number or name, such as 10 or training; without any: all")
    parser.add_argument("--scaling", action="store_true", help="instead: stations a minute against workers")
    asked = parser.parse_args(arguments)
    if asked.scaling:
        print(scaling.report())
        return 0
    try:
        chosen = [lessons.find(text) for text in asked.lesson] or lessons.names()
    except ValueError as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    measured = json.loads(lessons.MEASURED.read_text(encoding="utf-8")) if lessons.MEASURED.exists() else {}
    print(f"{'lesson':<24}{'wall time':>12}{'peak memory':>14}{'stored':>10}")
    for name in chosen:
        seconds, peak_bytes, stored_bytes = measure(name)
        print(f"{name:<24}{seconds:>10.1f} s{peak_bytes / 1e6:>11.0f} MB{stored_bytes / 1e3:>7.0f} kB", flush=True)
        measured[lessons.topic(name)] = {
            "seconds": max(5, 5 * round(seconds / 5)),
            "peak_mb": 100 * round(peak_bytes / 1e8),
            "stored_kb": 10 * round(stored_bytes / 1e4),
        }
        put(lessons.MEASURED, json.dumps(measured, indent=1, sort_keys=True) + "\n")
    print("Written to sources/measured.json. `run.py build` carries the figures into the lessons.")
    return 0


def measure(name: str) -> tuple[float, int, int]:
    """Run one lesson and return its wall time in s, its kernel's peak resident memory and its stored size in bytes.

    The time includes starting the kernel, as a reader meets it. Memory is read 20 times a second and added up over
    the kernel and the processes that it starts.
    """
    book = lessons.compose(name, solved=False)
    resources = {"metadata": {"path": str(lessons.NOTEBOOKS)}}
    client = NotebookClient(book, timeout=CELL_SECONDS, resources=resources)
    done, peak = threading.Event(), [0]
    watcher = threading.Thread(target=_watch, args=(done, peak), daemon=True)
    start = time.perf_counter()
    watcher.start()
    try:
        client.execute()
    finally:
        seconds = time.perf_counter() - start
        done.set()
        watcher.join()
    return seconds, peak[0], len(as_text(book).encode())


def _watch(done: threading.Event, peak: list[int]) -> None:
    this = psutil.Process()
    while not done.wait(0.05):
        peak[0] = max(peak[0], sum(_resident(child) for child in this.children(recursive=True)))


def _resident(process: psutil.Process) -> int:
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

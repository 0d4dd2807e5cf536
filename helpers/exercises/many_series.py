"""Exercises of the lesson many_series."""

import math

from helpers.exercises.engine import Exercise


def _runs(rng) -> list[tuple]:
    drawn = [
        (
            int(rng.integers(20, 400)),
            int(rng.integers(3, 17)),
            round(rng.uniform(3, 20), 1),
            round(rng.uniform(1, 9), 1),
        )
        for _ in range(5)
    ]
    return [(10, 4, 8.0, 2.0), (12, 3, 7.5, 1.5), *drawn]


seconds_needed = Exercise(
    right=lambda tasks, workers, fixed, each: fixed + math.ceil(tasks / workers) * each,
    draw=_runs,
    mistakes={
        "every worker starts and compiles at the same time: that part is not divided": lambda n, workers, fixed, each: (
            (fixed + n * each) / workers
        ),
        "a worker works on one whole task after another: round its number of tasks up": [
            lambda tasks, workers, fixed, each: fixed + tasks / workers * each,
            lambda tasks, workers, fixed, each: fixed + tasks // workers * each,
            lambda tasks, workers, fixed, each: fixed + round(tasks / workers) * each,
        ],
        "the workers start side by side: count the fixed part once": lambda tasks, workers, fixed, each: (
            workers * fixed + math.ceil(tasks / workers) * each
        ),
        "that is the time of a single worker": lambda tasks, workers, fixed, each: fixed + tasks * each,
        "starting and compiling takes time as well": lambda tasks, workers, fixed, each: (
            math.ceil(tasks / workers) * each
        ),
    },
    also=[lambda tasks, workers, fixed, each: fixed + -(-tasks // workers) * each],
)


WORKER_GB = 0.9


def _computers(rng) -> list[tuple]:
    drawn = [
        (int(rng.integers(4, 65)), round(WORKER_GB * rng.integers(3, 60) + 0.4, 1), int(rng.choice([1, 2, 4])))
        for _ in range(6)
    ]
    return [(8, 3.0, 1), (2, 0.5, 1), (16, 100.0, 4), (6, 30.0, 4), (3, 0.7, 4), *drawn]


workers_that_fit = Exercise(
    right=lambda cores, free_gb, threads: max(1, min(cores // threads, math.floor(free_gb / WORKER_GB))),
    draw=_computers,
    mistakes={
        "each worker needs 0.9 GB as well": lambda cores, free_gb, threads: max(1, cores // threads),
        "each worker needs its threads' cores as well": lambda cores, free_gb, threads: max(
            1, math.floor(free_gb / WORKER_GB)
        ),
        "a worker of several threads takes several cores": lambda cores, free_gb, threads: max(
            1, min(cores, math.floor(free_gb / WORKER_GB))
        ),
        "one worker there must be": lambda cores, free_gb, threads: min(
            cores // threads, math.floor(free_gb / WORKER_GB)
        ),
        "there is no part of a worker, so round: which way?": lambda cores, free_gb, threads: max(
            1, min(cores / threads, free_gb / WORKER_GB)
        ),
        "a worker for which there is no room is one too many": lambda cores, free_gb, threads: max(
            1, min(math.ceil(cores / threads), math.ceil(free_gb / WORKER_GB))
        ),
        "that is the larger of the two limits": lambda cores, free_gb, threads: max(
            1, cores // threads, math.floor(free_gb / WORKER_GB)
        ),
    },
    also=[lambda cores, free_gb, threads: float(max(min(int(free_gb // WORKER_GB), int(cores / threads)), 1))],
)


def _folders(rng) -> list[tuple]:
    cases = [(["oslo", "bern", "rome"], ["bern.json"]), (["oslo", "bern"], [".bern.json.new", "oslo.json"])]
    for count in (6, 9):
        names = [f"s{number:02}" for number in rng.permutation(count)]
        files = [f"{name}.json" for name in rng.permutation(names[: count // 2])]
        cases.append((names, [*files, f".{names[-1]}.json.new", "notes.txt"]))
    return cases


def _left(names, files, finished=lambda name, files: f"{name}.json" in files):
    return [name for name in names if not finished(name, files)]


left_to_do = Exercise(
    right=_left,
    draw=_folders,
    mistakes={
        "a file that is still being written (.NAME.json.new) is no result yet": lambda names, files: _left(
            names, files, lambda name, files: any(name in file for file in files)
        ),
        "keep the order of the stations": lambda names, files: sorted(_left(names, files)),
        "these are finished; which are not?": lambda names, files: _left(
            names, files, lambda name, files: f"{name}.json" not in files
        ),
        "that is all of them again; what is on disk need not be computed": lambda names, files: names,
    },
    also=[lambda names, files: (name for name in names if name + ".json" not in set(files))],
)

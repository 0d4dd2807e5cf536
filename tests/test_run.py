"""run.py: what it checks, when it makes .venv, and what it then starts."""

import ast
import errno
import hashlib
import importlib.util
import io
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

REPOSITORY = Path(__file__).parent.parent
SOURCE = REPOSITORY / "run.py"
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
posix_only = pytest.mark.skipif(os.name == "nt", reason="POSIX only")


def load(folder):
    """Import run.py from a folder: all its paths are then inside that folder."""
    spec = importlib.util.spec_from_file_location("run", folder / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def run(tmp_path, capsys):  # capsys first: what run.py writes to is then captured from the start
    (tmp_path / "run.py").write_bytes(SOURCE.read_bytes())
    (tmp_path / "requirements.txt").write_text("# nothing to install\n")
    module = load(tmp_path)
    module.PYTHON = sys.executable  # stands for .venv's Python
    return module


@pytest.fixture
def colab(run, tmp_path, monkeypatch):
    """Load run.py again as `run.py test --colab` sees it."""
    monkeypatch.setattr(sys, "argv", ["run.py", "test", "--colab", "-k", "04"])
    return load(tmp_path)


@pytest.fixture
def site(run, tmp_path, monkeypatch):
    """Load run.py again as `run.py site` sees it."""
    monkeypatch.setattr(sys, "argv", ["run.py", "site", "elsewhere"])
    return load(tmp_path)


@pytest.fixture
def pretend(run, monkeypatch):
    """Change what run.py, and nothing else, sees of a standard module."""

    class Seen:
        def __init__(self, module, changes):
            self.module = module
            vars(self).update(changes)

        def __getattr__(self, name):
            return getattr(self.module, name)

    def change(module, **changes):
        monkeypatch.setattr(run, module, Seen(getattr(run, module), changes))

    return change


def must_not_happen(*_):
    pytest.fail("this must not be reached")


@pytest.fixture
def supported(run, pretend, monkeypatch):
    """Pretend to be on a computer that TensorFlow supports, where nothing is really installed or started."""
    monkeypatch.setattr(run, "attempt", must_not_happen)
    pretend("sys", platform="linux", version_info=(3, 12, 0))
    pretend("platform", machine=lambda: "x86_64", libc_ver=lambda: ("glibc", "2.36"))
    pretend("os", name="posix", pathsep="|", geteuid=lambda: 1000, execve=must_not_happen)
    pretend("shutil", disk_usage=lambda path: SimpleNamespace(free=1e12))


@pytest.fixture
def finished(run):
    """Leave a .venv that is finished."""
    os.mkdir(run.VENV)
    Path(run.STAMP).write_text(run.fingerprint())


def message(capsys, *words):
    """Check that one line, and nothing but one line, was printed on stderr, with these words."""
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.startswith("run.py: ")
    for word in words:
        assert word in err


# ---- any Python can read it ----


def test_python_3_6_can_read_it():
    ast.parse(SOURCE.read_text(encoding="ascii"), feature_version=(3, 6))


def test_python_2_7_can_read_it():
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Nonlocal, ast.AsyncFunctionDef, ast.YieldFrom)
    since_2_7 = {"ast", "hashlib", "os", "platform", "re", "shutil", "subprocess", "sys", "sysconfig", "time"}
    tree = ast.parse(SOURCE.read_text(encoding="ascii"))
    for node in ast.walk(tree):
        assert not isinstance(node, newer), node.lineno
        if isinstance(node, ast.FunctionDef):
            arguments = node.args
            assert node.returns is None
            assert not any(a.annotation for a in arguments.args)
            assert not arguments.kwonlyargs
            assert not arguments.posonlyargs
        elif isinstance(node, ast.Raise):
            assert node.cause is None
        elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            assert not any(isinstance(e, ast.Starred) for e in node.elts), node.lineno
        elif isinstance(node, ast.Dict):
            assert None not in node.keys, node.lineno
        elif isinstance(node, ast.Call):
            assert not any(isinstance(a, ast.Starred) for a in node.args[:-1]), node.lineno
    for node in tree.body:
        assert not isinstance(node, ast.ImportFrom)
        if isinstance(node, ast.Import):
            assert {name.name for name in node.names} <= since_2_7


# ---- help, unknown commands ----


@pytest.mark.parametrize("arguments", [[], ["-h"], ["--help"]])
def test_help_names_every_command_and_sets_nothing_up(run, capsys, arguments):
    assert run.main(arguments) == 0
    out, err = capsys.readouterr()
    for name in run.MODULES:
        assert f"python3 run.py {name} " in out
    assert "0.5 GB" in out
    assert err == ""
    assert not os.path.exists(run.VENV)


def test_unknown_command(run, capsys):
    assert run.main(["tset"]) == 2
    message(capsys, "'tset'", *run.MODULES)
    assert not os.path.exists(run.VENV)


# ---- what is checked first ----


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13), (3, 14, 0), (4, 0, 0)])
def test_wrong_python(run, supported, pretend, capsys, version):
    pretend("sys", version_info=version, argv=["run.py", "lab", "--no-browser"])
    pretend("platform", python_version=lambda: "9.9.9")
    with pytest.raises(SystemExit) as stop:
        run.main(["lab"])
    assert stop.value.code == 1
    message(capsys, "3.11, 3.12 or 3.13", "this is 9.9.9", "python.org", "python3.13 run.py lab --no-browser")
    assert not os.path.exists(run.VENV)


def test_pythons_are_those_of_pyproject(run, pretend):
    for minor in range(9, 17):
        pretend("sys", version_info=(3, minor, 0))
        if SpecifierSet(PROJECT["requires-python"]).contains(f"3.{minor}"):
            run.check_python()
        else:
            with pytest.raises(SystemExit):
                run.check_python()


def test_platforms_are_those_for_which_pyproject_has_a_tensorflow(run):
    requirements = [Requirement(text) for text in PROJECT["dependencies"] if text.startswith("tensorflow")]
    for system, machine in [("linux", "x86_64"), ("linux", "aarch64"), ("linux", "riscv64"), ("freebsd14", "amd64")]:
        here = {"sys_platform": system, "platform_machine": machine}
        applying = sum(requirement.marker.evaluate(here) for requirement in requirements)
        assert applying == (f"{system}-{machine}" in run.PLATFORMS), here
    # The markers do not tell processors apart here: TensorFlow 2.20 and later have no wheel for Intel Macs.
    assert {name for name in run.PLATFORMS if "linux" not in name} == {"darwin-arm64", "win-amd64"}


@pytest.mark.parametrize(
    ("system", "machine", "libc"),
    [
        ("darwin", "x86_64", ""),
        ("linux", "riscv64", "glibc"),
        ("linux", "armv7l", "glibc"),
        ("linux", "x86_64", ""),
        ("linux", "x86_64", "musl"),
        ("freebsd14", "amd64", ""),
    ],
)
def test_platform_without_tensorflow(run, supported, pretend, capsys, system, machine, libc):
    pretend("sys", platform=system)
    pretend("platform", machine=lambda: machine, libc_ver=lambda: (libc, ""))
    with pytest.raises(SystemExit) as stop:
        run.main(["lab"])
    assert stop.value.code == 1
    message(capsys, f"no build for {system}-{machine}", "Colab")
    assert not os.path.exists(run.VENV)


@pytest.mark.parametrize(("name", "works"), [("win-amd64", True), ("win-arm64", False), ("win32", False)])
def test_on_windows_the_python_counts_not_the_processor(run, supported, pretend, capsys, name, works):
    pretend("os", name="nt")
    pretend("sys", platform="win32")
    pretend("platform", machine=lambda: "ARM64")
    pretend("sysconfig", get_platform=lambda: name)
    if works:
        run.check_computer()
    else:
        with pytest.raises(SystemExit):
            run.check_computer()
        message(capsys, f"no build for {name}:")


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_no_venv_module(run, supported, monkeypatch, capsys, module):
    monkeypatch.setitem(sys.modules, module, None)  # import then fails
    with pytest.raises(SystemExit) as stop:
        run.main(["test"])
    assert stop.value.code == 1
    message(capsys, "sudo apt install python3.12-venv")
    assert not os.path.exists(run.VENV)


def test_path_that_venv_refuses(run, supported, monkeypatch, capsys):
    monkeypatch.setattr(run, "ROOT", "/home/a|b")
    with pytest.raises(SystemExit) as stop:
        run.main(["test"])
    assert stop.value.code == 1
    message(capsys, "'|'", "/home/a|b")


def test_too_little_disk(run, supported, pretend, capsys):
    pretend("shutil", disk_usage=lambda path: SimpleNamespace(free=2.9e9))
    with pytest.raises(SystemExit) as stop:
        run.main(["test"])
    assert stop.value.code == 1
    message(capsys, "free 3 GB", run.VENV)


@pytest.mark.parametrize(
    "error",
    [
        PermissionError(errno.EACCES, "Permission denied", ".venv"),
        OSError(errno.EROFS, "Read-only file system", ".venv"),
    ],
)
def test_folder_that_cannot_be_written(run, supported, pretend, capsys, error):
    def makedirs(path, exist_ok):
        raise error

    pretend("os", makedirs=makedirs)
    with pytest.raises(SystemExit) as stop:
        run.main(["lab"])
    assert stop.value.code == 1
    message(capsys, "cannot be written", "copy")


def test_a_file_is_where_venv_should_be(run, supported, capsys):
    Path(run.VENV).write_text("mine")
    with pytest.raises(SystemExit) as stop:
        run.main(["lab"])
    assert stop.value.code == 1
    message(capsys, ".venv", "remove it")
    assert Path(run.VENV).read_text() == "mine"


def test_no_lock_file(run, supported, capsys):
    os.remove(run.LOCKED)
    with pytest.raises(SystemExit) as stop:
        run.main(["lab"])
    assert stop.value.code == 1
    message(capsys, "requirements.txt is missing")


def test_interrupted(run, supported, monkeypatch, capsys):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "install", interrupted)
    assert run.main(["lab"]) == 130
    message(capsys, "run the same command again")


# ---- what pip says ----


@pytest.mark.parametrize(
    ("output", "remedy"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n", "disk is full"),
        ("OSError: [WinError 112] There is not enough space on the disk\n", "disk is full"),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you have updated\n"
            "    absl-py==2.5.1\n        Expected sha256 00\n             Got        72\n",
            "not the file that was locked",
        ),
        (
            "ERROR: In --require-hashes mode, all requirements must have their versions pinned with ==.\n    six\n",
            "git checkout requirements.txt",
        ),
        ("ERROR: Invalid requirement: 'six = 1' (from line 1)\nHint: = is not an operator.\n", "git checkout"),
        (
            "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError()'\n"
            "ERROR: Could not find a version that satisfies the requirement absl-py==2.5.1 (from versions: none)\n"
            "ERROR: No matching distribution found for absl-py==2.5.1\n",
            "no answer from the network",
        ),
        ("pip._vendor.urllib3.exceptions.ReadTimeoutError: Read timed out.\n", "no answer from the network"),
        ("ERROR: No matching distribution found for tensorflow-cpu==2.21.0\n", "no build for this computer"),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 2] No such file or directory: 'C:\\x.h'\n"
            "HINT: This error might have occurred since this system does not have Windows Long Path support "
            "enabled.\n",
            "too long for Windows",
        ),
        ("[WinError 32] The process cannot access the file because it is being used by another process", "close"),
        ("ImportError: DLL load failed while importing _pywrap_tensorflow_internal\n", "Visual C++"),
        ("\nended by signal 4", "AVX"),
        (
            "WARNING: Retrying (Retry(total=4)) after connection broken by 'ReadTimeoutError()'\n"
            "ERROR: Could not find a version that satisfies the requirement six==9 (from versions: 1.0, 1.1)\n",
            "no build for this computer",
        ),
        ("Looking in indexes\nERROR: a new kind of trouble\n\n", "ERROR: a new kind of trouble"),
        ("", "without a word"),
    ],
)
def test_remedies(run, output, remedy):
    found = run.explain(output)
    assert remedy in found
    assert "\n" not in found


def test_a_step_that_fails(run, capsys):
    log = io.StringIO()
    text = "import sys; sys.stderr.write('No space left\\n'); sys.stderr.flush(); print('Bye'); sys.exit(3)"
    step = [sys.executable, "-c", text]
    with pytest.raises(SystemExit) as stop:
        run.run_step(step, log)
    assert stop.value.code == 1
    message(capsys, "disk is full", "exit code 3", run.LOG)
    assert log.getvalue() == "No space left\nBye\n"


@posix_only
def test_a_step_that_is_killed(run, capsys):
    with pytest.raises(SystemExit) as stop:
        run.run_step(
            [sys.executable, "-c", "import os; print('half', flush=True); os.kill(os.getpid(), 9)"], io.StringIO()
        )
    assert stop.value.code == 1
    message(capsys, "killed", "memory", "exit code -9")


@pytest.mark.parametrize(
    ("requirement", "remedy"),
    [
        ("no-such-package==1.0", "git checkout requirements.txt"),
        ("no-such-package = 1.0", "git checkout requirements.txt"),
        ("no-such-package==1.0 --hash=sha256:" + 64 * "0", "not the file that was locked"),
        ("no-such-package==2.0 --hash=sha256:" + 64 * "0", "no build for this computer"),
    ],
)
def test_remedies_fit_what_pip_says_today(run, capsys, tmp_path, requirement, remedy):
    (tmp_path / "no_such_package-1.0-py3-none-any.whl").write_bytes(b"changed on its way")
    Path(run.LOCKED).write_text(f'--no-index\n--find-links "{tmp_path.as_posix()}"\n{requirement}\n')
    with pytest.raises(SystemExit):
        run.run_step([sys.executable, *run.PIP[1:]], io.StringIO())
    message(capsys, remedy)


def test_a_step_that_works_says_nothing(run, capsys, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    log = io.StringIO()
    run.run_step([sys.executable, "-c", "import os; print('Collecting', 'PYTHONPATH' in os.environ)"], log)
    assert log.getvalue() == "Collecting False\n"
    assert capsys.readouterr() == ("", "")


def test_progress_takes_one_line_of_a_terminal(run, capsys, monkeypatch):
    monkeypatch.setattr(run, "WIDTH", 20)
    run.run_step([sys.executable, "-c", "print('Collecting ' + 30 * 'x'); print('  Done')"], io.StringIO())
    run.say("Ready.")
    shown = capsys.readouterr().err
    assert shown == "Collecting xxxxxxxxx\r" + "Done".ljust(20) + "\r" + "\rReady.".ljust(21) + "\n"


def test_an_interrupted_step_is_ended(run, monkeypatch):
    children, ended = [], []

    class Recorded(subprocess.Popen):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, stdin=subprocess.PIPE, **kwargs)
            children.append(self)

        def terminate(self):
            ended.append(self)
            super().kill()

        def wait(self):
            assert self in ended, "it would wait for ever"
            return super().wait()

    class Interrupted:
        def write(self, line):
            raise KeyboardInterrupt

    monkeypatch.setattr(run.subprocess, "Popen", Recorded)
    waits_for_ever = "import sys; print('started', flush=True); sys.stdin.read()"
    with pytest.raises(KeyboardInterrupt):
        run.run_step([sys.executable, "-c", waits_for_ever], Interrupted())
    (child,) = children
    assert child.returncode not in (None, 0)
    assert ended == children
    child.stdin.close()
    child.stdout.close()


def test_the_environment_of_the_child(run, monkeypatch):
    for name in ("PYTHONHOME", "PYTHONPATH", "PYTHONSAFEPATH", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "x")
    kept = run.child_environment()
    assert kept["HTTPS_PROXY"] == "x"
    assert set(os.environ) - set(kept) == {"PYTHONHOME", "PYTHONPATH", "PYTHONSAFEPATH"}


# ---- when .venv is made ----


def test_finished_venv_is_ready(run, finished):
    assert run.is_ready()


def test_venv_without_stamp_is_not_ready(run):
    os.mkdir(run.VENV)
    assert not run.is_ready()


def test_half_a_stamp_is_not_ready(run, finished):
    Path(run.STAMP).write_text(run.fingerprint()[:30])
    assert not run.is_ready()


def test_changed_lock_is_not_ready(run, finished):
    Path(run.LOCKED).write_text("# another set\n")
    assert not run.is_ready()


def test_other_python_is_not_ready(run, finished, pretend):
    pretend("platform", python_version=lambda: "3.11.99")
    assert not run.is_ready()


def test_vanished_base_python_is_not_ready(run, finished, tmp_path):
    run.PYTHON = str(tmp_path / "gone")
    assert not run.is_ready()


@posix_only
def test_broken_python_is_not_ready(run, finished, tmp_path):
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\necho 'No Python' >&2\nexit 103\n")
    broken.chmod(0o755)
    run.PYTHON = str(broken)
    assert not run.is_ready()


def test_second_call_installs_nothing(run, supported, finished, monkeypatch):
    monkeypatch.setattr(run, "install", must_not_happen)
    run.set_up()
    assert os.listdir(run.VENV) == [os.path.basename(run.STAMP)]


def test_a_finished_venv_needs_no_second_look_at_the_computer(run, supported, finished, monkeypatch):
    monkeypatch.setattr(run, "check_computer", must_not_happen)
    run.set_up()


def test_whoever_waited_for_the_lock_looks_again(run, supported, monkeypatch):
    answers = iter([False, True])  # not ready; ready once the other process has let go
    monkeypatch.setattr(run, "is_ready", lambda: next(answers))
    monkeypatch.setattr(run, "install", must_not_happen)
    run.set_up()
    assert next(answers, "asked twice") == "asked twice"


def test_waiting_for_the_lock(run, supported, pretend, monkeypatch, capsys):
    answers, naps = iter([False, False, False, True]), []
    monkeypatch.setattr(run, "try_lock", lambda lock: next(answers))
    monkeypatch.setattr(run, "install", lambda: None)
    pretend("time", sleep=naps.append)
    run.set_up()
    assert len(naps) == 2
    assert capsys.readouterr().err == "Another run.py is making .venv: waiting for it.\n"


@posix_only
def test_lock_excludes_and_is_released(run, tmp_path):
    with open(tmp_path / "lock", "a") as first, open(tmp_path / "lock", "a") as second:
        assert run.try_lock(first)
        assert not run.try_lock(second)
        first.close()
        assert run.try_lock(second)


@posix_only
def test_killed_while_a_step_runs(run, supported, tmp_path):
    """The step that a killed run.py leaves behind keeps the lock until it ends."""
    import fcntl

    helper = tmp_path / "helper.py"
    helper.write_text(
        "import io, os, sys, run\n"
        "step = [sys.executable, '-c', 'import os, sys; os.write(int(sys.argv[1]), b\"x\"); sys.stdin.read()']\n"
        "run.check_python = run.check_computer = lambda: None\n"
        "run.install = lambda: run.run_step([*step, sys.argv[1]], io.StringIO())\n"
        "run.set_up()\n"
    )
    started, signal_start = os.pipe()
    killed = subprocess.Popen(
        [sys.executable, helper, str(signal_start)], stdin=subprocess.PIPE, pass_fds=[signal_start], cwd=tmp_path
    )
    os.close(signal_start)
    assert os.read(started, 1) == b"x"
    killed.kill()
    killed.wait()
    with open(run.LOCK, "a") as lock:
        assert not run.try_lock(lock)  # the step lives on
        killed.stdin.close()  # it ends
        fcntl.flock(lock, fcntl.LOCK_EX)  # hangs if the lock were never released
    os.close(started)


@pytest.fixture
def steps(run, monkeypatch):
    """Record the steps of an installation instead of running them, and whether the stamp was there."""
    seen = []

    def record(command, log, environment):
        seen.append((command, os.path.exists(run.STAMP)))
        return 0, ""

    monkeypatch.setattr(run, "attempt", record)
    monkeypatch.setattr(run, "pip_settings", lambda: {})
    return seen


def test_installing(run, supported, pretend, steps, capsys):
    pretend("sys", _base_executable="/base/python", executable=run.PYTHON)
    run.set_up()
    make, get_uv, fill, look = [command for command, _ in steps]
    assert make == ["/base/python", "-m", "venv", run.VENV]
    assert get_uv[1:3] == ["-m", "pip"]
    assert get_uv[-3:] == ["--require-hashes", "-r", run.UV_LOCKED]
    assert fill[1:3] == ["-m", "uv"]
    assert fill[fill.index("--python") + 1] == fill[0]
    assert fill[-3:] == ["--require-hashes", "-r", run.LOCKED]
    assert "helpers, numpy, pandas, sklearn, matplotlib, keras, tensorflow, jupyterlab" in look[3]
    assert all(command[0].startswith(run.VENV) for command in (get_uv, fill, look))
    assert not any(stamped for _, stamped in steps)
    assert run.is_ready()
    assert len(capsys.readouterr().err.splitlines()) == 2


@pytest.mark.parametrize("with_stamp", [False, True])
def test_what_was_in_a_broken_venv_goes(run, supported, steps, finished, tmp_path, with_stamp):
    Path(run.LOCKED).write_text("# another set\n")
    if not with_stamp:
        os.remove(run.STAMP)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "kept").write_text("mine")
    venv = Path(run.VENV)
    (venv / "lib").mkdir()
    (venv / "lib" / "half.py").write_text("")
    (venv / "pyvenv.cfg").write_text("")
    if os.name != "nt":
        (venv / "link").symlink_to(tmp_path / "outside")
        (venv / "dangling").symlink_to(tmp_path / "gone")
    run.set_up()
    assert sorted(os.listdir(venv)) == ["install.log", "run.lock", "run.stamp"]
    assert len(steps) == 4
    assert not any(stamped for _, stamped in steps)
    assert (tmp_path / "outside" / "kept").read_text() == "mine"
    assert run.is_ready()


def test_a_venv_that_could_not_be_removed_does_not_look_finished(run, supported, pretend, finished, capsys):
    def rmtree(path):
        raise PermissionError(errno.EACCES, "Permission denied", path)

    Path(run.LOCKED).write_text("# another set\n")
    os.mkdir(os.path.join(run.VENV, "lib"))
    pretend("os", listdir=lambda path: ["lib", "run.stamp"])
    pretend("shutil", rmtree=rmtree)
    with pytest.raises(SystemExit):
        run.main(["test"])
    message(capsys, "cannot be written")
    assert not os.path.exists(run.STAMP)


def test_what_was_downloaded_outlives_a_killed_set_up(run, supported, steps):
    os.makedirs(os.path.join(run.CACHE, "wheels"))
    run.set_up()
    assert os.listdir(run.CACHE) == ["wheels"]


@pytest.mark.parametrize("broken", ["GET_UV", "UV", "no-index"])
def test_pip_does_it_where_uv_cannot(run, supported, steps, monkeypatch, capsys, broken):
    def attempt(command, log, environment):
        steps.append((command, False))
        return int(command == getattr(run, broken, None)), ""

    monkeypatch.setattr(run, "attempt", attempt)
    monkeypatch.setattr(run, "pip_settings", lambda: {"no-index": "1"} if broken == "no-index" else {})
    os.makedirs(run.CACHE)
    run.set_up()
    assert [command for command, _ in steps][-2:] == [run.PIP, run.IMPORT]
    assert [command for command, _ in steps][1:-2] == {"GET_UV": [run.GET_UV], "UV": [run.GET_UV, run.UV]}.get(
        broken, []
    )
    assert not os.path.exists(run.CACHE)
    assert run.is_ready()
    assert "pip does it, which takes longer" in capsys.readouterr().err


def test_nothing_is_finished_before_its_imports_were_seen_to_work(run, supported, steps, monkeypatch, capsys):
    said = "ModuleNotFoundError: No module named 'jupyterlab'\n"
    monkeypatch.setattr(run, "attempt", lambda command, log, environment: (int(command == run.IMPORT), said))
    with pytest.raises(SystemExit):
        run.set_up()
    assert "packages are missing in .venv: remove it" in capsys.readouterr().err
    assert not run.is_ready()


def test_a_lock_that_changes_meanwhile_is_not_taken_for_installed(run, supported, steps, monkeypatch):
    def attempt(command, log, environment):
        Path(run.LOCKED).write_text("# pulled meanwhile\n")
        return 0, ""

    monkeypatch.setattr(run, "attempt", attempt)
    run.set_up()
    assert os.path.exists(run.STAMP)
    assert not run.is_ready()


def test_an_installation_that_fails_leaves_no_stamp(run, supported, monkeypatch):
    def failing(command, log, environment):
        return int("pip" in command), "no network"

    monkeypatch.setattr(run, "attempt", failing)
    monkeypatch.setattr(run, "pip_settings", lambda: {})
    with pytest.raises(SystemExit):
        run.set_up()
    assert not run.is_ready()


# ---- what is started ----

QUICKSTART = os.path.join("notebooks", "00_quickstart.ipynb")
NO_REQUESTS = ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None"]
NO_REQUESTS += ["--LabApp.app_settings_dir=" + os.path.join("ROOT", "tools", "jupyterlab")]


@pytest.mark.parametrize(
    ("arguments", "user", "command"),
    [
        (["lab"], 1000, ["jupyterlab", *NO_REQUESTS, "--ServerApp.root_dir=ROOT", QUICKSTART]),
        (["lab"], 0, ["jupyterlab", *NO_REQUESTS, "--ServerApp.root_dir=ROOT", "--allow-root", QUICKSTART]),
        (
            ["lab", "--no-browser", "--port=9"],
            1000,
            ["jupyterlab", *NO_REQUESTS, "--ServerApp.root_dir=ROOT", QUICKSTART, "--no-browser", "--port=9"],
        ),
        (
            ["lab", "--no-browser", "notebooks/03.ipynb"],
            1000,
            ["jupyterlab", *NO_REQUESTS, "--ServerApp.root_dir=ROOT", "--no-browser", "notebooks/03.ipynb"],
        ),
        (["test"], 0, ["pytest"]),
        (["test", "-q", "tests/test_x.py"], 1000, ["pytest", "-q", "tests/test_x.py"]),
        (["build"], 1000, ["tools.build"]),
        (["build", "00", "03"], 1000, ["tools.build", "00", "03"]),
        (["bench", "--help"], 1000, ["tools.bench", "--help"]),
        (["site"], 1000, ["tools.site"]),
    ],
)
def test_dispatch(run, supported, pretend, monkeypatch, arguments, user, command):
    calls = []
    pretend(
        "os",
        geteuid=lambda: user,
        chdir=lambda path: calls.append(path),
        execve=lambda path, line, environment: calls.append((path, line, environment)) or sys.exit(5),
    )
    monkeypatch.setattr(run, "set_up", lambda: calls.append("set up"))
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    line = [part.replace("ROOT", run.ROOT) for part in command]
    with pytest.raises(SystemExit):
        run.main(arguments)
    assert calls == ["set up", run.ROOT, (run.PYTHON, [run.PYTHON, "-m", *line], run.child_environment())]
    assert "PYTHONPATH" not in calls[-1][2]


def test_colab_is_an_environment_of_its_own(run, colab, tmp_path):
    assert colab.command_line("test", ["--colab", "-k", "04"])[1:] == [
        "-m",
        "pytest",
        os.path.join("tests", "places", "test_colab.py"),
        "-k",
        "04",
    ]
    for name in ("VENV", "PYTHON", "STAMP", "LOG", "LOCK"):
        found, other = getattr(colab, name), getattr(run, name)
        assert found.startswith(str(tmp_path / ".venv-colab")), name
        assert not other.startswith(str(tmp_path / ".venv-colab")), name
    assert Path(colab.LOCKED) == tmp_path / "tests" / "places" / "colab.txt"
    assert colab.PIP[0] == colab.PYTHON
    assert colab.PIP[-1] == colab.UV[-1] == colab.LOCKED
    assert colab.UV[0] == colab.GET_UV[0] == colab.IMPORT[0] == colab.PYTHON
    assert "jupyterlab" not in colab.IMPORTS


def test_the_site_is_made_in_an_environment_of_its_own(run, site, tmp_path):
    for name in ("VENV", "PYTHON", "STAMP", "LOG", "LOCK", "CACHE"):
        assert getattr(site, name).startswith(str(tmp_path / ".venv-site")), name
    assert Path(site.LOCKED) == tmp_path / "tools" / "site.txt"
    assert site.PIP[-1] == site.UV[-1] == site.LOCKED
    assert site.IMPORT[0] == site.PYTHON
    assert "sphinx" in site.IMPORTS
    assert "tensorflow" not in site.IMPORTS
    assert site.NEEDED_GB < run.NEEDED_GB
    assert "tools/site.txt was edited" in site.explain("Invalid requirement")


@pytest.mark.parametrize("name", ["classroom", "nbgrader"])
def test_a_class_has_an_environment_of_its_own(run, tmp_path, monkeypatch, name):
    monkeypatch.setattr(sys, "argv", ["run.py", name])
    found = load(tmp_path)
    assert found.VENV == str(tmp_path / ".venv-classroom")
    assert Path(found.LOCKED) == tmp_path / "tools" / "classroom.txt"
    assert found.UV[-1] == found.LOCKED
    assert "nbgrader" in found.IMPORTS
    assert "nbgrader" not in run.IMPORTS


@pytest.mark.parametrize("name", ["classroom", "site"])
def test_a_folder_is_written_where_the_caller_is(run, name):
    line = run.command_line(name, ["mine", "--zip", "mine.zip"])
    assert line[2:] == [f"tools.{name}", os.path.abspath("mine"), "--zip", os.path.abspath("mine.zip")]


def test_nbgrader_works_in_the_folder_of_the_course(run, supported, pretend, monkeypatch, tmp_path):
    calls = []
    course = tmp_path / "class" / "course"
    course.mkdir(parents=True)
    (course / "nbgrader_config.py").touch()
    pretend("os", chdir=calls.append, execve=lambda path, line, environment: calls.append(line) or sys.exit(5))
    monkeypatch.setattr(run, "set_up", lambda: None)
    with pytest.raises(SystemExit):
        run.main(["nbgrader", str(course), "autograde", "06_cleaning"])
    assert calls == [str(course), [run.PYTHON, "-m", "nbgrader", "autograde", "06_cleaning"]]


@pytest.mark.parametrize("arguments", [[], ["--help"], ["autograde", "06_cleaning"]])
def test_nbgrader_wants_the_folder_of_a_course_first(run, monkeypatch, capsys, arguments):
    monkeypatch.setattr(run, "set_up", must_not_happen)
    assert run.main(["nbgrader", *arguments]) == 2
    message(capsys, "is no course")


def test_messages_name_the_set_that_is_meant(run, colab):
    for pattern in ("Invalid requirement", f"[Errno 2] No such file or directory: {colab.LOCKED!r}"):
        assert "tests/places/colab.txt" in colab.explain(pattern)
        assert "requirements.txt" not in colab.explain(pattern)
        assert "colab" not in run.explain(pattern.replace("colab.txt", "requirements.txt"))
    assert ".venv-colab" in colab.explain("File exists")


@pytest.mark.parametrize(
    "line",
    [
        ["lab"],
        ["test"],
        ["test", "-k", "--colab"],
        ["bench", "--colab"],
        ["test", "site"],
        ["build", "site"],
        ["test", "classroom"],
    ],
)
def test_only_the_first_words_choose_another_environment(run, tmp_path, monkeypatch, line):
    monkeypatch.setattr(sys, "argv", ["run.py", *line])
    assert load(tmp_path).VENV == str(tmp_path / ".venv")


def test_on_windows_ctrl_c_is_left_to_the_command(run, supported, pretend, monkeypatch):
    class Child:
        def __init__(self, command, env):
            self.command, self.env, self.answers = command, env, iter([KeyboardInterrupt, KeyboardInterrupt, 7])
            started.append(self)

        def wait(self):
            answer = next(self.answers)
            if answer is KeyboardInterrupt:
                raise answer
            return answer

    started, folders = [], []
    pretend("os", name="nt", chdir=folders.append, geteuid=None)
    pretend("subprocess", Popen=Child)
    monkeypatch.setattr(run, "set_up", lambda: None)
    assert run.main(["lab", "--no-browser"]) == 7
    assert folders == [run.ROOT]
    assert started[0].command == run.command_line("lab", ["--no-browser"])
    assert "--allow-root" not in started[0].command
    assert started[0].env == run.child_environment()


# ---- all of it, with a real .venv and nothing to install ----


def make_wheel(path, code):
    """Write a wheel whose only module runs the code: path is NAME-1.0-py3-none-any.whl."""
    name = path.name.split("-")[0]
    about = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}/__init__.py", "")
        wheel.writestr(f"{name}/__main__.py", code)
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")


def test_from_a_killed_set_up_to_the_second_call(tmp_path):
    folder = tmp_path / "a folder, größer"
    (folder / "tools").mkdir(parents=True)
    (folder / "tools" / "build.py").write_text(
        "import os, sys\nprint(sys.prefix)\nprint(os.getcwd())\nprint(sys.argv[1:])\nsys.exit(7)\n"
    )
    (folder / "requirements.txt").write_text("# nothing to install\n")
    make_wheel(folder / "uv-1.0-py3-none-any.whl", "import sys; print(*sys.argv)")  # stands for uv
    (folder / "tools" / "uv.txt").write_text(
        f'--no-index\n--find-links "{folder.as_posix()}"\n'
        f"uv==1.0 --hash=sha256:{hashlib.sha256((folder / 'uv-1.0-py3-none-any.whl').read_bytes()).hexdigest()}\n"
    )
    for name in ("helpers", "numpy", "pandas", "sklearn", "matplotlib", "keras", "tensorflow", "jupyterlab"):
        (folder / f"{name}.py").write_text("")
    source = SOURCE.read_text(encoding="ascii")
    assert source.count("LESSON_COST, 3)") == 3
    (folder / "run.py").write_text(source.replace("LESSON_COST, 3)", "LESSON_COST, 0)"))
    (folder / ".venv" / "bin").mkdir(parents=True)  # what a killed set-up leaves: files, and no stamp
    (folder / ".venv" / "bin" / "python").write_text("half a python")

    def call():
        command = [sys.executable, folder / "run.py", "build", "00", "a b"]
        environment = {**os.environ, "PYTHONPATH": str(tmp_path / "elsewhere")}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8")

    first = call()
    assert first.returncode == 7, first.stderr
    prefix, where, arguments = first.stdout.splitlines()
    assert os.path.samefile(prefix, folder / ".venv")
    assert os.path.samefile(where, folder)
    assert arguments == "['00', 'a b']"
    making, ready = first.stderr.splitlines()
    assert making.startswith("Making .venv")
    assert ready.startswith("Ready after")
    assert f"uv.cache pip install --python {folder}" in (folder / ".venv" / "install.log").read_text(encoding="utf-8")

    (folder / ".venv" / "kept").write_text("")
    second = call()
    assert (second.returncode, second.stdout, second.stderr) == (7, first.stdout, "")
    assert (folder / ".venv" / "kept").exists()

# ruff: noqa: UP032
"""Learn the Gated Recurrent Unit: one command opens the lessons.

python3 run.py lab                  open the lessons in JupyterLab, the quickstart first
python3 run.py test                 run every check
python3 run.py test --colab         run the lessons with the versions that Colab has, in .venv-colab
python3 run.py build [LESSON...]    build notebooks/ from sources/
python3 run.py bench [LESSON...]    measure the run time and the memory of the lessons

Needs Python 3.11, 3.12 or 3.13 and nothing else (on Windows: py -3.13 run.py lab).
The first call makes .venv: about 0.5 GB to download, 2.2 GB on disk. Later calls start at once.
What follows lab goes to JupyterLab (such as --no-browser), what follows test to pytest.
"""

# An old Python must be able to read this file, or it could not say that it is too old. So there are no
# f-strings and no annotations here, and only imports that Python 2.7 has as well.
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import time

PLATFORMS = ("linux-x86_64", "linux-aarch64", "darwin-arm64", "win-amd64")  # where TensorFlow has wheels
NEEDED_GB = 3  # .venv, and the downloads while pip unpacks them

ROOT = os.path.dirname(os.path.abspath(__file__))
COLAB = sys.argv[1:3] == ["test", "--colab"]
LOCKED_NAME, VENV_NAME = ("tests/places/colab.txt", ".venv-colab") if COLAB else ("requirements.txt", ".venv")
LOCKED = os.path.join(ROOT, *LOCKED_NAME.split("/"))
VENV = os.path.join(ROOT, VENV_NAME)
PYTHON = os.path.join(VENV, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))
STAMP = os.path.join(VENV, "run.stamp")  # written last: without it, .venv is not finished
LOG = os.path.join(VENV, "install.log")
LOCK = os.path.join(VENV, "run.lock")

MODULES = {"lab": "jupyterlab", "test": "pytest", "build": "tools.build", "bench": "tools.bench"}
PIP = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--progress-bar=off"]
PIP += ["--root-user-action=ignore", "--require-hashes", "-r", LOCKED]

# What pip, venv or the system says when the set-up fails, and what mends it. The first that fits is shown.
REMEDIES = (
    (r"No space left|WinError 112|quota exc", "the disk is full: free 3 GB here and in the temporary folder (TMPDIR)."),
    (r"NOT MATCH THE HASHES", "a download is not the file that was locked: try again, or on another network."),
    (r"require-hashes mode|Invalid req", LOCKED_NAME + " was edited: get it back (git checkout " + LOCKED_NAME + ")."),
    (r"No such file.*" + os.path.basename(LOCKED), LOCKED_NAME + " is missing: get the whole project again."),
    (r"Long Path", "this folder's path is too long for Windows: move it to a short one, such as C:\\gru"),
    (r"Retrying \(|ConnectionError|IncompleteRead|timed out", "no answer from the network: check it, or HTTPS_PROXY."),
    (r"No matching distribution", "a package has no build for this computer: use Colab (links in README.md)."),
    (r"WinError (5|32)\b", "Windows keeps a file here: close JupyterLab and its terminals, or copy the folder."),
    (r"Read-only file|Permission denied", "this folder cannot be written: copy it to a folder of your own."),
    (r"File exists", "a file named " + VENV_NAME + " is in the way: remove it, then run this again."),
)

WIDTH = 78 if sys.stderr.isatty() else 0  # of the line on which pip's progress is shown; not in a log file


def say(text):
    """Print a line on stderr: stdout belongs to the command that was asked for."""
    sys.stderr.write(("\r" if WIDTH else "") + text.ljust(WIDTH) + "\n")


def fail(text):
    """Say in one line what is wrong and what mends it, and leave with exit code 1."""
    say("run.py: " + text)
    sys.exit(1)


def explain(output):
    """Return the remedy for what pip, venv or the system said, or else its last line."""
    for pattern, remedy in REMEDIES:
        if re.search(pattern, output):
            return remedy
    return output.strip().split("\n")[-1][:150] or "the set-up stopped without a word."


def check_python():
    """Leave with a message unless this is a Python for which every locked package has a build."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        newer = " ".join(["py -3.13" if os.name == "nt" else "python3.13"] + sys.argv)  # noqa: RUF005
        text = "Python 3.11, 3.12 or 3.13 is needed, this is {}: get 3.13 at https://www.python.org/downloads/"
        fail((text + ", then run: {}").format(platform.python_version(), newer))


def check_computer():
    """Leave with a message where .venv cannot be made at all."""
    here = sysconfig.get_platform() if os.name == "nt" else sys.platform + "-" + platform.machine()
    if sys.platform == "linux" and platform.libc_ver()[0] != "glibc":
        here += " without glibc"
    if here not in PLATFORMS:
        fail("TensorFlow has no build for {}: open the lessons in Colab (links in README.md).".format(here))
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        fail(
            "this Python cannot make a venv. Debian, Ubuntu: sudo apt install python{}.{}-venv".format(
                *sys.version_info
            )
        )
    if os.pathsep in ROOT:
        fail("venv does not work in a path with '{}': rename or move {}".format(os.pathsep, ROOT))


def child_environment():
    """Return the caller's environment without what would lead .venv's Python to other modules."""
    return {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONPATH", "PYTHONSAFEPATH")}


def fingerprint():
    """Return what .venv is made from: the locked set and this Python."""
    with open(LOCKED, "rb") as locked:
        return "{} {}\n".format(hashlib.sha256(locked.read()).hexdigest(), platform.python_version())


def is_ready():
    """Tell whether .venv is finished, made from what is here now, and its Python still starts."""
    wanted = fingerprint()
    try:
        with open(STAMP) as stamp:
            finished = stamp.read() == wanted
        start = [PYTHON, "-c", ""]
        return finished and not subprocess.call(start, env=child_environment(), stderr=subprocess.DEVNULL)
    except OSError:  # there is no stamp, or the Python from which .venv was made is gone
        return False


def try_lock(lock):
    """Tell whether the lock is ours now. The system releases it when its owner ends, however it ends."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def run_step(command, log):
    """Run one step of the set-up, with all it says in the log. Leave with a message if it fails."""
    # close_fds=False: the step inherits the lock. It stays locked until the step ends, even if we are killed.
    child = subprocess.Popen(
        command,
        env=child_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        errors="replace",
        close_fds=False,
    )
    output = ""
    try:
        for line in child.stdout:
            output += line
            log.write(line)
            if WIDTH:  # each line of pip's takes the place of the one before
                sys.stderr.write(line.strip()[:WIDTH].ljust(WIDTH) + "\r")
                sys.stderr.flush()
        code = child.wait()
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()
    if code < 0:
        output += "\nthe set-up was killed: is there too little memory?"
    if code:
        fail("{} (exit code {}, details: {})".format(explain(output), code, LOG))


def install():
    """Make .venv anew: whatever is there is unfinished, out of date or broken."""
    began, made_from = time.time(), fingerprint()
    if os.path.exists(STAMP):
        os.remove(STAMP)  # first, so that a .venv that is half removed never looks finished
    for path in [os.path.join(VENV, name) for name in os.listdir(VENV)]:
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        elif path != LOCK:
            os.remove(path)
    if shutil.disk_usage(VENV).free < NEEDED_GB * 1e9:
        fail("the disk is nearly full: free {} GB for {}, then run this again.".format(NEEDED_GB, VENV))
    say("Making {}, once: about 0.5 GB to download, 2.2 GB on disk, a few minutes.".format(VENV_NAME))
    with open(LOG, "w", buffering=1, encoding="utf-8") as log:
        # not sys.executable: that may be the Python in .venv which was removed just now
        run_step([sys._base_executable, "-m", "venv", VENV], log)
        run_step(PIP, log)
    with open(STAMP, "w") as stamp:
        stamp.write(made_from)
    say("Ready after {:.0f} s.".format(time.time() - began))


def set_up():
    """Leave a finished .venv behind; where there is one, only look at it."""
    check_python()
    if is_ready():
        return
    check_computer()
    os.makedirs(VENV, exist_ok=True)
    with open(LOCK, "a") as lock:
        os.set_inheritable(lock.fileno(), True)
        if not try_lock(lock):
            say("Another run.py is making {}: waiting for it.".format(VENV_NAME))
            while not try_lock(lock):
                time.sleep(1)
        if not is_ready():
            install()


def command_line(name, arguments):
    """Return the command that a name stands for, with the caller's arguments after ours."""
    command = [PYTHON, "-m", MODULES[name]]
    if name == "lab":
        # These keep JupyterLab from asking other hosts for a newer version and for news, and the reader whether it may.
        command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None"]
        command += ["--LabApp.app_settings_dir=" + os.path.join(ROOT, "tools", "jupyterlab")]
        command += ["--ServerApp.root_dir=" + ROOT]
        if os.name != "nt" and os.geteuid() == 0:
            command += ["--allow-root"]  # one is root in many containers, where JupyterLab refuses to start
        # JupyterLab opens only the first notebook that is named.
        if not any(argument.endswith(".ipynb") for argument in arguments):
            command += [os.path.join("notebooks", "00_quickstart.ipynb")]
    if COLAB:
        arguments = [os.path.join("tests", "places", "test_colab.py")] + arguments[1:]  # noqa: RUF005
    return command + arguments


def start(command):
    """Run a command in the repository root and return its exit code."""
    os.chdir(ROOT)
    if os.name != "nt":  # the command takes this process's place: Ctrl-C and the exit code are its own
        os.execve(PYTHON, command, child_environment())
    child = subprocess.Popen(command, env=child_environment())
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:  # the command got it as well, and decides what it means
            pass


def main(arguments):
    """Carry out one command and return the exit code."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0
    if arguments[0] not in MODULES:
        say("run.py: there is no command '{}': use lab, test, build or bench.".format(arguments[0]))
        return 2
    try:
        set_up()
        return start(command_line(arguments[0], arguments[1:]))
    except KeyboardInterrupt:
        say("run.py: stopped; run the same command again to go on.")
        return 130
    except OSError as error:
        return fail(explain(str(error)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

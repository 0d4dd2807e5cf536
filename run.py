# ruff: noqa: UP032
"""Learn the Gated Recurrent Unit: one command opens the lessons.

python3 run.py lab                  open the lessons in JupyterLab, the quickstart first
python3 run.py test                 run every check
python3 run.py test --colab         run the lessons with the versions that Colab has, in .venv-colab
python3 run.py build [LESSON...]    build notebooks/ from sources/
python3 run.py bench [LESSON...]    measure the run time and the memory of the lessons
python3 run.py bench --scaling      measure how many series a minute one worker and several train
python3 run.py site [FOLDER]        turn the committed notebooks into a web site, with what is in .venv-site
python3 run.py classroom FOLDER     write what a class needs: for students, for the teacher, and to grade
python3 run.py nbgrader COURSE ...  grade: nbgrader, in a course that classroom has written, in .venv-classroom

Needs Python 3.11, 3.12 or 3.13 and nothing else (on Windows: py -3.13 run.py lab).
The first call makes .venv: about 0.5 GB to download, 2.2 GB on disk. Later calls start at once.
What follows lab goes to JupyterLab (such as --no-browser), what follows test to pytest.
"""

# An old Python must be able to read this file, or it could not say that it is too old. So there are no
# f-strings and no annotations here, and only imports that Python 2.7 has as well.
import ast
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
# As a lesson does it: helpers first, so that no setting of the reader's leads Keras elsewhere.
LESSON = "helpers, numpy, pandas, sklearn, matplotlib, keras, tensorflow"
LESSON_COST = "about 0.5 GB to download, 2.2 GB on disk, a few minutes"
# The environments: the locked set, the folder, what must be seen to import, what it costs, and the GB that must be free
# for it and for the downloads while they are unpacked.
ENVIRONMENTS = {
    "lessons": ("requirements.txt", ".venv", LESSON + ", jupyterlab", LESSON_COST, 3),
    "colab": ("tests/places/colab.txt", ".venv-colab", LESSON, LESSON_COST, 3),
    "site": (
        "tools/site.txt",
        ".venv-site",
        "sphinx, myst_nb, sphinx_book_theme, sphinx_copybutton, jupytext, latex2mathml",
        "about 0.1 GB to download, 0.3 GB on disk, a minute",
        1,
    ),
    "classroom": ("tools/classroom.txt", ".venv-classroom", LESSON + ", jupyterlab, nbgrader", LESSON_COST, 3),
}

ROOT = os.path.dirname(os.path.abspath(__file__))
COLAB = sys.argv[1:3] == ["test", "--colab"]
MEANT = {"site": "site", "classroom": "classroom", "nbgrader": "classroom"}.get("".join(sys.argv[1:2]), "lessons")
MEANT = "colab" if COLAB else MEANT
LOCKED_NAME, VENV_NAME, IMPORTS, COST, NEEDED_GB = ENVIRONMENTS[MEANT]
LOCKED = os.path.join(ROOT, *LOCKED_NAME.split("/"))
VENV = os.path.join(ROOT, VENV_NAME)
PYTHON = os.path.join(VENV, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))
STAMP = os.path.join(VENV, "run.stamp")  # written last: without it, .venv is not finished
LOG = os.path.join(VENV, "install.log")
LOCK = os.path.join(VENV, "run.lock")
CACHE = os.path.join(VENV, "uv.cache")  # kept: what a set-up downloaded before it was killed, the next need not
UV_LOCKED = os.path.join(ROOT, "tools", "uv.txt")

MODULES = {"lab": "jupyterlab", "test": "pytest", "build": "tools.build", "bench": "tools.bench", "site": "tools.site"}
MODULES.update(classroom="tools.classroom", nbgrader="nbgrader")
PIP_INSTALL = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--progress-bar=off"]
PIP_INSTALL += ["--root-user-action=ignore"]
# uv installs in a quarter of pip's time. pip gets it, and does the work itself wherever uv cannot: it then writes over
# what uv left half done (--ignore-installed).
GET_UV = PIP_INSTALL + ["--retries=0", "--only-binary=:all:", "--require-hashes", "-r", UV_LOCKED]  # noqa: RUF005
UV = [PYTHON, "-m", "uv", "--no-config", "--cache-dir", CACHE, "pip", "install", "--python", PYTHON]
UV += ["--index-strategy=unsafe-best-match"]  # every index counts, as for pip: the hashes tell what is right
UV += ["--require-hashes", "-r", LOCKED]
PIP = PIP_INSTALL + ["--ignore-installed", "--require-hashes", "-r", LOCKED]  # noqa: RUF005
ASK_WHY = PIP_INSTALL + ["--dry-run", "--no-deps", "-vv"]  # noqa: RUF005
IMPORT = [PYTHON, "-I", "-c", "import sys; sys.path.insert(0, sys.argv[1]); import " + IMPORTS, ROOT]

# The reader's settings of pip that say where packages come from and how to get there, and uv's names for them. All
# others (target, prefix, user, dry-run, constraint, ...) would lead the installer elsewhere: they are not handed on.
SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": None,  # uv has no variable for it
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "HTTPS_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "retries": "UV_HTTP_RETRIES",
    "keyring-provider": "UV_KEYRING_PROVIDER",
    "cache-dir": None,
    "no-cache-dir": None,
    "use-feature": None,  # such as truststore, the system's certificates
    "use-deprecated": None,
}

# What pip, venv or the system says when the set-up fails, and what mends it. The first that fits is shown.
REMEDIES = (
    (r"ended by signal 4$", "TensorFlow needs a processor with AVX: use Colab (links in README.md)."),
    (r"ended by signal", "the set-up was killed: is there too little memory?"),
    (
        r"No space left|WinError 112|quota exc",
        "the disk is full: free {} GB here and in the temporary folder (TMPDIR).".format(NEEDED_GB),
    ),
    (r"NOT MATCH THE HASHES", "a download is not the file that was locked: try again, or on another network."),
    (r"require-hashes mode|Invalid req", LOCKED_NAME + " was edited: get it back (git checkout " + LOCKED_NAME + ")."),
    (r"No such file.*" + os.path.basename(LOCKED), LOCKED_NAME + " is missing: get the whole project again."),
    (r"Long Path", "this folder's path is too long for Windows: move it to a short one, such as C:\\gru"),
    (r"CERTIFICATE_VERIFY|SSLError|CA certificate", "an unknown certificate: name your network's own as PIP_CERT."),
    (r"ProxyError|proxy conn|Tunnel conn|407 Client", "the proxy refuses: is HTTPS_PROXY right, with its password?"),
    (r"\b401 Client", "the package index wants a name and a password (401): put them into PIP_INDEX_URL or .netrc"),
    (r"\b403 Client", "the package index refuses you (403): ask who runs it, or name another as PIP_INDEX_URL."),
    (r"\b404 Client", "the package index has no such page (404): is its address right (PIP_INDEX_URL, pip.conf)?"),
    (r"429 Client|5\d\d (Server E|error resp)", "the package index is out of order or overloaded: try again later."),
    (r"Ignoring indexes", "pip is told to use no package index: unset PIP_NO_INDEX, or no-index in pip.conf."),
    (r"not a trusted or secure host", "the package index is not asked, being http: use https, or PIP_TRUSTED_HOST."),
    (r"from versions: \d", "a package has no build for this computer: use Colab (links in README.md)."),
    (r"Retrying \(|ConnectionError|IncompleteRead|timed out", "no answer from the network: check it, or HTTPS_PROXY."),
    (r"from versions: none", "the package index lists no packages: open it in a browser, is there a login page?"),
    (r"No matching distribution", "a package has no build for this computer: use Colab (links in README.md)."),
    (r"WinError (5|32)\b", "Windows keeps a file here: close JupyterLab and its terminals, or copy the folder."),
    (r"Read-only file|Permission denied", "this folder cannot be written: copy it to a folder of your own."),
    (r"File exists", "a file named " + VENV_NAME + " is in the way: remove it, then run this again."),
    (r"DLL load failed", "Windows lacks Microsoft's Visual C++ Redistributable (x64): install it, run this again."),
    (r"No module named", "packages are missing in " + VENV_NAME + ": remove it, then run this again."),
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


def pip_settings():
    """Ask pip for the reader's settings, those of the environment and of every pip.conf, and return them."""
    environment = {k: v for k, v in child_environment().items() if k != "PIP_PYTHON"}
    # These would make pip tell less. What the environment says counts before any pip.conf.
    environment.update(dict.fromkeys(("PIP_QUIET", "PIP_USER", "PIP_GLOBAL", "PIP_SITE"), "0"))
    ask = [PYTHON, "-m", "pip", "config", "list"]
    try:
        listed = subprocess.check_output(ask, env=environment, stderr=subprocess.STDOUT, errors="replace")
    except subprocess.CalledProcessError as error:
        fail("pip cannot read its settings (PIP_..., pip.conf): " + " ".join(error.output.split())[:150])
    # pip takes a certificate from these two as well, though it does not list them.
    settings = {"cert": os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")}
    for section in ("global", "install", ":env:"):  # the last one counts
        for name, value in re.findall("^" + section + r"\.([\w-]+)=(.+)$", listed, re.MULTILINE):
            settings[name] = ast.literal_eval(value)
    return {name: value for name, value in settings.items() if name in SETTINGS and value}


def installer_environment(settings):
    """Return the environment of pip and uv, in which both find these settings of pip's, and no other settings."""
    from urllib.request import getproxies  # in which Windows and macOS keep theirs as well

    environment = {k: v for k, v in child_environment().items() if not k.startswith(("PIP_", "UV_"))}
    environment.update(PIP_CONFIG_FILE=os.devnull, UV_SYSTEM_CERTS="1")
    for scheme, proxy in getproxies().items():
        environment[scheme.upper() + "_PROXY"] = proxy
    for name, value in settings.items():
        environment["PIP_" + name.upper().replace("-", "_")] = value
        if SETTINGS[name]:
            environment[SETTINGS[name]] = ("," if name == "find-links" else " ").join(value.split())
    return environment


def attempt(command, log, environment):
    """Run one step of the set-up, with all it says in the log. Return its exit code and what it said."""
    # close_fds=False: the step inherits the lock. It stays locked until the step ends, even if we are killed.
    child = subprocess.Popen(
        command,
        env=environment,
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
        output += "\nended by signal {}".format(-code)
    return code, output


def run_step(command, log):
    """Run one step of the set-up. Leave with a message if it fails."""
    stop_if_failed(*attempt(command, log, child_environment()))


def stop_if_failed(code, output):
    """Leave with a message unless the exit code is 0."""
    if code:
        fail("{} (exit code {}, details: {})".format(explain(output), code, LOG))


def install_packages(log):
    """Fill .venv with what is locked: with uv, or where it cannot, with pip."""
    settings = pip_settings()
    environment = installer_environment(settings)
    if "no-index" not in settings and not any(attempt(step, log, environment)[0] for step in (GET_UV, UV)):
        return
    say("uv does not work here: pip does it, which takes longer.")
    shutil.rmtree(CACHE, ignore_errors=True)  # pip may need its disk space
    code, output = attempt(PIP, log, environment)
    missing = re.search(r"requirement (\S+) \(from versions: none\)", output)
    if missing and "Retrying (" not in output:  # pip tells how the index answered only when asked for details
        output += attempt(ASK_WHY + [missing.group(1)], log, environment)[1]  # noqa: RUF005
    stop_if_failed(code, output)


def install():
    """Make .venv anew: whatever is there is unfinished, out of date or broken."""
    began, made_from = time.time(), fingerprint()
    if os.path.exists(STAMP):
        os.remove(STAMP)  # first, so that a .venv that is half removed never looks finished
    for path in [os.path.join(VENV, name) for name in os.listdir(VENV)]:
        if path in (LOCK, CACHE):
            continue
        if os.path.isdir(path) and not os.path.islink(path):
            shutil.rmtree(path)
        else:
            os.remove(path)
    if shutil.disk_usage(VENV).free < NEEDED_GB * 1e9:
        fail("the disk is nearly full: free {} GB for {}, then run this again.".format(NEEDED_GB, VENV))
    say("Making {}, once: {}.".format(VENV_NAME, COST))
    with open(LOG, "w", buffering=1, encoding="utf-8") as log:
        # not sys.executable: that may be the Python in .venv which was removed just now
        run_step([sys._base_executable, "-m", "venv", VENV], log)
        install_packages(log)
        run_step(IMPORT, log)  # nothing is finished before it was seen to work
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
    if name in ("classroom", "site"):
        arguments = [part if part.startswith("-") else os.path.abspath(part) for part in arguments]
    if name == "nbgrader":
        arguments = arguments[1:]  # the first is the folder of the course
    if COLAB:
        arguments = [os.path.join("tests", "places", "test_colab.py")] + arguments[1:]  # noqa: RUF005
    return command + arguments


def start(command, folder):
    """Run a command in a folder and return its exit code."""
    os.chdir(folder)
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
        known = "lab, test, build, bench, site, classroom or nbgrader"
        say("run.py: there is no command '{}': use {}.".format(arguments[0], known))
        return 2
    folder = "".join(arguments[1:2]) if arguments[0] == "nbgrader" else ROOT
    if arguments[0] == "nbgrader" and not os.path.isfile(os.path.join(folder, "nbgrader_config.py")):
        say("run.py: '{}' is no course: nbgrader takes the folder of one first, such as class/course.".format(folder))
        return 2
    try:
        set_up()
        return start(command_line(arguments[0], arguments[1:]), folder)
    except KeyboardInterrupt:
        say("run.py: stopped; run the same command again to go on.")
        return 130
    except OSError as error:
        return fail(explain(str(error)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

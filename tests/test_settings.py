"""Whatever the reader has set elsewhere, Keras runs on TensorFlow, in float32, and as the lessons expect."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import helpers

HELPERS = Path(helpers.__file__).parent
GRU = """
import os, sys
import helpers
assert not {"keras", "tensorflow"} & set(sys.modules)
import keras, numpy as np
model = keras.Sequential([keras.Input((4, 2)), keras.layers.GRU(3), keras.layers.Dense(1)])
model.compile("adam", "mse", run_eagerly=True)
x = np.ones((40, 4, 2))
epochs = model.fit(x, x[:, 0, :1], epochs=2, batch_size=8, verbose=0)
assert {weight.dtype for weight in model.weights} == {"float32"}
assert model.predict(x, verbose=0).dtype == "float32"
assert (len(epochs.epoch), int(model.optimizer.iterations)) == (2, 10)
print(keras.config.backend(), keras.config.floatx(), keras.config.epsilon(), keras.config.image_data_format())
gone = ["ONEDNN_DEFAULT_FPMATH_MODE", "TF_SET_ONEDNN_FPMATH_MODE"]
print(os.environ["NVIDIA_TF32_OVERRIDE"], *(name in os.environ for name in gone))
"""


def python(code, home, **environment):
    """Run code in a Python of its own whose home folder is given, from the repository's root."""
    known = {k: v for k, v in os.environ.items() if not k.startswith(("KERAS_", "TF_", "NVIDIA_"))}
    known.update(HOME=str(home), USERPROFILE=str(home), **environment)
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=known, cwd=HELPERS.parent, capture_output=True, encoding="utf-8")


def test_settings_elsewhere_do_not_reach_keras(tmp_path):
    """All of them at once, since each needs a TensorFlow of its own; what each would change is looked at."""
    home, elsewhere = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    elsewhere.mkdir()
    other = {"floatx": "float16", "epsilon": 0.1, "backend": "jax", "image_data_format": "channels_first"}
    (elsewhere / "keras.json").write_text(json.dumps(other))
    wrong = {
        "KERAS_HOME": str(elsewhere),
        "KERAS_BACKEND": "jax",
        "KERAS_MAX_EPOCHS": "1",
        "KERAS_MAX_STEPS_PER_EPOCH": "1",
        "KERAS_NNX_ENABLED": "true",
        "NVIDIA_TF32_OVERRIDE": "1",
        "ONEDNN_DEFAULT_FPMATH_MODE": "BF16",
        "TF_SET_ONEDNN_FPMATH_MODE": "BF16",
    }
    done = python(GRU, home, **wrong)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "tensorflow float32 1e-07 channels_last\n0 False False\n"
    # and nothing of Keras' is left on the reader's disk
    assert not (home / ".keras").exists()
    assert [path.name for path in (HELPERS / "keras_home").iterdir()] == ["keras.json"]


@pytest.mark.parametrize("name", ["TF_NUM_INTRAOP_THREADS", "OMP_NUM_THREADS"])
@pytest.mark.parametrize("given", [None, "3"])
def test_one_thread_unless_the_reader_wants_more(tmp_path, monkeypatch, name, given):
    monkeypatch.delenv(name, raising=False)
    done = python(f"import helpers, os; print(os.environ[{name!r}])", tmp_path, **({name: given} if given else {}))
    assert done.stdout == f"{given or 1}\n"


@pytest.mark.parametrize(
    ("backend", "floatx", "fits"),
    [("tensorflow", "float32", True), ("jax", "float32", False), ("tensorflow", "float16", False)],
)
def test_keras_imported_before_helpers(tmp_path, backend, floatx, fits):
    """A stand-in for Keras is enough: importing helpers only asks it two questions."""
    code = (
        "import sys\nfrom types import SimpleNamespace as Module\n"
        f"config = Module(backend=lambda: {backend!r}, floatx=lambda: {floatx!r})\n"
        "sys.modules['keras'] = Module(config=config)\nimport helpers"
    )
    done = python(code, tmp_path)
    assert (done.returncode == 0) == fits
    if not fits:
        message = done.stderr.splitlines()[-1]
        assert f"on {backend} in {floatx}" in message
        assert "restart the kernel" in message

"""Code that the lessons share.

It stands in layers: data → windows, season → cells, models, baselines → evaluation → plots → pipeline, and exercises.

Importing this package loads no TensorFlow. It only sees to it that Keras, imported after it, runs on TensorFlow, in
float32 and full precision, whatever the reader has set elsewhere.
"""

import logging
import os
import sys
from pathlib import Path

# Keras and TensorFlow read all of these once, when they are first imported.
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["KERAS_HOME"] = str(Path(__file__).with_name("keras_home"))  # its keras.json, not that of ~/.keras
os.environ["NVIDIA_TF32_OVERRIDE"] = "0"  # a graphics card multiplies float32 as float32
for _name in (
    "KERAS_MAX_EPOCHS",  # would end `fit` before the epochs that a lesson asks for,
    "KERAS_MAX_STEPS_PER_EPOCH",  # or an epoch before its end
    "KERAS_NNX_ENABLED",  # works with JAX only
    "TF_SET_ONEDNN_FPMATH_MODE",  # these two may let a processor multiply float32 as bfloat16
    "ONEDNN_DEFAULT_FPMATH_MODE",
):
    os.environ.pop(_name, None)

# The lessons' products and trees are small: a second thread costs more than it brings, most of all on a busy computer.
# For wide layers set them yourself.
os.environ.setdefault("TF_NUM_INTRAOP_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # scikit-learn's

# Without it, TensorFlow's start-up notes on the processor and on missing graphics cards fill the first cell that uses
# Keras. Errors still show.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

# A lesson builds several networks and asks each a few times. TensorFlow takes that for one network that is prepared
# ("retraced") again and again, and warns.
logging.getLogger("tensorflow").addFilter(lambda record: "retracing" not in record.getMessage())

if "keras" in sys.modules:
    _config = sys.modules["keras"].config
    if (_config.backend(), _config.floatx()) != ("tensorflow", "float32"):
        raise ImportError(
            f"Keras is at work already, on {_config.backend()} in {_config.floatx()}; the lessons need tensorflow and "
            "float32: restart the kernel, then run the cells from the first one on."
        )

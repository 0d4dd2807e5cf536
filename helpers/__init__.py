"""Code that the lessons share: data → windows → cells, models, baselines → evaluation → plots, and exercises.

Importing this package runs nothing and loads no TensorFlow.
"""

import os

# TensorFlow reads this once, when it is first imported: without it, its start-up notes on the processor and on
# missing graphics cards fill the first cell that uses Keras. Errors still show.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

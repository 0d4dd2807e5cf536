"""Code that the lessons share: data → windows → cells, models, baselines → evaluation → plots, and exercises.

Importing this package runs nothing and loads no TensorFlow. It only keeps TensorFlow's notes out of the lessons.
"""

import logging
import os

# TensorFlow reads this once, when it is first imported: without it, its start-up notes on the processor and on
# missing graphics cards fill the first cell that uses Keras. Errors still show.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

# A lesson builds several networks and asks each a few times. TensorFlow takes that for one network that is prepared
# ("retraced") again and again, and warns.
logging.getLogger("tensorflow").addFilter(lambda record: "retracing" not in record.getMessage())

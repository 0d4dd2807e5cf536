"""nbgrader's settings for this course. README.md tells how to use it."""

import os
import sys

c = get_config()  # noqa: F821 (nbgrader defines it)

c.CourseDirectory.course_id = "gru"
c.CourseDirectory.ignore = ["*"]  # files beside a submission's notebook stay out: nobody brings helpers of their own
c.ClearSolutions.code_stub = {"python": ""}  # the blank `...` stands above each solution already
c.Execute.timeout = 60  # seconds for one cell; the slowest imports TensorFlow

# Whatever a check writes to the error stream costs the point. A warning must not.
os.environ.update(PYTHONWARNINGS="ignore", TF_CPP_MIN_LOG_LEVEL="3")

# nbgrader starts alembic, which is installed beside it, by its name alone.
os.environ["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])

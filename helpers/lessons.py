"""Where a lesson stands in the series, for messages that send a reader to it."""

from pathlib import Path

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"


def lesson(topic: str) -> str:
    """Return "lesson NN" for a topic such as "windowing": the number is that of its notebook.

    Without the notebooks, as after `pip install`, it is "the lesson windowing".
    """
    numbers = [path.name[:2] for path in NOTEBOOKS.glob(f"[0-9][0-9]_{topic}.ipynb")]
    return f"lesson {numbers[0]}" if numbers else f"the lesson {topic}"

"""The table of the lessons of the part Elsewhere, from what they printed when they were run."""

import nbformat

from tools import lessons

TAG = "elsewhere"  # of the cell whose output holds a lesson's row, a line a column
COLUMNS = ("data", "split", "metric", "opponent", "GRU", "GRU, order shuffled", "verdict")


def table() -> str:
    """Return the table as Markdown, one row a lesson that is built; without any, nothing."""
    built = [name for name in lessons.names() if lessons.notebook_path(name, solved=False).exists()]
    rows = [_row(name) for name in built if TAG in _source_tags(name)]
    if not rows:
        return ""
    heading = ["lesson", "data", "judged on", "metric", "best simple method", "GRU", "GRU, order shuffled", "verdict"]
    return "\n".join([_line(heading), _line(["---"] * len(heading)), *map(_line, rows)]) + "\n"


def results(book, name: str) -> dict[str, str]:
    """Return what a lesson's cell printed, by column.

    Raises
    ------
    ValueError
        If the columns are not those of `COLUMNS`, each once and in this order; the message names the lesson.
    """
    [cell] = [cell for cell in book.cells if TAG in cell.metadata.get("tags", [])]
    printed = "".join(output.get("text", "") for output in cell.outputs).splitlines()
    found = dict(line.partition(": ")[::2] for line in printed)
    if tuple(found) != COLUMNS or not all(found.values()):
        raise ValueError(f"{name}: the cell tagged {TAG} printed {list(found)}; it needs {list(COLUMNS)}, each filled")
    return found


def _row(name: str) -> list[str]:
    book = nbformat.read(lessons.notebook_path(name, solved=False), as_version=4)
    link = f"[{name[:2]} {lessons.topic(name)}](notebooks/{name}.ipynb)"
    return [link, *results(book, name).values()]


def _source_tags(name: str) -> set[str]:
    return {tag for cell in lessons.compose(name, False).cells for tag in cell.metadata.get("tags", [])}


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"

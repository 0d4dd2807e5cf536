"""Exercise sheets that nbgrader can grade: the exercises of a lesson, and of its code only what they use.

A sheet trains nothing, so it is graded in seconds. Each exercise is a cell for the answer and a locked cell with a
check that raises unless the answer is right. Its hidden part judges on further draws; nbgrader takes it out of what
students get, and puts it back for the grade.
"""

import ast
import re
import symtable
from collections.abc import Iterator

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import lessons
from tools.setup_cell import setup_cell

HEADING = "## Exercises"
POINTS = 1  # for each exercise
INTRODUCTION = """# Exercises: {title}

They belong to the lesson of this name, and use its terms. **{points} points**, one for each exercise.

- Write where a `...` stands, and nowhere else: all other cells are put back as they were before the grade.
- Save this notebook in the folder of your copy of the collection, or in a folder below it.
- Before you hand it in: Kernel → Restart Kernel and Run All Cells, then look at every check.

A check that raises an error gives no point. For the grade, the same check tries further cases."""


def sheet(name: str):
    """Return the exercise sheet of a lesson as nbgrader's source: a notebook with solutions and hidden tests.

    Raises
    ------
    ValueError
        If a check of the exercises is no plain call; the message names the file and the check.
    """
    lesson, exercises = _halves(name)
    code = "\n".join(lessons.content(cell, True, name) for cell in exercises if cell.cell_type == "code")
    points = POINTS * len(re.findall(r"^check\.", code, re.MULTILINE))
    cells = [
        _read_only(new_markdown_cell(INTRODUCTION.format(title=lessons.title(name), points=points)), "introduction"),
        _read_only(new_code_cell(setup_cell(lessons.repository())), "set_up"),
        _read_only(new_code_cell(needed(lesson, exercises, code)), "from_the_lesson"),
    ]
    for position, cell in enumerate(exercises):
        cells.append(_exercise_cell(cell, f"part_{position}", name))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})


def _halves(name: str) -> tuple[list, list]:
    """Return the learner's cells before the exercises, and those of the exercises; a text may be cut in two."""
    cells = lessons.learners_cells(name)
    first = next(i for i, cell in enumerate(cells) if re.search(f"^{HEADING}", cell.source, re.MULTILINE))
    beginning = new_markdown_cell(HEADING + cells[first].source.split(HEADING, 1)[1])
    exercises = [beginning]
    for cell in cells[first + 1 :]:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            break
        exercises.append(cell)
    return cells[:first], exercises


def needed(lesson: list, exercises: list, solved: str) -> str:
    """Return of the lesson's code all imports, what the solutions use, and the functions that the texts name."""
    texts = [cell.source for cell in exercises if cell.cell_type == "markdown"]
    named = set(re.findall(r"`(\w+)`", "\n".join(texts)))
    wanted, bound = names_in(solved)
    wanted -= bound
    kept = []
    for statement, text in reversed(list(_statements(lesson))):
        used, bound = names_in(text)
        is_import = isinstance(statement, ast.Import | ast.ImportFrom)
        is_named = isinstance(statement, ast.FunctionDef) and statement.name in named
        if is_import or is_named or bound & wanted:
            kept.append("\n\n" * isinstance(statement, ast.FunctionDef) + text)
            wanted = (wanted - bound) | used
            named -= bound
    return "# what the exercises use from the lesson\n" + "\n".join(reversed(kept))


def _statements(cells: list) -> Iterator[tuple[ast.stmt, str]]:
    """Yield every statement of the lesson's code with its text."""
    for cell in cells:
        if cell.cell_type == "code":
            for statement in lessons.parse(cell.source):
                yield statement, ast.get_source_segment(cell.source, statement)


def names_in(code: str) -> tuple[set[str], set[str]]:
    """Return the names that code uses and does not keep to a function, and those that it binds at its top level."""
    tree = ast.fix_missing_locations(_GeneratorsOnly().visit(ast.parse(code)))
    top, *inner = _tables(symtable.symtable(ast.unparse(tree), "sheet", "exec"))
    used = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_referenced()}
    used |= {symbol.get_name() for table in inner for symbol in table.get_symbols() if symbol.is_global()}
    bound = {symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    return used, bound


class _GeneratorsOnly(ast.NodeTransformer):
    """Makes comprehensions generators: from Python 3.12 on, only these keep loop variables in a table of their own."""

    def visit_ListComp(self, node):
        self.generic_visit(node)
        return ast.GeneratorExp(node.elt, node.generators)

    def visit_SetComp(self, node):
        return self.visit_ListComp(node)

    def visit_DictComp(self, node):
        self.generic_visit(node)
        return ast.GeneratorExp(ast.Tuple([node.key, node.value], ast.Load()), node.generators)


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def _exercise_cell(cell, grade_id: str, name: str):
    if cell.cell_type == "markdown":
        text = re.sub(r"\[([^]]+)\]\([^)#]*\.ipynb[^)]*\)", r"\1", lessons.with_numbers(cell.source))
        return _read_only(new_markdown_cell(text), grade_id)
    if re.match(r"check\.", cell.source):
        return _check(cell.source, name)
    if "### BEGIN SOLUTION" in cell.source:
        return _marked(new_code_cell(cell.source.strip()), grade_id, solution=True)
    return _read_only(new_code_cell(cell.source), grade_id)


def _check(source: str, name: str):
    """Return the locked cell with a check, worth points, whose hidden part judges on further draws."""
    call = re.fullmatch(r"check\.(\w+)\((.+)\)", source)
    if not call:
        raise ValueError(f"sources/{name}.py: the cell of a check holds one call and nothing else, not {source!r}")
    exercise, answers = call.groups()
    text = (
        f'assert {source}.correct, "the line above tells what is probably wrong"\n'
        "### BEGIN HIDDEN TESTS\n"
        f'import grading\n\ngrading.assert_right("{lessons.topic(name)}", "{exercise}", {answers})\n'
        "### END HIDDEN TESTS"
    )
    return _marked(new_code_cell(text), exercise, locked=True, grade=True, points=POINTS)


def _read_only(cell, grade_id: str):
    return _marked(cell, grade_id, locked=True)


def _marked(cell, grade_id: str, solution=False, locked=False, grade=False, **points):
    """Return the cell with what nbgrader wants to know of it."""
    cell.metadata["nbgrader"] = {
        "schema_version": 3,
        "grade_id": grade_id,
        "solution": solution,
        "locked": locked,
        "grade": grade,
        "task": False,
        **points,
    }
    cell.id = grade_id.replace("_", "-")
    return cell

"""The reference of `helpers`, from its text alone: signatures as they stand, and docstrings. Nothing is imported."""

import ast
import re
import textwrap

from tools import lessons

LEFT_OUT = ("exercises", "daily_csv")  # packages of rooms that nobody else enters; their doors are
DOORS = ("daily_csv", "exercises.engine")
FUNCTIONS = (ast.FunctionDef, ast.ClassDef)


def pages() -> dict[str, str]:
    """Return the reference as reStructuredText, by file name: an index, and a page a module."""
    found = modules()
    rows = "\n".join(f"   * - :doc:`{name}`\n     - {first_line(tree)}" for name, tree in found.items())
    names = "\n".join(f"   {name}" for name in found)
    index = (
        f"{heading('Reference of helpers')}\nWhat several lessons share. Each page is made from the docstrings.\n\n"
        f".. list-table::\n   :header-rows: 1\n\n   * - module\n     - what it does\n{rows}\n\n"
        f".. toctree::\n   :hidden:\n\n{names}\n"
    )
    return {"index": index, **{name: page(name, tree) for name, tree in found.items()}}


def modules() -> dict[str, ast.Module]:
    """Return the modules of helpers that are meant for others and define something."""
    found = {}
    for path in sorted((lessons.ROOT / "helpers").rglob("*.py")):
        name = ".".join(path.relative_to(lessons.ROOT).with_suffix("").parts).removesuffix(".__init__")
        inside = name.removeprefix("helpers.")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if public(tree) and (inside.split(".")[0] not in LEFT_OUT or inside in DOORS):
            found[name] = tree
    return found


def public(parent: ast.Module | ast.ClassDef) -> list[ast.FunctionDef | ast.ClassDef]:
    """Return what a module or a class defines for others."""
    return [node for node in parent.body if isinstance(node, FUNCTIONS) and not node.name.startswith("_")]


def page(name: str, tree: ast.Module) -> str:
    """Return the page of a module."""
    parts = [heading(name), f".. py:module:: {name}", described(tree), *(entry(node) for node in public(tree))]
    return "\n\n".join(parts) + "\n"


def heading(text: str) -> str:
    """Return a heading of the first level."""
    return f"{text}\n{'=' * len(text)}\n"


def first_line(tree: ast.Module) -> str:
    """Return the first line of a module's docstring."""
    return ast.get_docstring(tree).splitlines()[0]


def entry(node: ast.FunctionDef | ast.ClassDef, kind: str = "function") -> str:
    """Return one function, method or class with all that stands in it."""
    if isinstance(node, ast.ClassDef):
        parts = [described(node), *map(field, fields(node)), *(entry(method, "method") for method in public(node))]
        return directive("class", node.name, parts)
    decorators = {decorator.id for decorator in node.decorator_list if isinstance(decorator, ast.Name)}
    if "property" in decorators:
        return directive("property", node.name, [described(node)])
    mark = "\n   :classmethod:" if "classmethod" in decorators else ""
    return directive(kind, signature(node) + mark, [described(node)])


def signature(node: ast.FunctionDef) -> str:
    """Return name, arguments and result of a function on one line, as they stand in its text."""
    arguments = ast.unparse(node.args)
    for own in ("self", "cls"):
        arguments = arguments.removeprefix(own).removeprefix(", ") if arguments.split(",")[0] == own else arguments
    result = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{node.name}({arguments}){result}"


def fields(node: ast.ClassDef) -> list[str]:
    """Return the fields of a named tuple or a data class, with their types, if its docstring does not list them."""
    if "Attributes\n---" in (ast.get_docstring(node) or ""):
        return []
    named = [line for line in node.body if isinstance(line, ast.AnnAssign)]
    return [f"{line.target.id}\n   :type: {ast.unparse(line.annotation)}" for line in named if line.target.id[0] != "_"]


def field(text: str) -> str:
    """Return a field as its directive."""
    return directive("attribute", text, [])


def directive(kind: str, what: str, parts: list[str]) -> str:
    """Return a directive of Sphinx with its contents."""
    body = "\n\n".join(part for part in parts if part)
    return f".. py:{kind}:: {what}\n\n{textwrap.indent(body, '   ')}"


def described(node) -> str:
    """Return a docstring with its sections, Parameters and others, as lists.

    What it says of several parameters together, such as their shapes in order, stays together.
    """
    from sphinx.ext.napoleon import Config, NumpyDocstring

    text = re.sub(
        r"(`[^`]*`)|\|", lambda m: m[1] or r"\|", ast.get_docstring(node) or ""
    )  # |x| would be a substitution
    return str(NumpyDocstring(text, Config(napoleon_use_rtype=False, napoleon_use_param=False))).strip()

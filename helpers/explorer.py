"""The GRU explorer in a notebook: one cell, step by step, with all its numbers.

`explorer.html` beside this module is the whole page, built by `tools/explorer.py`. Once shown, it needs no kernel.
"""

import re
from pathlib import Path

PAGE = Path(__file__).with_name("explorer.html")


def show(setting: str) -> None:
    """Show the explorer below the cell, opened at one of its settings; errors as `frame`."""
    from IPython.display import display

    display({"text/html": frame(setting), "text/plain": "The GRU explorer, a page to play with."}, raw=True)


def frame(setting: str) -> str:
    """Return the explorer as an HTML frame that holds all of it, opened at "example", "keeper" or "brussels".

    Raises
    ------
    ValueError
        If there is no such setting.
    """
    page = PAGE.read_text(encoding="utf-8")
    if setting not in (names := re.findall(r'"id":"(\w+)"', page)):
        raise ValueError(f"the explorer has no setting {setting!r}; it has {', '.join(names)}")
    page = page.replace("<html ", f'<html data-setting="{setting}" ', 1)
    page = page.replace("&", "&amp;").replace("'", "&#39;")  # between single quotes: the page has few of them
    style = "border: 1px solid #8a8a8a"
    return f"<iframe title='GRU explorer' width='100%' height='900' style='{style}' srcdoc='{page}'></iframe>"

"""Sphinx's settings for the site; `tools/site.py` calls it."""

import html

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode

project = "Learn the Gated Recurrent Unit"
author = "The authors of the GRU notebooks"
language = "en"
extensions = ["myst_nb", "sphinx_copybutton"]
exclude_patterns = ["notebooks/solutions", "downloads"]

nb_execution_mode = "off"  # the notebooks are shown as they were committed
nb_merge_streams = True
nb_ipywidgets_js = {}  # would come from another host; a page has no kernel anyway
myst_enable_extensions = ["dollarmath", "deflist"]
myst_heading_anchors = 3
mathjax_path = "mathjax/startup.js"
mathjax3_config = {
    "loader": {"load": ["input/tex-base", "[tex]/ams", "output/chtml", "a11y/assistive-mml"]},
    "tex": {"packages": {"[+]": ["ams"]}},
    "options": {"processHtmlClass": "tex2jax_process|mathjax_process|math|output_area", "enableAssistiveMml": True},
}

default_role = "code"  # `x` in a docstring is code, as in a notebook
add_module_names = False

html_theme = "sphinx_book_theme"
html_title = project
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = ["site.js"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_last_updated_fmt = None
html_domain_indices = False
html_use_index = False  # the reference and the search do better
html_context = {"default_mode": "auto"}  # light or dark, as the reader's system is set
html_theme_options = {
    "collapse_navbar": True,
    "navbar_persistent": [],  # the search field is in the side bar
    "navigation_with_keys": True,
    "use_download_button": False,  # each lesson has its own links, which name what they give
    "use_fullscreen_button": False,
    "show_navbar_depth": 1,
    "show_toc_level": 2,
}
copybutton_selector = "div.cell_input pre, div.highlight-default pre, div.highlight-none pre"

# A page may load what lies beside it, and nothing else; a browser reports whatever tries.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; media-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'self'"
)


def add_policy(app, pagename, templatename, context, doctree):
    """Put the policy first in the page's head, before anything that it judges, and say that there is no icon."""
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    no_icon = '<link rel="icon" href="data:,">'  # or a browser asks the server for one that is not there
    context["metatags"] = policy + no_icon + context.get("metatags", "")


def keep_frames_out_of_the_search(app, doctree, docname):
    """Have the search pass over what holds a whole page in a frame: nobody finds its words in the page's own text."""
    for node in doctree.findall(nodes.raw):
        if "<iframe" in node.astext():
            node["classes"].append("no-search")


def open_fold(translator, node):
    """Write a folded cell; myst-nb's own names every fold "Toggle hidden content", whatever is in it."""
    translator.body.append(f"<details>\n<summary>{html.escape(node['prompt_show'])}</summary>\n")


def close_fold(translator, node):
    """Write the end of a folded cell."""
    translator.body.append("</details>\n")


def setup(app):
    """Change what the extensions do to pages."""
    app.add_node(HideCodeCellNode, override=True, html=(open_fold, close_fold))
    app.connect("doctree-resolved", keep_frames_out_of_the_search)
    app.connect("html-page-context", add_policy, priority=900)

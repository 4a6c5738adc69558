"""How Sphinx builds these pages: `make docs`, warnings are errors, no connection is opened."""

import logging
from importlib.metadata import version as installed_version

from docutils.nodes import Element, reference
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

project = "dedupkit"
author = "the dedupkit authors"
project_copyright = "2026, the dedupkit authors"
version = release = installed_version(project)

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton"]
exclude_patterns = ["_build"]
logging.getLogger("sphinx.sphinx.directives.other").addFilter(
    lambda record: getattr(record, "subtype", None) != "empty_glob"  # a section may be empty
)

html_theme = "furo"
html_title = project
maximum_signature_line_length = 80
copybutton_exclude = ".linenos, .gp, .go"

myst_enable_extensions = ["colon_fence", "deflist", "fieldlist"]
myst_heading_anchors = 3

autodoc_default_options = {"members": True}
autodoc_member_order = "bysource"
napoleon_numpy_docstring = False

nitpick_ignore_regex = [
    (r"py:.*", r"(?!dedupkit\b).*"),  # other projects' names: their inventories are on the network
    (r"py:.*", r".*\.[A-Z](_co|_contra)?"),  # type variables, which have no page
]


def resolve_private_path(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: Element
) -> reference | None:
    """Link a name that is documented where users import it, not where it is defined."""
    target: str = node.get("reftarget", "")
    module, _, name = target.rpartition(".")
    if node.get("refdomain") != "py" or not module.startswith(project):
        return None
    python = env.domains.python_domain
    while module := module.rpartition(".")[0]:
        if found := python.objects.get(f"{module}.{name}"):
            docname = node.get("refdoc", found.docname)
            uri = app.builder.get_relative_uri(docname, found.docname) + f"#{found.node_id}"
            return reference("", "", content, internal=True, refuri=uri, reftitle=target)
    return None


def setup(app: Sphinx) -> None:
    """Register what is particular to this project."""
    app.connect("missing-reference", resolve_private_path)

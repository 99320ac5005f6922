"How Sphinx renders the site. `python tools/docs.py` gathers its sources and calls it."
from html import escape

from latex2mathml.converter import convert

project = 'textres'
html_title = 'textres'
copyright = '2026, the textres authors'
extensions = ['myst_nb']
html_theme = 'furo'
html_static_path = ['docs/_static']
html_css_files = ['site.css']
html_copy_source = False
html_show_sphinx = False
html_math_renderer = 'mathml'
nb_execution_mode = 'off'                       # notebooks are shown with their committed outputs
nb_merge_streams = True
nitpicky = True
myst_enable_extensions = ['colon_fence', 'dollarmath', 'deflist']
myst_heading_anchors = 4
python_maximum_signature_line_length = 80
toc_object_entries_show_parents = 'hide'
add_module_names = False

def inline_math(self, node):
    "A formula as MathML, which browsers draw without a script from elsewhere."
    from docutils.nodes import SkipNode
    self.body.append(convert(node.astext()))
    raise SkipNode

def block_math(self, node):
    from docutils.nodes import SkipNode
    title, formula = escape(node.astext(), quote=True), convert(node.astext(), display='block')
    self.body.append(f"<div class='math' title='{title}'>{formula}</div>")
    raise SkipNode

def setup(app):
    app.add_html_math_renderer('mathml', (inline_math, None), (block_math, None))
    return dict(parallel_read_safe=True, parallel_write_safe=True)

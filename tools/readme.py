"README.md from nbs/index.ipynb: `python tools/readme.py [--check]`. Cells marked `#| hide` are left out, `#| echo: false` shows outputs only."
import re, sys
from pathlib import Path

import nbformat
from nbconvert import MarkdownExporter

root = Path(__file__).resolve().parent.parent
nb = nbformat.read(root/'nbs'/'index.ipynb', 4)
nb.cells = [c for c in nb.cells if not c.source.startswith('#| hide')]
for c in nb.cells:
    if c.source.startswith('#| echo: false'): c.metadata['tags'] = ['remove_input']
exporter = MarkdownExporter(config=dict(TagRemovePreprocessor=dict(enabled=True, remove_input_tags=['remove_input'])))
text, _ = exporter.from_notebook_node(nb)
text = re.sub(r'<style scoped>.*?</style>\n?', '', text, flags=re.S)
text = re.sub(r'\n{3,}', '\n\n', text).strip() + '\n'

readme = root/'README.md'
if '--check' not in sys.argv: readme.write_text(text, encoding='utf-8')
elif readme.read_text(encoding='utf-8') != text: sys.exit('README.md is stale: run python tools/readme.py and commit it.')

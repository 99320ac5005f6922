"""The site: `python tools/docs.py [FOLDER]` (default `_docs`); needs no network, fails on any warning or dead link.

Sources are gathered in one tree that keeps the places of the repository, so that a link works there and here: pages
from `docs/`, notebooks from `nbs/` with their committed outputs, pictures, and pages made now: one per module, the
lists, the gallery."""
import importlib, inspect, os, re, shutil, subprocess, sys, tempfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
from fastcore.docments import docments

root = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(root))
ROOMS = {0: 'Core', 1: 'Data', 2: 'Text', 3: 'Models', 4: 'Training', 5: 'Faults', 6: 'Resilience', 7: 'Study',
         8: 'Benchmarks and the command line', 9: 'Architecture'}
FOLDERS = dict(howto='How-to', tutorials='Tutorials', paper='Tables and figures', experiments='Experiment templates')

# Notebooks

def notebooks() -> list:
    "Paths of every notebook, in order."
    paths = (root/'nbs').rglob('*.ipynb')
    return sorted(p for p in paths if '.ipynb_checkpoints' not in p.parts and not p.name.startswith(('_', '.')))

def reader_cell(cell):
    "The cell as a reader should see it; `None` for one that is for the machine."
    if cell.cell_type != 'code': return cell
    flags, code = re.match(r'((?:#\|[^\n]*(?:\n|$)|\s*\n)*)(.*)', cell.source, re.S).groups()
    outputs = [o for o in cell.get('outputs', []) if o.get('name') != 'stderr']
    if re.search(r'#\| *(hide|default_exp)', flags) or not code.strip() and not outputs: return None
    cell.source, cell.outputs, cell.metadata = code.rstrip(), outputs, {}
    if 'echo: false' in flags: cell.metadata['tags'] = ['remove-input']
    return cell

def reader_notebook(path: Path):
    "A notebook without what only machines need."
    nb = nbformat.read(path, 4)
    nb.cells = [c for c in map(reader_cell, nb.cells) if c is not None]
    nb.metadata = dict(kernelspec=dict(name='python3', display_name='Python 3', language='python'),
                       language_info=dict(name='python', pygments_lexer='python3'))
    return nb

def title(path: Path) -> str:
    "The heading of a notebook."
    first = nbformat.read(path, 4).cells[0].source
    if not first.startswith('# '): sys.exit(f'{path.relative_to(root)} has no title: a first cell "# ..." was expected.')
    return first[2:].split('\n')[0]

def copy_notebooks(src: Path):
    "All notebooks; the README's one sits at the root, where its links start."
    for p in notebooks():
        place = src/'readme.ipynb' if p == root/'nbs'/'index.ipynb' else src/p.relative_to(root)
        place.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(reader_notebook(p), place)

def toctree(docs, **options) -> str:
    "A MyST table of contents."
    return '\n'.join(['```{toctree}', *(f':{k}: {v}' for k, v in options.items()), '', *docs, '```', ''])

def doc_name(path: Path) -> str: return '/' + str(path.relative_to(root).with_suffix(''))

def list_notebooks(src: Path):
    "One page that lists every notebook by room, and one for each folder beside the library."
    library = [p for p in notebooks() if p.parent == root/'nbs' and p.name[0].isdigit()]
    lines = ['# The library, notebook by notebook', '',
             'Every module is a notebook that explains it. A module imports only from lower numbers.', '']
    for n, room in ROOMS.items():
        books = [doc_name(p) for p in library if int(p.name[0]) == n]
        if books: lines += [f'## {room}', '', toctree(books, maxdepth=1)]
    (src/'library.md').write_text('\n'.join(lines))
    for folder in sorted({p.parent for p in notebooks()} - {root/'nbs', root/'nbs'/'concepts'}):
        books = [doc_name(p) for p in notebooks() if p.parent == folder]
        head = f'# {FOLDERS.get(folder.name, folder.name.capitalize())}\n\n{intro(folder)}\n\n'
        (src/f'{folder.name}.md').write_text(head + toctree(books, maxdepth=1))
    rest = [p for p in notebooks() if p.parent == root/'nbs' and p not in library and p.name != 'index.ipynb']
    return [doc_name(p) for p in rest]

def intro(folder: Path) -> str:
    "What `docs/_intro/FOLDER.md` says of a folder of notebooks."
    p = root/'docs'/'_intro'/f'{folder.name}.md'
    return p.read_text().strip() if p.is_file() else ''

# One page per module

def plain(text: str) -> str:
    "Text of a docstring or comment for Markdown: code in backticks stays, anything else that is markup is escaped."
    parts = re.split(r'(``?[^`]+``?)', ' '.join((text or '').split()))
    return ''.join(p if p.startswith('`') else re.sub(r'([\\*_<>\[\]$#|{}~])', r'\\\1', p) for p in parts)

def cell(text) -> str: return plain(str(text)).replace('\\|', '|').replace('|', '\\|')

def kind(anno) -> str:
    "An annotation as it is written; nothing where there is none."
    if anno in (inspect.Parameter.empty, None): return ''
    words = anno if isinstance(anno, str) else anno.__name__ if isinstance(anno, type) else str(anno)
    return '`' + words.replace('typing.', '').replace('textres.', '') + '`'

def default(value) -> str:
    "A default as it can be written in a signature."
    simple = isinstance(value, (int, float, str, bool, type(None), tuple, list, dict))
    return repr(value) if simple and len(repr(value)) < 60 and ' at 0x' not in repr(value) else '...'

def signature(f, drop=()) -> str:
    "Names and defaults; types stand in the table."
    try: ps = [p for p in inspect.signature(f).parameters.values() if p.name not in drop]
    except (TypeError, ValueError): return '(...)'
    empty = inspect.Parameter.empty
    ps = [p.replace(annotation=empty, default=empty if p.default is empty else _Raw(default(p.default))) for p in ps]
    try: return str(inspect.Signature(ps))
    except ValueError: return '(...)'

class _Raw:
    "Prints as the text it was given."
    def __init__(self, text): self.text = text
    def __repr__(self): return self.text

def table(f, drop=('self', 'cls')) -> str:
    "Parameters and result with their comments, or nothing where there are none."
    try: d, own = docments(f, full=True), inspect.signature(f)
    except Exception: return ''                                   # no source: built at run time
    rows = [(k, v) for k, v in d.items() if k not in drop and (v.get('docment') or k != 'return')]
    if not any(v.get('docment') for _, v in rows): return ''
    lines = [_row(k, v.get('docment'), own.parameters.get(k), own.return_annotation) for k, v in rows]
    return '\n'.join(['| name | type | default | |', '|:--|:--|:--|:--|', *lines]) + '\n'

def _row(name, comment, p, result):
    "A line of a table of parameters; `p` is `None` for the result."
    if p is None: return f"| *returns* | {cell(kind(result))} | | {cell(comment or '')} |"
    shown = '' if p.default is inspect.Parameter.empty else f'`{default(p.default)}`'
    return f"| `{name}` | {cell(kind(p.annotation))} | {cell(shown)} | {cell(comment or '')} |"

def directive(what, name, body, level=0) -> str:
    "A description of the Python domain."
    colons = ':' * (6 - level)
    return f'{colons}{{py:{what}}} {name}\n\n{body}\n{colons}\n'

def describe(name: str, o) -> str:
    "Markdown of one public name."
    if inspect.isclass(o): return describe_class(name, o)
    if callable(o) and (inspect.isfunction(o) or hasattr(o, '__wrapped__')):
        return directive('function', name + signature(o), f'{plain(inspect.getdoc(o))}\n\n{table(o)}')
    return directive('data', name, value(o))

def value(o) -> str:
    "What a constant holds, in a line."
    if isinstance(o, (int, float, str)) and len(repr(o)) < 200: return f'`{o!r}`'.replace('\n', ' ')
    if hasattr(o, '__len__') and all(isinstance(k, str) for k in o) and 0 < len(o) <= 60:
        return f'A `{type(o).__name__}`: ' + ', '.join(f'`{k}`' for k in o) + '.'
    return f'A `{type(o).__name__}`' + (f' with {len(o)} entries.' if hasattr(o, '__len__') else '.')

def describe_class(name, c) -> str:
    "A class, its fields and its public methods."
    own = {k: v for k, v in vars(c).items() if not k.startswith('_')}
    methods = [directive('method', k + signature(v, ('self',)), f'{plain(inspect.getdoc(v))}\n\n{table(v)}', 1)
               for k, v in own.items() if inspect.isfunction(v) and (inspect.getdoc(v) or table(v))]
    fields = table(c) or table(c.__init__)
    return directive('class', name + signature(c), f'{plain(own_doc(c))}\n\n{fields}\n' + '\n'.join(methods))

def own_doc(c):
    "The docstring that was written for this class."
    doc = vars(c).get('__doc__') or ''
    return '' if doc.startswith(f'{c.__name__}(') else doc

def modules() -> dict:
    "Module name → the notebook that it is made of."
    out = {}
    for p in notebooks():
        text = '\n'.join(c.source for c in nbformat.read(p, 4).cells)
        if m := re.search(r'^#\| *default_exp +(\S+)', text, re.M): out[m[1]] = p
    return out

def api_page(name: str, path: Path) -> str:
    "The page of a module."
    m = importlib.import_module(f'textres.{name}')
    head = ['---', 'orphan: true', '---', f'# textres.{name}', '', plain(m.__doc__) + '.', '',
            f'Explained in [{title(path)}](/{path.relative_to(root)}). One of the [modules](/api.md).', '',
            f'```{{py:module}} textres.{name}\n```', '']
    return '\n'.join(head + [describe(n, getattr(m, n)) for n in m.__all__])

def write_api(src: Path):
    "One page per module, and their list, which stands in no sidebar: a hundred modules there would be in every page."
    (src/'api').mkdir()
    names = modules()
    lines = ['# Reference', '', 'Every module with its functions, their parameters, units and ranges.']
    for name, path in names.items():
        (src/'api'/f'{name}.md').write_text(api_page(name, path))
        room = ROOMS[int(path.name[0])]
        if f'## {room}' not in lines: lines += ['', f'## {room}', '']
        lines.append(f'- [textres.{name}](/api/{name}.md): {plain(importlib.import_module(f"textres.{name}").__doc__)}')
    (src/'api.md').write_text('\n'.join(lines) + '\n')

# Pictures

def write_gallery(src: Path):
    "Every committed picture, by study."
    lines = ['# Gallery', '', 'Every picture of `figures/pictures`, made from the committed records by the notebooks '
             'of [tables and figures](paper.md) and `textres reproduce`.', '']
    for folder in sorted(p for p in (root/'figures'/'pictures').iterdir() if p.is_dir()):
        lines += [f'## {folder.name}', '']
        for p in sorted(p for p in folder.iterdir() if p.suffix in ('.png', '.svg')):
            place = src/p.relative_to(root)
            place.parent.mkdir(parents=True, exist_ok=True); shutil.copy(p, place)
            words = p.stem.replace('_', ' ')
            lines += [f'```{{figure}} /{p.relative_to(root)}', f':alt: {folder.name}, {words}', '', words, '```', '']
    (src/'gallery.md').write_text('\n'.join(lines))

# The whole

def gather(src: Path):
    "The source tree."
    shutil.copytree(root/'docs', src/'docs', ignore=shutil.ignore_patterns('conf.py', '_intro', 'index.md'))
    shutil.copy(root/'docs'/'conf.py', src/'conf.py')
    copy_notebooks(src)
    rest = list_notebooks(src)
    write_api(src); write_gallery(src)
    page = re.sub(r'\]\((\w+\.md)\)', r'](docs/\1)', (root/'docs'/'index.md').read_text())
    (src/'index.md').write_text(page.replace('](../', '](').replace('%REST%', '\n'.join(rest)))

class Links(HTMLParser):
    "Addresses and anchors of a page."
    def __init__(self, path):
        super().__init__()
        self.links, self.ids = [], set()
        self.feed(path.read_text(encoding='utf-8'))
    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        self.ids |= {v for v in (a.get('id'), a.get('name')) if v}
        self.links += [v for v in (a.get('href'), a.get('src')) if v]

def dead_links(html: Path) -> list:
    "`page: address` of every internal link without a target."
    pages = {p: Links(p) for p in html.rglob('*.html')}
    out = []
    for p, page in pages.items():
        for link in set(page.links):
            u = urlsplit(link)
            if u.scheme or u.netloc: continue
            to = (p.parent/unquote(u.path)).resolve() if u.path else p
            if to.is_dir(): to = to/'index.html'
            anchor = unquote(u.fragment)
            if not to.is_file() or anchor and to in pages and anchor not in pages[to].ids:
                out.append(f'{p.relative_to(html)}: {link}')
    return sorted(out)

def build(out: Path):
    "Build the site in `out`."
    with tempfile.TemporaryDirectory() as tmp:
        gather(src := Path(tmp)/'src')
        command = [sys.executable, '-m', 'sphinx', '-W', '--keep-going', '-n', '-q', '-j', '2', src, f'{tmp}/html']
        env = dict(os.environ, PYDEVD_DISABLE_FILE_VALIDATION='1')
        if subprocess.run(command, env=env).returncode: sys.exit('The site has warnings.')
        shutil.rmtree(out, ignore_errors=True); shutil.move(f'{tmp}/html', out)
    dead = dead_links(out)
    if dead: sys.exit('Dead links:\n' + '\n'.join(dead))
    print(f'{len(list(out.rglob("*.html")))} pages in {out}: no warning, no dead link')

if __name__ == '__main__': build(Path(sys.argv[1] if len(sys.argv) > 1 else root/'_docs').resolve())

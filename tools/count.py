"""How large the house is: `python tools/count.py` prints sizes of the exported library, and what one `inject` runs through.

Parameters, functions, lines, from the syntax tree; functions, modules and depth, from a profile of one small campaign
(`--names` lists them with their purpose)."""
import ast, json, re, statistics, sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
WIDE = 120

def functions() -> list:
    "(module, name, parameters, lines) of every function and method of the exported library."
    found = []
    for p in sorted((ROOT/'textres').rglob('*.py')):
        if p.name == '_modidx.py': continue
        for n in ast.walk(ast.parse(p.read_text(encoding='utf-8'))):
            if not isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)): continue
            a = n.args
            own = [x.arg for x in (*a.posonlyargs, *a.args, *a.kwonlyargs) if x.arg not in ('self', 'cls')]
            found.append((p.relative_to(ROOT/'textres').with_suffix('').as_posix().replace('/', '.'), n.name, len(own),
                          n.end_lineno - n.lineno + 1))
    return found

def unused() -> list:
    "Names that an exported module imports and never says; `noqa` on the line keeps one."
    found = []
    for p in sorted((ROOT/'textres').rglob('*.py')):
        tree, lines = ast.parse(text := p.read_text(encoding='utf-8')), text.splitlines()
        said = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)} | {n.value for n in ast.walk(tree)
                                                                            if isinstance(n, ast.Constant)}
        for n in ast.walk(tree):
            if not isinstance(n, (ast.Import, ast.ImportFrom)) or 'noqa' in lines[n.end_lineno - 1]: continue
            names = [(a.asname or a.name).split('.')[0] for a in n.names]
            found += [f"{p.relative_to(ROOT/'textres')}: {k}" for k in names if k not in said]
    return found

def wide_lines() -> Counter:
    "Notebook → code lines of more than `WIDE` characters."
    count = Counter()
    for p in sorted((ROOT/'nbs').rglob('*.ipynb')):
        for c in json.loads(p.read_text(encoding='utf-8'))['cells']:
            if c['cell_type'] == 'code': count[p.name] += sum(len(l) > WIDE for l in ''.join(c['source']).split('\n'))
    return +count

def sizes() -> dict:
    "The counts that the issues speak of."
    fs = functions()
    commands = [f for f in fs if f[1].endswith('_cmd')]
    rest = [f for f in fs if f not in commands]
    name = lambda f: f'{f[0]}.{f[1]}'
    most, wordy, longest = max(rest, key=lambda f: f[2]), max(commands, key=lambda f: f[2]), max(fs, key=lambda f: f[3])
    inject = next(f for f in fs if f[:2] == ('resilience.campaign', 'inject'))
    lines = [f[3] for f in fs]
    return {'parameters of inject': inject[2], 'most parameters': f'{most[2]} ({name(most)})',
            'most options of a command': f'{wordy[2]} ({name(wordy)})', 'more than 12 parameters': sum(f[2] > 12 for f in fs),
            'functions': len(fs), 'median lines of a function': statistics.median(lines),
            'nine in ten at most': sorted(lines)[int(.9 * len(lines))], 'longest function': f'{longest[3]} ({name(longest)})',
            'functions over 40 lines': sum(n > 40 for n in lines), f'code lines over {WIDE}': sum(wide_lines().values())}

def followed(call) -> list:
    "(module, qualified name, depth, names on the stack from here outwards) of every function of textres that a call enters, in order."
    seen, package = [], str(ROOT/'textres')
    def watch(frame, event, arg):
        if event != 'call' or not frame.f_code.co_filename.startswith(package): return
        if frame.f_code.co_name.startswith('<'): return                                  # lambdas, comprehensions
        stack, f = [], frame
        while f:
            if f.f_code.co_filename.startswith(package): stack.append(f.f_code.co_qualname)
            f = f.f_back
        module = Path(frame.f_code.co_filename).relative_to(package).with_suffix('').as_posix().replace('/', '.')
        seen.append((module, frame.f_code.co_qualname, len(stack), stack))
    sys.setprofile(watch)
    try: call()
    finally: sys.setprofile(None)
    return seen

# A function belongs to the purpose of the innermost of these on the stack, where it is entered first.
STAGES = {'compare': 'outcomes', '_frame': 'outcomes', 'Campaign.strike': 'striking', 'Campaign.draw': 'drawing',
          'Campaign.wanted': 'drawing', 'prepare': 'preparation', 'Campaign.__init__': 'preparation',
          'Campaign.result': 'writing and summary', 'Campaign.card': 'writing and summary',
          'Campaign.table': 'writing and summary', 'progress': 'writing and summary'}
CHECKS = re.compile(r'(^|\.)_?(check|refuse|as_fault|as_run|get_|fault_kind|model_format|own_format|fits)|__post_init__|^Registry')
PURPOSES = ('checks of input', 'preparation', 'drawing', 'striking', 'outcomes', 'writing and summary')

def purpose(module: str, name: str, stack: list) -> str:
    "What a function is for: a check by its name or module, else the stage of the campaign that it is entered in."
    if module == 'checks' or CHECKS.search(name): return 'checks of input'
    return next((STAGES[f] for f in stack if f in STAGES), 'writing and summary' if module == 'records' else 'checks of input')

def example():
    "A small network, images and the classes that it gives them."
    import torch
    from textres.core import seeded
    with seeded('walk'):
        net = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
                                  torch.nn.Flatten(), torch.nn.Linear(64, 5)).eval()
        images = torch.randn(16, 1, 8, 8)
    return net, images, net(images).argmax(1)

def walked() -> dict:
    "What one `inject` of a small network runs through: functions in all and by purpose, modules, depth."
    from textres.resilience.campaign import inject
    net, images, labels = example()
    seen, by = followed(lambda: inject(net, images, labels, guard='range', trials=50, seed=1)), {}
    for module, name, _, stack in seen: by.setdefault((module, name), purpose(module, name, stack))
    return dict(functions=len(by), modules=len({m for m, _ in by}), depth=max(s[2] for s in seen),
                by_purpose={p: sum(v == p for v in by.values()) for p in PURPOSES},
                by_module=dict(Counter(m for m, _ in by).most_common()), names=by)

if __name__ == '__main__':
    for k, v in sizes().items(): print(f'{k:28s} {v}')
    print('one inject runs through      {functions} functions in {modules} modules, {depth} deep'.format(**(w := walked())))
    for k in ('by_purpose', 'by_module'): print('  ' + ', '.join(f'{m} {n}' for m, n in w[k].items()))
    for (module, name), p in w['names'].items() if '--names' in sys.argv else (): print(f'  {p:20s} {module}.{name}')
    for name, n in wide_lines().most_common(): print(f'  {n:3d} lines over {WIDE} in {name}')

"""How large the house is: `python tools/count.py` prints sizes of the exported library, and what one `inject` runs through.

Parameters, functions, lines, from the syntax tree; functions, modules and depth, from a profile of one small campaign."""
import ast, json, statistics, sys
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
    "(module, function, depth) of every function of textres that a call enters, in order; depth 1 is the outermost."
    seen, package = [], str(ROOT/'textres')
    def watch(frame, event, arg):
        if event != 'call' or not frame.f_code.co_filename.startswith(package): return
        depth, f = 0, frame
        while f: depth += f.f_code.co_filename.startswith(package); f = f.f_back
        module = Path(frame.f_code.co_filename).relative_to(package).with_suffix('').as_posix().replace('/', '.')
        if not frame.f_code.co_name.startswith('<'): seen.append((module, frame.f_code.co_name, depth))
    sys.setprofile(watch)
    try: call()
    finally: sys.setprofile(None)
    return seen

def walked() -> dict:
    "What one `inject` of a small network runs through."
    import torch
    from textres.core import seeded
    from textres.resilience.campaign import inject
    with seeded('walk'):
        net = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3, padding=1), torch.nn.ReLU(), torch.nn.MaxPool2d(2),
                                  torch.nn.Flatten(), torch.nn.Linear(64, 5)).eval()
        images = torch.randn(16, 1, 8, 8)
    labels = net(images).argmax(1)
    seen = followed(lambda: inject(net, images, labels, guard='range', trials=50, seed=1))
    names = {s[:2] for s in seen}
    return dict(functions=len(names), modules=len({m for m, _ in names}), depth=max(s[2] for s in seen),
                by_module=dict(Counter(m for m, _ in names).most_common()))

if __name__ == '__main__':
    for k, v in sizes().items(): print(f'{k:28s} {v}')
    print('one inject runs through      {functions} functions in {modules} modules, {depth} deep'.format(**(w := walked())))
    print('  ' + ', '.join(f'{m} {n}' for m, n in w['by_module'].items()))
    for name, n in wide_lines().most_common(): print(f'  {n:3d} lines over {WIDE} in {name}')

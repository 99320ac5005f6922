"""Before → after of every headline number: `python tools/changes.py` compares the committed tables and coverage records
with those of the commit before the corrections and writes `figures/tables/changes.csv`, which
`nbs/paper/corrections.ipynb` shows."""
import io, json, subprocess

import pandas as pd

from textres.records import read_json
from textres.study.tables import cell, digits3

BEFORE = '2a60e8a'
TABLES = {'digits': ('arms', 'improvement'), 'digits-seeds': ('arms', 'improvement', 'factors')}
COVERAGE = dict(printed='printed cells', printed_and_covering='printed cells that cover',
                caught='printed cells that cover or are flagged',
                least_coverage_printed='least coverage of a printed cell',
                most_silent_misses='most silent misses of a cell')

def old(path):
    "A file of the commit before, or nothing."
    p = subprocess.run(['git', 'show', f'{BEFORE}:{path}'], capture_output=True, text=True)
    return p.stdout if p.returncode == 0 else None

def table_changes(study, name):
    "Rows of a study's table that read differently."
    path = f'figures/tables/{study}/{name}.csv'
    one, two = pd.read_csv(io.StringIO(old(path))), pd.read_csv(path)
    both = one.merge(two, on=['row', 'column'], how='outer', suffixes=('_a', '_b'), sort=False)
    ends = lambda r, s: {k: r[f'{k}_{s}'] for k in ('value', 'lo', 'hi')}
    shown = lambda r, s: 'not there' if pd.isna(r[f'n_{s}']) else cell(ends(r, s))
    return [dict(where=f'{study}, {name}', number=f"{r['row']}, {r['column']}", before=shown(r, 'a'),
                 after=shown(r, 'b')) for r in both.to_dict('records')]

def coverage_changes(name):
    "Headline numbers of a coverage record."
    path = f'figures/records/campaign/coverage-{name}.json'
    a, b = json.loads(old(path) or '{}').get('metrics', {}), read_json(path)['metrics']
    shown = lambda m, k: digits3(m[k]) if k in m else 'not there'
    return [dict(where=f'coverage, {name}', number=s, before=shown(a, k), after=shown(b, k))
            for k, s in COVERAGE.items() if k in a or k in b]

if __name__ == '__main__':
    rows = [r for study, names in TABLES.items() for n in names for r in table_changes(study, n)]
    records = ('small-cnn', 'resnet18', 'vit', 'overall', 'improvement', 'until')
    rows += [r for n in records for r in coverage_changes(n)]
    t = pd.DataFrame([r for r in rows if r['before'] != r['after']])
    t.to_csv('figures/tables/changes.csv', index=False)
    print(len(t), 'of', len(rows), 'numbers changed')

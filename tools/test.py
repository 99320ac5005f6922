"""Run every notebook as `nbdev_test` does, two at a time, each in a process of its own: `python tools/test.py [PART_OF_A_PATH …]`

`--unchecked` leaves out those that `tools/check.py` runs, too, and compares with what they print."""
import os, sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children, get_context, set_start_method
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRELOAD = ['torch', 'torchvision', 'timm', 'pandas', 'scipy.stats', 'seaborn', 'nbdev.test']     # imported once, then forked

def printed():
    "Notebooks that print the same everywhere: `tools/check.py` runs them and compares."
    nbs = ROOT/'nbs'
    return [*sorted((nbs/'paper').glob('*.ipynb')), nbs/'tutorials'/'faults.ipynb', nbs/'howto'/'cluster_size.ipynb', nbs/'index.ipynb']

def notebooks(parts):
    "All notebooks, or those whose path has one of `parts` in it."
    found = [p for p in sorted((ROOT/'nbs').rglob('*.ipynb')) if not p.name.startswith(('.', '_')) and '.ipynb_checkpoints' not in p.parts]
    return [p for p in found if not parts or any(part in str(p.relative_to(ROOT)) for part in parts)]

def run(path):
    "Execute one notebook: did it pass, and in how many seconds?"
    from nbdev.config import get_config
    from nbdev.test import test_nb
    set_start_method('fork', force=True)         # as in a process of its own: what it starts, loaders of data, is forked
    os.chdir(ROOT/'nbs')
    result = test_nb(path, skip_flags=get_config().tst_flags.split(), basepath=ROOT)
    for worker in active_children(): worker.terminate()     # joblib's wait five minutes for more work, and we for them
    return result

def main(parts):
    unchecked, parts = '--unchecked' in parts, [p for p in parts if p != '--unchecked']
    books = [p for p in notebooks(parts) if not unchecked or p not in printed()]
    if not books: sys.exit(f"No notebook's path has {' or '.join(map(repr, parts))} in it{', but for those that tools/check.py runs' * unchecked}.")
    os.environ |= dict(OMP_NUM_THREADS='1', MPLBACKEND='agg', HF_HUB_OFFLINE='1')
    context = get_context('forkserver')
    context.set_forkserver_preload(PRELOAD)
    with ProcessPoolExecutor(2, context, max_tasks_per_child=1) as pool: results = list(pool.map(run, books))
    for (_, seconds), book in sorted(zip(results, books), key=lambda o: -o[0][1]): print(f'{book.relative_to(ROOT)}: {seconds:.0f} s')
    failed = [book.name for (passed, _), book in zip(results, books) if not passed]
    print(f'{len(books) - len(failed)} passed, {len(failed)} failed', *failed)
    sys.exit(bool(failed))

if __name__ == '__main__': main(sys.argv[1:])

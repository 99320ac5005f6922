"""Run every notebook as `nbdev_test` does, two at a time, each in a process of its own: `python tools/test.py [PART_OF_A_PATH …]`

Without a part `tools/check.py` comes first, while the process that all are forked from imports. Notebooks that print the same
everywhere are compared with what they printed when they were committed."""
import compileall, gc, os, subprocess, sys, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children, forkserver, get_context, set_start_method
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRELOAD = ['torch._dynamo', 'torch.export._trace', 'torchvision', 'timm', 'open_clip', 'pandas', 'scipy.stats', 'sklearn.discriminant_analysis',
           'statsmodels.api', 'seaborn', 'papermill', 'nbclient', 'distributed', 'captum.attr', 'nbdev.test']     # imported once, then forked

def printed():
    "Notebooks that print the same everywhere."
    nbs = ROOT/'nbs'
    return [*sorted((nbs/'paper').glob('*.ipynb')), nbs/'tutorials'/'faults.ipynb', nbs/'howto'/'cluster_size.ipynb', nbs/'index.ipynb']

def notebooks(parts):
    "All notebooks, or those whose path has one of `parts` in it."
    found = [p for p in sorted((ROOT/'nbs').rglob('*.ipynb')) if not p.name.startswith(('.', '_')) and '.ipynb_checkpoints' not in p.parts]
    return [p for p in found if not parts or any(part in str(p.relative_to(ROOT)) for part in parts)]

def left_out(cell):
    "Is this no cell for the tests?"
    from nbdev.config import get_config
    flags = getattr(cell, 'directives_', None) or {}
    if cell.cell_type != 'code' or 'nbdev_export(' in cell.source: return True
    return flags.get('eval:', [''])[0].lower() == 'false' or bool(flags.keys() & set(get_config().tst_flags.split()))

def run(path):
    "Execute one notebook: what is wrong with it ('' if nothing), and in how many seconds?"
    gc.freeze()                                  # what was imported before the fork is not searched for garbage
    import pandas as pd
    from execnb.shell import CaptureShell
    from nbdev.frontmatter import FrontmatterProc
    from nbdev.process import NBProcessor
    from textres.study.fresh import differences, told
    set_start_method('fork', force=True)         # as in a process of its own: what it starts, loaders of data, is forked
    pd.options.display.max_columns = 20          # as in a kernel
    os.environ['IN_TEST'] = '1'
    os.chdir(path.parent)
    nb, started = NBProcessor(path, procs=FrontmatterProc, process=True).nb, time.time()
    cells = [c for c in nb.cells if not left_out(c)]
    before = [dict(cell_type='code', outputs=c.get('outputs', ())) for c in cells]
    for c in cells: c.outputs = []
    shell, wrong = CaptureShell(path), ''
    try: shell.run_all(nb, exc_stop=True, preproc=left_out)
    except BaseException: wrong = f'{path.relative_to(ROOT)} fails.\n{shell.prettytb(fname=path)}'
    if not wrong and path in printed(): wrong = (said := told(differences(before, cells))) and f'{path.relative_to(ROOT)}, {said}'
    for worker in active_children(): worker.terminate()     # joblib's wait five minutes for more work, and we for them
    return wrong, time.time() - started

def main(parts):
    books = notebooks(parts)
    if not books: sys.exit(f"No notebook's path has {' or '.join(map(repr, parts))} in it.")
    os.environ |= dict(OMP_NUM_THREADS='1', MPLBACKEND='agg', HF_HUB_OFFLINE='1')
    context = get_context('forkserver')
    context.set_forkserver_preload(PRELOAD)
    forkserver.ensure_running()
    if not parts and subprocess.run([sys.executable, ROOT/'tools'/'check.py']).returncode: sys.exit(1)
    compileall.compile_dir(ROOT/'textres', quiet=1)           # once: elsewhere Python may not be allowed to write bytecode
    with ProcessPoolExecutor(2, context, max_tasks_per_child=1) as pool: results = list(pool.map(run, books))
    for (_, seconds), book in sorted(zip(results, books), key=lambda o: -o[0][1]): print(f'{book.relative_to(ROOT)}: {seconds:.0f} s')
    failed = {book.name: wrong for (wrong, _), book in zip(results, books) if wrong}
    for wrong in failed.values(): print(wrong, file=sys.stderr)
    print(f'{len(books) - len(failed)} passed, {len(failed)} failed', *failed)
    sys.exit(bool(failed))

if __name__ == '__main__': main(sys.argv[1:])

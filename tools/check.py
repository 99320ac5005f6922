"What CI checks before the notebooks run: export and clean are no-ops, README and tables are fresh. `python tools/check.py`"
import filecmp, os, subprocess, sys, tempfile
from pathlib import Path

root = Path(__file__).resolve().parent.parent
os.environ['OMP_NUM_THREADS'] = '1'                # sums in the same order as in the committed outputs

def snapshot(folder, pattern):
    "Content of every matching file."
    return {p.relative_to(root): p.read_bytes() for p in sorted((root/folder).rglob(pattern)) if '.ipynb_checkpoints' not in p.parts}

def unchanged(what, before, after):
    "Stop with the names of what differs."
    names = [str(k) for k in {*before, *after} if before.get(k) != after.get(k)]
    if names: sys.exit(f"{what} is not a no-op, it changes {', '.join(sorted(names))}: run it and commit the result.")

modules, notebooks = snapshot('textres', '*.py'), snapshot('nbs', '*.ipynb')
subprocess.run([Path(sys.executable).parent/'nbdev_export'], cwd=root, check=True)
unchanged('nbdev_export', modules, snapshot('textres', '*.py'))
subprocess.run([Path(sys.executable).parent/'nbdev_clean'], cwd=root, check=True)
unchanged('nbdev_clean', notebooks, snapshot('nbs', '*.ipynb'))
readme = subprocess.Popen([sys.executable, 'tools/readme.py', '--check'], cwd=root)     # while the tables are made again

import textres.study.videotables                  # adds the tables of its records
from textres.records import load_records
from textres.study.tables import STUDY_TABLES, study_tables, write_table
for folder in sorted((root/'figures'/'records').iterdir()):
    if not folder.is_dir() or not (root/'figures'/'tables'/folder.name).is_dir(): continue
    if not {r['kind'] for r in load_records(folder)} & {'arm', *STUDY_TABLES}: continue       # its page writes its tables
    with tempfile.TemporaryDirectory() as tmp:
        for name, t in study_tables(folder).items(): write_table(t, tmp, name, transpose=name == 'arms')
        stale = filecmp.cmpfiles(tmp, root/'figures'/'tables'/folder.name, [p.name for p in Path(tmp).iterdir()], shallow=False)
        if stale[1] or stale[2]: sys.exit(f"figures/tables/{folder.name} is stale ({', '.join(stale[1] + stale[2])}): run textres reproduce {folder.name} --publish.")
if readme.wait(): sys.exit(1)
print('export, clean, README and tables: fresh')

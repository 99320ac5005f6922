"Run `nbdev_test` on every notebook, two at a time, and count: `python tools/test.py [--path nbs/NAME.ipynb]`"
import os, subprocess, sys
from pathlib import Path

root = Path(__file__).resolve().parent.parent
books = [p for p in sorted((root/'nbs').rglob('*.ipynb')) if not p.name.startswith(('.', '_')) and '.ipynb_checkpoints' not in p.parts]
command = [Path(sys.executable).parent/'nbdev_test', '--timing', '--n_workers', '2', *sys.argv[1:]]
env = dict(os.environ, OMP_NUM_THREADS='1', MPLBACKEND='agg', HF_HUB_OFFLINE='1')
result = subprocess.run(command, cwd=root, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
print(result.stdout)
failed = sum(f"Error in Cell" in l for l in result.stdout.splitlines())
if result.returncode or 'No files were eligible' in result.stdout: print(f'{max(0, len(books) - max(failed, 1))} passed, {max(failed, 1)} failed'); sys.exit(1)
print(f'{len(books)} passed, 0 failed')

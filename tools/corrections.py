"""What was wrong, asked of any version of the library: `PYTHONPATH=CHECKOUT python tools/corrections.py OUT.json`.

Each question has one right answer, worked out without the library or by brute force. The script uses only calls
that the version before the corrections (2a60e8a) has too, so the same file gives the column *before* and the column
*after* of `nbs/paper/corrections.ipynb`."""
import copy, json, re, subprocess, sys, tempfile, warnings
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from torch import nn

import textres
from textres.core import TextresError
from textres.faults.engine import Engine, run_plan
from textres.faults.exact import exact_last_layer
from textres.faults.guards import profile_ranges
from textres.faults.plans import make_plan
from textres.faults.sites import find_sites
from textres.resilience.campaign import inject, read_trials
from textres.resilience.estimation import improvement, summarize

torch.set_num_threads(1)
QUESTIONS, TEMPORARY = {}, re.escape(tempfile.gettempdir()) + r'/\w+'

def question(item, ask, right):
    "Register a question: its item, what is asked, and the right answer in words."
    def add(f): QUESTIONS[f.__name__] = dict(item=item, ask=ask, right=right, f=f)
    return add

def answer(f):
    "What a version answers: a value, or the sentence (or the traceback's last line) that it gives instead."
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter('always')
        try: out = f()
        except TextresError as e: return f'refused: {re.sub(TEMPORARY, "FOLDER", str(e))}'
        except Exception as e: return f'{type(e).__name__}: {e}'
    said = [str(w.message) for w in told if 'textres' in str(w.filename) or 'golden' in str(w.message)]
    return f'{out}' + (f' (says: {said[0]})' if said else '')

def show(*v): return ', '.join(f'{x:.4g}' for x in v)

def trials(layer, hits, n=400, images=20, seed=0):
    "Made-up trials of one layer, of which `hits` change the answer."
    rng, hit = np.random.default_rng(seed), np.arange(n) < hits
    at = dict(layer=layer, image=rng.integers(images, size=n), index=np.arange(n), bit=30, weight=1., stratum='',
              fault='flip')
    out = dict(golden_loss=.1, faulty_loss=np.where(hit, 3., .1), golden_pred=0, faulty_pred=hit.astype(int),
               sdc5=False, left_top5=False, dprob=np.where(hit, -.5, 0.), finite=True, loss_finite=True, golden=0.,
               faulty=0.)
    return pd.DataFrame(at | out)

def network(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1), nn.ReLU(),
                         nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(32, 5)).eval()

def pictures(net, n=24, seed=1):
    torch.manual_seed(seed)
    x = torch.randn(n, 3, 8, 8)
    with torch.no_grad(): return x, net(x).argmax(1)

@question('A1', 'SDC-1 improvement over three seeds without a hit in either arm',
          'no factor: a range from 0 without an end')
def zero_hits():
    none = [trials('fc', 0, seed=s) for s in range(3)]
    r = improvement(none, none).iloc[0]
    return show(r.ratio, r.lo, r.hi)

@question('A1', 'the same with hits in the baseline alone (1 in 400)', 'no factor: only a lower end')
def one_sided():
    r = improvement([trials('fc', 1, seed=s) for s in range(3)], [trials('fc', 0, seed=s) for s in range(3)]).iloc[0]
    return show(r.ratio, r.lo, r.hi)

@question('A2', 'columns of improvement that say how far to trust it', 'at least one')
def flags():
    r = improvement(trials('fc', 4), trials('fc', 8))
    return ', '.join(c for c in r if c in ('note', 'flag', 'ess', 'largest')) or 'none'

class Twice(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(3, 3, 3, padding=1), nn.Linear(3 * 64, 5)
    def forward(self, x): return self.b(self.a(self.a(x).relu()).relu().flatten(1))

def against_copy(net, layer, n=20):
    "Weight faults whose trials differ from a deep copy with the changed weight."
    x, y = pictures(net, 2)
    sites = [s for s in find_sites(net, x).sites if s.name == layer][:1]
    m = net.get_submodule(layer)
    plan = make_plan(sites, [0], n, target='weight', numels=[m.weight.numel()], bits=range(20, 30), seed=3)
    t, wrong = run_plan(net, x, y, plan), 0
    for k, r in t.iterrows():
        other = copy.deepcopy(net)
        w = other.get_submodule(layer).weight.data.view(-1)
        w[r['index']] = (w[r['index']].view(torch.int32) ^ (1 << int(r['bit']))).view(torch.float32)
        with torch.no_grad(): loss = nn.functional.cross_entropy(other(x[:1]).double(), y[:1]).item()
        wrong += not np.isclose(loss, r['faulty_loss'], rtol=1e-4, atol=1e-6, equal_nan=True)
    return f'{wrong} of {n} differ'

@question('A3', 'weight faults in a module that is called twice, against a deep copy with the changed weight',
          '0 of 20 differ')
def called_twice():
    torch.manual_seed(0)
    return against_copy(Twice().eval(), 'a')

@question('A4', "faults in a network with the user's own forward hook, against the network itself", '0 of 20 differ')
def own_hook():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.AdaptiveAvgPool2d(2),
                        nn.Flatten(), nn.Linear(32, 5)).eval()
    net[1].register_forward_hook(lambda m, i, o: 2 * o)
    return against_copy(net, '0')

class Together(nn.Module):
    "Logits minus the mean of the batch."
    def __init__(self): super().__init__(); self.net = network()
    def forward(self, x): return (z := self.net(x)) - z.mean(0)

@question('A5', 'a model whose rows influence each other', 'a sentence that refuses')
def rows():
    net = Together().eval()
    x, y = pictures(net)
    return f"SDC-1 {inject(net, x, y, trials=50).pipe(summarize).sdc1.iloc[-1]:.3g}"

class Cosine(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, self.head = nn.Linear(12, 6), nn.Linear(6, 5, bias=False)
    def forward(self, x):
        f = nn.functional.normalize(self.fc(x.flatten(1)), dim=1)
        return 20 * f @ nn.functional.normalize(self.head.weight, dim=1).T

@question('A7', "share of weight faults whose result `p99` and `range` tell apart", 'above 0')
def p99_weights():
    net = network()
    x, y = pictures(net)
    found = {}
    for g in ('range', 'p99'):
        t = inject(net, x, y, trials=40, target='weight', guard=g, layers=['2'], seed=1)
        found[g] = t.faulty.to_numpy()
    return f"{(found['range'] != found['p99']).mean():.2f}"

@question('A11', 'a campaign whose golden run gets 1 of 16 images right', 'a sentence that refuses')
def few_right():
    net = network()
    x, y = pictures(net, 16)
    y = torch.where(torch.arange(16) < 1, y, (y + 1) % 5)
    return f"{len(inject(net, x, y, trials=20))} trials"

@question('A11', 'a group of zeros in int8, and a flip of its bit 6: the value that stands there then',
          'documented; no invented scale')
def zeros():
    from textres.faults.formats import get_format
    f = get_format('int8')
    codes, scale = f.encode(torch.zeros(1, 4))
    return show(float(f.decode(codes ^ 64, scale).abs().max()))

@question('weights', 'upper limit of SDC-1: 20 weight faults judged on 24 images, no hit', 'that of 20 faults: 0.16')
def clusters():
    net = network()
    x, y = pictures(net)
    s = summarize(inject(net, x, y, trials=20, target='weight', layers=['0'], guard='zero')).iloc[0]
    return f'{s.sdc1:.3g} [{s.sdc1_lo:.3g}, {s.sdc1_hi:.3g}]'

@question('D', 'labels of shape (N,1) in the exact last layer: faults per bit of 24 images × 5 logits',
          '120, or a sentence')
def label_shape():
    net = network()
    x, y = pictures(net)
    return str(int(exact_last_layer(net, x, y[:, None]).n.iloc[0]))

@question('D', 'campaigns with one flipped bit in a shard, read again', '0 of 40 silently different, 0 tracebacks')
def flipped_shard():
    net = network()
    x, y = pictures(net)
    with tempfile.TemporaryDirectory() as out:
        inject(net, x, y, trials=40, out=out, layers=['6'])
        path, true = next(Path(out).glob('shard-*.parquet')), read_trials(out)
        raw, silent, other = path.read_bytes(), 0, 0
        for at in np.linspace(20, len(raw) - 20, 40).astype(int):
            path.write_bytes(raw[:at] + bytes([raw[at] ^ 4]) + raw[at + 1:])
            try: silent += not read_trials(out).equals(true)
            except TextresError: pass
            except Exception: other += 1
        return f'{silent} of 40 silently different, {other} tracebacks'

@question('D', 'an unfinished campaign, read', 'a sentence, or a note')
def unfinished():
    net = network()
    x, y = pictures(net, 200)
    with tempfile.TemporaryDirectory() as out:
        inject(net, x, y, trials=400, out=out, layers=['6'])
        for p in [*Path(out).glob('done*'), *sorted(Path(out).glob('shard-*'))[-2:]]: p.unlink()
        return f'{len(read_trials(out))} of 400 trials, without a word'

@question('D', 'trials=0', 'a sentence')
def no_trials():
    net = network()
    return f'{len(inject(net, *pictures(net), trials=0))} trials'

@question('D', 'a buffer that forward changes, after `inject`', 'as before')
def buffer():
    class Counting(nn.Module):
        def __init__(self): super().__init__(); self.net = network(); self.register_buffer('calls', torch.zeros(()))
        def forward(self, x): self.calls += 1; return self.net(x)
    net = Counting().eval()
    x, y = pictures(net)
    before = float(net.calls)
    inject(net, x, y, trials=20)
    return 'as before' if float(net.calls) == before else f'{float(net.calls) - before:.0f} calls more'

@question('B', 'improvement of a guarded campaign against bare hardware', 'a sentence')
def guarded_bare():
    net = network()
    x, y = pictures(net)
    r = improvement(inject(net, x, y, trials=50, guard='range'), inject(net, x, y, trials=50))
    return f'{len(r)} rows'

@question('B', 'workers=-1', 'a sentence')
def workers():
    net = network()
    return f'{len(inject(net, *pictures(net), trials=5, workers=-1))} trials'

def main(out):
    "Ask everything; write the answers and the version that gave them."
    code = subprocess.run(['git', '-C', str(Path(textres.__file__).parent), 'describe', '--always', '--dirty'],
                          capture_output=True, text=True, check=True).stdout.strip()
    answers = {k: {i: q[i] for i in ('item', 'ask', 'right')} | dict(answer=answer(q['f'])) for k, q in QUESTIONS.items()}
    said = dict(code=code, torch=torch.__version__, answers=answers)
    Path(out).write_text(json.dumps(said, indent=1, ensure_ascii=False) + '\n')

if __name__ == '__main__': main(sys.argv[1])

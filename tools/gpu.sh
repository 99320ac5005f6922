#!/bin/sh
# Everything that wants a GPU, in one call of about ten minutes: equality with the CPU, speed of the engine, the exact last layer,
# training. Leaves records under figures/records (or in the folder that is named), ready to be committed.
set -eu
cd "$(dirname "$0")/.."
out=${1:-figures/records}
exec "${PYTHON:-python3}" -c 'import sys; from textres.cli import main; sys.exit(main(["bench", "gpu", "--out", sys.argv[1]]))' "$out"

#!/usr/bin/env bash
# Run once by Gradescope, when it builds the image of this assignment.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
apt-get update
apt-get install -y libseccomp2
python=""
for version in 3.14 3.13 3.12 3.11; do
    if apt-get install -y "python$version" "python$version-venv"; then
        python="python$version"
        break
    fi
done
"$python" -m venv "$root/venv"
"$root/venv/bin/python" -m pip install --disable-pip-version-check "$root/source/$the_wheel"

#!/usr/bin/env bash
# Grades the one submission that is there. Where that fails, there are no results: the platform says so, and nobody loses points.
# AUTOGRADER_ROOT and AUTOGRADER_PYTHON name another folder and interpreter; AUTOGRADER_SANDBOX=require refuses to grade without a jail.
set -euo pipefail
root="${AUTOGRADER_ROOT:-$the_root}"
python="${AUTOGRADER_PYTHON:-$the_python}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/class" "$root/results"
rm -f "$root/results/results.json"
cp -R "$root/$the_submission" "$work/class/submission"
# -P: nothing is imported from the folder where this runs.
"$python" -P -m grader grade "$work/class" --out "$work/graded" --tasks "$root/$the_source/tasks.yaml" \
    --seed $the_seed --sandbox "${AUTOGRADER_SANDBOX:-best}" --jobs 1
"$python" -P -m grader report "$work/graded" --format $the_format --out "$work/report"
cp "$work/report/$the_format/results.json" "$root/results/results.json"

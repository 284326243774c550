#!/usr/bin/env bash
# Runs every block of scripts.txt (separated by lines of four dashes) in real bash, and records what it said.
set -u
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
block=''
flush() {
  [ -n "${block//[[:space:]]/}" ] || return 0
  mkdir "$scratch/w"
  (cd "$scratch/w" && env -i PATH=/usr/bin:/bin HOME=/root LC_ALL=C timeout 10 bash -c "$block" </dev/null >"$scratch/out" 2>"$scratch/err")
  rc=$?
  jq -nc --arg script "$block" --rawfile stdout "$scratch/out" --rawfile stderr "$scratch/err" --argjson rc $rc \
    '{$script, $stdout, $stderr, $rc}'
  rm -rf "$scratch/w"
}
while IFS= read -r line || [ -n "$line" ]; do
  if [ "$line" = ---- ]; then flush; block=''; else block+=$line$'\n'; fi
done <"$here/scripts.txt" >"$here/recorded.jsonl"
flush >>"$here/recorded.jsonl"
rm -rf "$scratch"

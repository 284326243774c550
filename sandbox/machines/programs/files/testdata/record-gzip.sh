#!/usr/bin/env bash
# Runs every line of gzip.txt in real bash with gzip 1.12 and tar 1.34, in a small folder, and records what was said.
set -u
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
while IFS= read -r line; do
  rm -rf /tmp/packed && mkdir -p /tmp/packed/w
  (cd /tmp/packed/w && TZ=UTC sh -c "$(cat "$here/gzip-setup.sh")"
   env -i PATH=/usr/bin:/bin HOME=/root LC_ALL=C TZ=UTC timeout 10 bash -c "$line" </dev/null >"$scratch/out" 2>"$scratch/err")
  rc=$?
  jq -nc --arg line "$line" --rawfile stdout "$scratch/out" --rawfile stderr "$scratch/err" --argjson rc $rc '{$line, $stdout, $stderr, $rc}'
done <"$here/gzip.txt" >"$here/gzip.jsonl"
rm -rf "$scratch" /tmp/packed

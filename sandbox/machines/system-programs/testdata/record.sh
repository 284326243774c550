#!/usr/bin/env bash
# Runs every line of lines.txt in real bash (Debian 12) as root in an empty folder, and records what was said.
set -u
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
while IFS= read -r line; do
  rm -rf /tmp/left && mkdir -p /tmp/left/w
  (cd /tmp/left/w && env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C timeout 10 bash -c "$line" </dev/null >"$scratch/out" 2>"$scratch/err")
  rc=$?
  jq -nc --arg line "$line" --rawfile stdout "$scratch/out" --rawfile stderr "$scratch/err" --argjson rc $rc '{$line, $stdout, $stderr, $rc}'
done <"$here/lines.txt" >"$here/recorded.jsonl"
rm -rf "$scratch" /tmp/left

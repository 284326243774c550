#!/usr/bin/env bash
# Runs every line of lines.txt (¶ stands for a newline) in Debian's dash and in busybox's ash, each as `sh -c`, and records what they said.
set -u
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
record() {
  local shell=$1
  mkdir -p "$scratch/bin"; rm -f "$scratch/bin/"*
  ln -s "$(readlink -f "$(command -v "$shell")")" "$scratch/bin/sh"
  while IFS= read -r line; do
    script=${line//¶/$'\n'}
    mkdir -p /tmp/dialects/w
    (cd /tmp/dialects/w && env -i PATH="$scratch/bin:/usr/bin:/bin" HOME=/root LC_ALL=C timeout 10 sh -c "$script" </dev/null >"$scratch/out" 2>"$scratch/err")
    rc=$?
    jq -nc --arg line "$line" --rawfile stdout "$scratch/out" --rawfile stderr "$scratch/err" --argjson rc $rc '{$line, $stdout, $stderr, $rc}'
    rm -rf /tmp/dialects
  done <"$here/lines.txt" | sed "s,$scratch/bin/sh,/usr/bin/sh,g"
}
record dash >"$here/dash.jsonl"
record busybox >"$here/ash.jsonl"
rm -rf "$scratch"

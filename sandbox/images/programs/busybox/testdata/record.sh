#!/usr/bin/env bash
# Runs every line of lines.txt in Debian's busybox 1.35 (its sh, its applets and nothing else in PATH), in a folder made by setup.sh, and records
# what it said; and keeps every applet's usage text.
set -u
here=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
mkdir "$scratch/bin"
for applet in $(busybox --list) busybox; do ln -s "$(command -v busybox)" "$scratch/bin/$applet"; done
while IFS= read -r line; do
  rm -rf /tmp/applets && mkdir -p /tmp/applets/w
  (cd /tmp/applets/w && TZ=UTC LC_ALL=C bash "$here/setup.sh"
   env -i PATH="$scratch/bin" HOME=/root TZ=UTC timeout 10 sh -c "$line" </dev/null >"$scratch/out" 2>"$scratch/err")
  rc=$?
  jq -nc --arg line "$line" --rawfile stdout "$scratch/out" --rawfile stderr "$scratch/err" --argjson rc $rc '{$line, $stdout, $stderr, $rc}'
done <"$here/lines.txt" | sed "s,$scratch/bin,/opt/busybox,g" >"$here/applets.jsonl"
for applet in $(busybox --list); do
  jq -nc --arg applet "$applet" --arg usage "$(busybox "$applet" --help 2>&1 | tail -n +3)" '{($applet): $usage}'
done | jq -sS 'add | with_entries(select(.value != "" and (.value | startswith("Usage:"))))' >"$here/../usage.json"
rm -rf "$scratch" /tmp/applets

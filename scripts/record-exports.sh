#!/bin/bash
# Records anew what the real exportfs makes of each file in sandbox/machines/nfs/testdata/exports.json. As root, on Debian 12, with the
# path of its exportfs (dpkg -x nfs-kernel-server_*.deb): bash scripts/record-exports.sh /tmp/x/usr/sbin/exportfs
set -euo pipefail
exportfs=$(realpath "$1")
data=$(realpath "$(dirname "$0")/../sandbox/machines/nfs/testdata/exports.json")
touch /etc/exports
exec unshare --mount python3 - "$exportfs" "$data" <<'PYTHON'
import json, os, subprocess, sys
exportfs, data = sys.argv[1:]
def sh(command): subprocess.run(command, shell=True, check=True)
sh('mount -t tmpfs tmpfs /var/lib/nfs; mount -t tmpfs tmpfs /proc/fs; mkdir /proc/fs/nfsd; mkdir -p /exp; mount -t tmpfs tmpfs /exp')
open('/proc/fs/nfsd/export_features', 'w').write('0x3feff 0xf\n')
for name in ['a', 'b', 'c', 'with space', 'a#b', 'a\tb', 'é', 'a-rather-long-name', 'a\\b']: os.mkdir(f'/exp/{name}')
open('/exp/file', 'w').close()
os.symlink('a', '/exp/link')
open('/exp/.hosts', 'w').write('127.0.0.1 localhost\n192.168.120.230 nfs\n192.168.120.231 master01\n192.168.120.232 node01\n192.168.120.233 node02\n')
sh('mount --bind /exp/.hosts /etc/hosts')
def run(*arguments):
    done = subprocess.run([exportfs, *arguments], capture_output=True, cwd='/root')
    return done.stdout.decode(errors='replace'), done.stderr.decode(errors='replace'), done.returncode
rows = json.load(open(data))
for row in rows:
    open('/exp/.exports', 'w', newline='').write(row['exports'])
    sh('rm -f /var/lib/nfs/*; touch /var/lib/nfs/etab; mount --bind /exp/.exports /etc/exports')
    _, row['stderr'], row['exitCode'] = run('-ra')
    row['etab'] = open('/var/lib/nfs/etab', errors='replace', newline='').read()
    row['list'], row['verbose'] = run()[0], run('-v')[0]
    sh('umount /etc/exports')
open(data, 'w').write('[\n' + ',\n'.join(json.dumps(row, ensure_ascii=False) for row in rows) + '\n]\n')
PYTHON

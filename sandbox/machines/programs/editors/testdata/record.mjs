// Types key sequences at real vim (vim -u NONE -N, on a terminal of script(1)) and records the files it leaves.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TEXT = 'alpha beta gamma\n  indented (one two) line\nfoo=bar; "quoted text" end\n\nlast line here\nsix\nseven\n';
const KEYS = [
  'dw', 'wdw', '2dw', 'dd', '2dd', 'ddp', 'yyp', 'yyP', 'x', '3x', 'A tail\x1b', 'I>>\x1b', 'onew\x1b', 'Onew\x1b', 'cwword\x1b', 'wcwword\x1b',
  'cchole\x1b', 'D', 'wD', 'CX\x1b', 'rZ', '3rZ', '~', '5~', 'J', '3J', 'jJ', 'G', 'Gdd', 'ggdG', 'jdG', 'dj', 'dk', 'jdk', 'd$', 'wd0', 'jd^',
  'fbx', 'tbx', '2fax', '$Fbx', 'dfb', 'dtb', 'd2fa', 'wbx', 'ex', 'dex', 'de', 'wdb', '$dB', 'W.x', 'x.', 'dd..', 'ddu', 'ddu\x12', 'dwuu', 'ywP', 'yiwP', 'jfodiw', 'jfodi(', 'jfoda(',
  'jjfqdi"', 'jjfqda"', 'jjf"ci"new\x1b', 'vex', 'vjd', 'Vd', 'Vjd', 'vwy$p', 'Vyp', 'wvbd', 'veUx', 'Vu', '>>', 'j<<', '>j', ':2d\r', ':2,3d\r', ':$d\r', ':s/a/X/\r', ':s/a/X/g\r', ':%s/e/E/g\r',
  ':2,4s/o/0/g\r', ':%s/\\(al\\)\\(pha\\)/\\2\\1/\r', ':g/e/d\r', ':v/e/d\r', ':m$\r', ':2m0\r', ':t.\r', ':1,2t$\r', ':j\r', ':3\rx', '/foo\rx', '/e\rnx', '?six\rx', '/two\rdn', 'jmajd\'a', 'ma3jd`a', '%x', 'jf(%x', 'jf(d%',
  'ihello\rworld\x1b', 'a\ttab\x1b', 'R123\x1b', 's1\x1b', '2sab\x1b', 'Sall\x1b', 'xp', 'ddGp', '"add"ap', 'yw$p', '3G2yyGp', 'd}', 'jjd{', 'Gd{', 'wi-\x1bw.', '3ia\x1b', 'cw\x1b', 'oa\rb\rc\x1bkkdd', 'dwjP', '*x', 'jj0*x', 'lllX', '2X$X', ':%s/a/&&/\r', ':%s#/#x#e\r', ':2\rdd:1\rP', 'VGd', 'VGJ', 'jVjJ', 'wvey0P', '5Gdgg', 'gJ', 'ccx\x1bj.', 'ea!\x1bj.', ':norm Ax\r', ':2,3norm Ax\r', ':sort\r', ':%d\r', 'Gox\x1bu', 'f b.', '0w;x', 'fa;x', 'fa;,x',
];

const directory = mkdtempSync(join(tmpdir(), 'vi-'));
const out = [];
for (const keys of KEYS) {
  const file = join(directory, 'file');
  writeFileSync(file, TEXT);
  writeFileSync(join(directory, 'keys'), `${keys}\x1b:wq!\r`);
  execFileSync('script', ['-qec', `timeout 5 vim -u NONE -N -i NONE -n -s ${join(directory, 'keys')} ${file}`, '/dev/null'], { stdio: 'ignore', env: { ...process.env, TERM: 'xterm' } });
  out.push(JSON.stringify({ keys, text: readFileSync(file, 'utf8') }));
}
writeFileSync(new URL('./vim.jsonl', import.meta.url), `${JSON.stringify({ start: TEXT })}\n${out.join('\n')}\n`);

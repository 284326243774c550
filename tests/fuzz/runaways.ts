/** Forty commands that never end, or eat all there is: what learners paste, and what their mistakes come to. */

export interface Runaway {
  readonly name: string;
  readonly host?: string;
  readonly line: string;
}

export const RUNAWAYS: readonly Runaway[] = [
  { name: 'fork bomb', line: ':(){ :|:& };:' },
  { name: 'fork bomb in front', line: 'f(){ f|f; }; f' },
  { name: 'fork bomb of scripts', line: "echo './b & ./b' > b; chmod +x b; ./b" },
  { name: 'fork bomb of shells', line: 'x=\'bash -c "$x" & bash -c "$x"\'; export x; bash -c "$x"' },
  { name: 'fork bomb of subshells', line: 'f(){ (f & f &) ; }; f' },
  { name: 'thousands of jobs', line: 'for i in {1..4000}; do sleep 300 & done; wait' },
  { name: 'jobs without end', line: 'while :; do sleep 100 & done' },
  { name: 'xargs as many as it can', line: 'yes 300 | xargs -P 0 -n 1 sleep' },
  { name: 'orphans', line: 'while :; do (sleep 300 &); done' },
  { name: 'cat of zeros', line: 'cat /dev/zero > /dev/null' },
  { name: 'checksum of chance', line: 'md5sum /dev/urandom' },
  { name: 'yes', line: 'yes > /dev/null' },
  { name: 'yes on the screen', line: 'yes' },
  { name: 'dd without count', line: 'dd if=/dev/zero of=/dev/null' },
  { name: 'tail of zeros', line: 'tail /dev/zero' },
  { name: 'sort of chance', line: 'sort /dev/urandom' },
  { name: 'grep of zeros', line: 'grep x /dev/zero' },
  { name: 'a pipeline of zeros', line: 'tr "\\0" a < /dev/zero | fold | sort | uniq -c' },
  { name: 'a variable of zeros', line: 'x=$(tr "\\0" a < /dev/zero)' },
  { name: 'read of zeros', line: 'read x < /dev/zero' },
  { name: 'a file that reads itself', line: 'echo x > f; cat f f >> f' },
  { name: 'a loop that reads itself', line: 'echo x > g; while read l; do echo $l >> g; echo $l >> g; done < g' },
  { name: 'tee onto itself', line: 'echo x > h; tee -a h < h' },
  { name: 'a pipe in a circle', line: 'mkfifo p; cat p > q & cat q > p' },
  { name: 'a function that calls itself', line: 'f(){ f; }; f' },
  { name: 'a substitution that calls itself', line: 'f(){ echo $(f); }; f' },
  { name: 'a script that calls itself', line: "echo 'bash r' > r; bash r" },
  { name: 'a file that reads in itself', line: "echo '. ./s' > s; . ./s" },
  { name: 'eval of itself', line: 'x=\'eval "$x"\'; eval "$x"' },
  { name: 'recursion in awk', line: "awk 'function f(n) { return f(n + 1) + 1 } BEGIN { print f(0) }'" },
  { name: 'a word that doubles', line: 'x=a; while :; do x=$x$x; done' },
  { name: 'an array without end', line: 'while :; do a+=("$RANDOM $RANDOM $RANDOM"); done' },
  { name: 'a hundred million words', line: 'echo {1..100000000} | wc' },
  { name: 'a word of a billion', line: 'printf %1000000000d 1 | wc -c' },
  { name: "awk's array without end", line: 'awk \'BEGIN { while (1) a[i++] = i "" i }\'' },
  { name: 'the disk filled with zeros', line: 'cat /dev/zero > big; ls -l big; rm big' },
  { name: 'the disk filled with chance', line: 'cat /dev/urandom > big; ls -l big; rm big' },
  { name: 'the disk filled with names', line: 'mkdir many; cd many; while :; do : > f$((i++)); done' },
  { name: 'a busy loop', line: 'while :; do :; done' },
  { name: "sed's busy loop", line: "sed ':a;s/x/xx/;ba' <<< x" },
  {
    name: 'a YAML bomb',
    host: 'master01',
    line: '{ echo a: \\&a [x,x,x,x,x,x,x,x,x]; p=a; for c in b c d e f g h i; do echo "$c: &$c [*$p,*$p,*$p,*$p,*$p,*$p,*$p,*$p,*$p]"; p=$c; done; } > y.yaml; kubectl apply -f y.yaml',
  },
  { name: 'everything read again and again', line: 'while :; do ls -lR / ; done > /dev/null' },
  { name: 'a trap of its own signal', line: "trap 'kill -INT $$' INT; kill -INT $$" },
  {
    name: 'a pattern that goes back',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
    line: 'x=$(head -c 100000 /dev/zero | tr "\\0" a); [[ $x == *a*a*a*a*a*b ]]; echo ${x%%a*a*b} | wc -c',
  },
  { name: 'an expression that goes back', line: "head -c 5000 /dev/zero | tr '\\0' a | grep -E '(a*)*(a|aa)*c'" },
  { name: 'a count without end', line: 'seq 1000000000000 | tail -1' },
  { name: 'kubectl in a loop', host: 'master01', line: 'while :; do kubectl get pods -A -o yaml; done > /dev/null' },
  { name: 'arithmetic without end', line: 'i=0; while ((1)); do ((i+=i*i+1)); done' },
];

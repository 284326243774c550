/** Programs of the languages that programs read – expressions, awk, sed, find, formats – grown from their grammars, so that most are right. */

import fc from 'fast-check';
import { numbers, text } from './hostile.ts';

const one = (words: string): fc.Arbitrary<string> => fc.constantFrom(...words.split(' '));
const joined = (...parts: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> =>
  fc.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part))).map((all) => all.join(''));
const several = (part: fc.Arbitrary<string>, separator: string, maxLength = 4): fc.Arbitrary<string> =>
  fc.array(part, { minLength: 1, maxLength }).map((all) => all.join(separator));
const grammar = (rules: (tie: (name: string) => fc.Arbitrary<string>) => Record<string, fc.Arbitrary<string>>) =>
  fc.letrec<Record<string, string>>((tie) => rules((name) => tie(name) as fc.Arbitrary<string>));
const deep = { depthSize: 'small', withCrossShrink: true } as const;

/** Regular expressions, basic and extended. */
export const regex = grammar((tie) => ({
  atom: fc.oneof(
    deep,
    one('a b . ^ $ \\. \\w \\b \\< \\1 \\2 [a-z] [^a] [[:alpha:]] [[:digit:]_-] [[.a.]] [[=a=]] []a] é [z-a] \\ ['),
    joined('(', tie('all'), ')'),
    joined('\\(', tie('all'), '\\)'),
    joined(tie('atom'), one('* + ? {2} {,3} {1,} {3,2} {0} {255} {99999} \\{2\\} \\+ \\? ** *?')),
  ),
  all: joined(several(tie('atom'), ''), fc.oneof(deep, fc.constant(''), joined(one('| \\|'), tie('all')))),
})).all!;

/** Shell patterns, extglob's too. */
export const glob = grammar((tie) => ({
  atom: fc.oneof(
    deep,
    one('a b * ** ? [a-z] [!a] [^b] [[:upper:]] [] [a \\* / . .. f d é * "*" [a-'),
    joined(one('@( !( *( +( ?('), several(tie('all'), '|'), ')'),
    joined('{', several(tie('all'), ','), '}'),
    one('{1..5} {a..e..2} {3..1} {01..10} {1..99999} {a..1} {,}'),
  ),
  all: several(tie('atom'), '', 3),
})).all!;

export const arithmetic = grammar((tie) => ({
  value: fc.oneof(
    deep,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's
    { weight: 3, arbitrary: one('i j x a[0] a[i] a[-9] m[k] $i ${#a[@]} $# 1 0 7 010 0x1F 2#101 64#_ 99#1 RANDOM') },
    numbers,
    joined('(', tie('all'), ')'),
    joined(one('- + ! ~ ++ -- $('), tie('value')),
    joined(tie('value'), one('++ --')),
    joined('$((', tie('all'), '))'),
  ),
  all: fc.oneof(
    deep,
    tie('value'),
    joined(tie('all'), one('+ - * / % ** << >> & | ^ && || == != < <= , ? :'), tie('value')),
    joined(tie('value'), ' ? ', tie('all'), ' : ', tie('all')),
    joined(one('i x a[1] 5'), one('= += *= /= %= <<= ^='), tie('all')),
  ),
})).all!;

const awkExpression = grammar((tie) => ({
  all: fc.oneof(
    deep,
    one('$0 $1 $NF $(NF+1) $-1 NR NF i a[i] a[$1] a[1,2] x "s" "%" 1 0 -1 1e308 FS OFS SUBSEP RSTART ENVIRON["HOME"]'),
    numbers.filter((n) => n !== ''),
    joined('/', regex, '/'),
    joined(tie('all'), one(' + - * / % ^ ~ !~ == < && || in'), ' ', tie('all')),
    joined('(', tie('all'), ' ? ', tie('all'), ' : ', tie('all'), ')'),
    joined(one('$1 $3 NF NR i a[$1] x'), one(' = += ^= %='), ' ', tie('all')),
    joined(
      one('substr index length split sub gsub match sprintf toupper int sqrt log exp rand srand system close f nosuch'),
      '(',
      several(fc.oneof(tie('all'), one('a $0 "a*" "%d" "%c" "%*s" "%5.2f"')), ', ', 3),
      ')',
    ),
    joined('$', tie('all')),
  ),
})).all!;

const awkStatement = grammar((tie) => ({
  all: fc.oneof(
    deep,
    joined(
      one('print printf return delete getline next exit'),
      ' ',
      fc.oneof(several(awkExpression, ', ', 3), one('a a[i] ;')),
    ),
    awkExpression,
    joined('printf ', one('"%s\\n" "%d %c\\n" "%*d" "%i%%" "%5$s" "%z"'), ', ', several(awkExpression, ', ', 3)),
    joined('if (', awkExpression, ') ', tie('all'), '; else ', tie('all')),
    joined('for (k in a) ', tie('all')),
    joined('for (i = 0; i < 9; i++) { ', tie('all'), ' }'),
    joined('print ', awkExpression, one(' > >> |'), ' ', one('"o" "cat" "sort" "/dev/stderr" "/nosuch/x" ""')),
    joined(one('"date" "cat" "nosuch"'), ' | getline ', one('x $0 a[1] NF')),
    joined('while ((getline l < ', one('"f" "nosuch" "d" "-"'), ') > 0) ', tie('all')),
  ),
})).all!;

export const awk = several(
  joined(
    one('BEGIN END NR==1 /a/ NR==2,NR==4 !a[$0]++ 1 function\u00a0f(x)').map((when) => when.replace('\u00a0', ' ')),
    ' { ',
    several(awkStatement, '; ', 3),
    ' }',
  ),
  '\n',
  3,
);

const address = fc.oneof(
  one(' 1 $ 0 2,3 3,1 1~2 2~0 1,+2 2,~4 0,/a/ 99999999999 $!'),
  joined('/', regex, '/', one(' I M')),
  joined('/a/,/', regex, '/'),
  joined('\\,', regex, ','),
);
export const sed = several(
  fc.oneof(
    joined(address, one(' !'), one('p d P D n N g G h H x = l l0 l3 q Q5 z F e')),
    joined(
      address,
      's/',
      regex,
      '/',
      one('& \\0 \\1\\2 \\U&\\E \\n \\u\\L& [&]'),
      '/',
      one(' g 2 p gI 3g e m w/dev/stdout wo 0 gg'),
    ),
    joined(address, one('a\\ i\\ c\\ a i c'), '\n', one('text a\\ \\t é')),
    joined(
      address,
      one('y/abc/xyz/ y/a/ab/ y,a,\\n, r\u00a0f r\u00a0nosuch R\u00a0f w\u00a0o w\u00a0d/x').map((c) =>
        c.replace('\u00a0', ' '),
      ),
    ),
    joined(':a;', address, one('N;ba s/a/ba/;ta $!{N;ba} D;ba')),
    joined(address, '{', address, one('p d n s/a/b/;p }')),
  ),
  '\n',
  3,
);

export const find = several(
  fc.oneof(
    joined(
      one('-name -iname -path -lname'),
      " '",
      glob.map((pattern) => pattern.replaceAll("'", '')),
      "'",
    ),
    joined(
      one('-regextype\u00a0posix-extended\u00a0-regex -regex').map((c) => c.replaceAll('\u00a0', ' ')),
      " '",
      regex,
      "'",
    ),
    joined(
      one('-size -mtime -mmin -links -inum -uid -perm -maxdepth -mindepth -newer -samefile'),
      ' ',
      one('1 +1 -1 1k +0c -644 /222 u+w 99999999999 -x f d '),
    ),
    joined(one('-type -xtype'), ' ', one('f d l f,d p x ')),
    joined('-printf ', one("'%p %s\\n' '%y%m%M' '%T@ %TY-%Tm' '%d%f%h%P%H' '%A%' '%k %b %S' '\\0\\c' '%5p|%-9f|' '%'")),
    one('-delete -print0 -ls -prune -quit -empty -depth -true ! -o -a , \\( \\) -not -exec -executable -nosuch'),
    joined(
      one('-exec -execdir -ok'),
      ' ',
      one(
        'echo\u00a0{}\u00a0\\; ls\u00a0{}\u00a0+ rm\u00a0{} sh\u00a0-c\u00a0"echo\u00a0$1"\u00a0x\u00a0{}\u00a0\\;',
      ).map((c) => c.replaceAll('\u00a0', ' ')),
    ),
  ),
  ' ',
);

/** printf's, date's, stat's and their like. */
export const format = several(
  fc.oneof(
    joined(
      '%',
      fc.oneof(fc.constant(''), one('- 0 + # 5 -5 05 .3 5.2 * .* _ ^ : :: 9999 -010.3')),
      one('s d i o u x X c b q e f g a n p T (%Y)T Y m H M S N j U s z Z A % '),
    ),
    one('\\n \\t \\0101 \\x41 \\u00e9 \\U0001f600 \\c \\ab \\'),
    text.map((words) => words.slice(0, 40)),
  ),
  '',
);

export const date = several(
  fc.oneof(
    one(
      '2024-05-06 07:08:09 12pm @0 @-1 @1e9 @99999999999999 now today yesterday tomorrow monday last next 1 -3 +2 day days month year ago UTC +0900 Z TZ="Asia/Tokyo" 2024-02-30 13:61 May T feb 29',
    ),
    numbers,
  ),
  ' ',
  5,
);

mkdir -p logs src/sub 'my dir' emptydir
printf 'apple 3 red\nbanana 12 yellow\ncherry 7 red\ndate 12 brown\nelder 1 black\n' > fruit
printf 'id,name,qty\n1,bolt,10\n2,nut,200\n3,gear,5\n' > parts.csv
printf '09:00 node01 INFO started\n09:05 node02 WARN slow disk\n09:10 nfsd ERROR stale file handle\n' > logs/sys.log
printf 'a\nb\nc\n' > src/a.txt; printf 'hello\nworld\n' > src/b.txt; printf '#!/bin/sh\necho script $1\n' > src/run.sh; chmod 755 src/run.sh; printf 'x\n' > src/sub/c.md; printf 'q' > 'my dir/file one.txt'; : > empty
seq 1 20 > n20; printf '10\n9\n2\n33\n1\n' > nums; printf 'one\ttwo\tthree\n1\t2\t3\n' > tabs; ln -s fruit link; ln -s nowhere broken
chmod 644 fruit parts.csv logs/sys.log src/a.txt src/b.txt src/sub/c.md 'my dir/file one.txt' empty n20 nums tabs; chmod 755 logs src src/sub 'my dir' emptydir
touch -d '2026-01-02 03:04:05' fruit parts.csv n20 nums tabs empty logs/sys.log src/a.txt src/b.txt src/run.sh src/sub/c.md 'my dir/file one.txt'
touch -d '2026-01-02 03:04:05' src/sub src logs 'my dir' emptydir .

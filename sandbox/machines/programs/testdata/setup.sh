export LC_ALL=C.UTF-8 TZ=UTC
rm -rf /tmp/x/w; mkdir -p /tmp/x/w; cd /tmp/x/w || exit
printf 'apple 3\nbanana 1\ncherry 2\n' > f
printf 'apple 3\nblueberry 9\ncherry 2\ndate 4\n' > g
printf 'b\na\nb\n\nc\na\n' > l
printf 'name,size,unit\nx,10,K\ny,9,M\n\nz,100,\n' > csv
mkdir -p d/e; printf 'one\n' > d/1; printf 'two\nthree\n' > d/e/2
ln -s f link
printf 'a\tb\n  c\n' > t
touch -d '2024-05-06 07:08:09' f g

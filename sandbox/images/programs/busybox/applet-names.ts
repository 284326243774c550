/** Applets of the busybox in alpine and busybox images. */
export const BUSYBOX_APPLETS: readonly string[] = `
  sh ash ls cat cp mv rm mkdir rmdir touch ln chmod chown chgrp stat find xargs head tail wc
  sort uniq cut tr tee seq yes date sleep timeout env printenv basename dirname realpath readlink mktemp diff cmp comm
  paste nl tac fold expand split od xxd hexdump base64 md5sum sha256sum dd truncate sync true false test [ echo
  printf kill expr nproc id whoami groups uname hostname grep egrep fgrep sed awk df du mount umount mountpoint more
  less vi watch nohup nice shuf factor rev stty tty mknod mkfifo install ps top free uptime pgrep pkill ip
  ping wget nslookup tar who pwd cal clear reset fallocate lsof dmesg fuser chroot busybox
  gzip gunzip zcat sha1sum sha512sum setsid unexpand su which strings killall pidof cksum
`
  .trim()
  .split(/\s+/);

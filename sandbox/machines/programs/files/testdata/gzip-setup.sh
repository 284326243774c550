printf 'hello\n' > a
mkdir d0
printf 'inside\n' > d0/f
chmod 644 a d0/f
chmod 755 d0
touch -d 2026-01-02T03:04:05Z a d0/f d0
echo H4sICKU1V2kAA3oAy0jNyckHAIamEDYFAAAA | base64 -d > z.gz; touch -d 2026-01-02T03:04:05Z z.gz

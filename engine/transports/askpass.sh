#!/bin/sh
# ssh asks this program for the password, so that it stands in no argument list. Any other question gets no answer.
case $1 in
"$SSTP_AUDIT_SSH_QUESTION") printf "%s\n" "$SSTP_AUDIT_SSH_PASSWORD" ;;
# No answer is an empty password, which counts towards a lock-out: the ssh that asks, that of a jump host, ends instead.
*"'s password: ")
  echo "$1permission denied: this password is not for a jump host, which needs a key" >&2
  kill "$PPID"
  ;;
*) exit 1 ;;
esac

#!/bin/sh
# ssh asks this program for the password, so that it stands in no argument list. Any other question gets no answer.
[ "$1" = "$SSTP_AUDIT_SSH_QUESTION" ] && printf "%s\n" "$SSTP_AUDIT_SSH_PASSWORD"

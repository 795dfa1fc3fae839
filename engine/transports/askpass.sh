#!/bin/sh
# ssh asks this program for the password, so that it stands in no argument list.
printf "%s\n" "$SSTP_AUDIT_SSH_PASSWORD"

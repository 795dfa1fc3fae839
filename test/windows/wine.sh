#!/bin/sh
# wine.sh PROGRAM [ARGUMENT...]: runs a Windows program, with addresses that are the same in each run.
#
# Debian's wine64 lies at a fixed address, and Linux puts its heap anywhere in the GiB behind it. Data that wine shares with
# all programs must lie at 7FFE0000, in that GiB: where the heap was before it, one program in some 6,000 did not start.
# What is started from here, and from that in turn, inherits this. A container may forbid it; stand-in.ts says so then.
setarch --addr-no-randomize true 2>/dev/null || exec /usr/lib/wine/wine64 "$@"
exec setarch --addr-no-randomize /usr/lib/wine/wine64 "$@"

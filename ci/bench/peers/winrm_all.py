"""Sends the same lines to WinRM servers with pywinrm, as many at a time as there are workers. Reads its task as JSON."""
import json
import multiprocessing
import os
import sys

import winrm


def ask(endpoint):
    protocol = winrm.protocol.Protocol(endpoint, **task["settings"], password=os.environ["SSTP_AUDIT_PASSWORD"])
    shell = protocol.open_shell()
    ends = 0
    for line in task["lines"]:
        command = protocol.run_command(shell, line)
        out, _, _ = protocol.get_command_output(shell, command)
        protocol.cleanup_command(shell, command)
        ends += out.count(b":1:") if task["batch"] else len(out) > 0
    protocol.close_shell(shell)
    return ends


with open(sys.argv[1]) as file:
    task = json.load(file)
with multiprocessing.get_context("fork").Pool(task["workers"]) as pool:
    ends = pool.map(ask, task["endpoints"], chunksize=1)
assert all(count >= task["answers"] for count in ends), ends
print(len(ends), "servers answered")

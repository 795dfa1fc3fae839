"""The questions of an audit, put to every server by testinfra: one command each, over one connection per server."""

import json
import os

with open(os.environ["QUESTIONS"], encoding="utf-8") as file:
    QUESTIONS = json.load(file)["questions"]


def test_answers(host):
    for question in QUESTIONS:
        run = host.run(question["command"])
        assert run.rc == question["exitCode"]
        assert question["said"] in run.stdout

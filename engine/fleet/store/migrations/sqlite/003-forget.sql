-- Whoever forgets a run looks for its changes: without this he reads all of them, which in a store of a year takes seconds.
create index finding_change_run on finding_change (run_id);

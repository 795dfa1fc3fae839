-- The name of the server as the run spelled it, where that is not how `target` does: names know no case.
alter table run_target add column spelled text;

-- What the operator let pass (--fail-on, --allow-unknown, --baseline) when a run was finished, as JSON. Absent before that, and
-- in runs that were finished before there was this column.
alter table run add column gate text;

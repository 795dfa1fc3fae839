-- What is remembered of audits. Times are ISO 8601, UTC, so that they sort as text; hashes are SHA-256, 32 bytes.
-- Statuses: 1 pass, 2 fail, 3 unknown, 4 inapplicable, 5 waived.

create table run (
  id integer primary key autoincrement,
  started_at text not null,
  -- Absent while it goes on, and when it was killed or stopped: then it can be resumed.
  finished_at text,
  tool_version text not null,
  profile_id text not null,
  profile_version text not null,
  profile_title text not null,
  profile_sha text not null,
  -- From where and by whom.
  host text not null,
  account text not null,
  -- What the command line asked, as JSON: a resumed run goes on as it began.
  options text not null,
  expected integer not null,
  exit_code integer,
  exit_reason text,
  -- Kept whatever its age.
  hold integer not null default 0
) strict;

create table target (
  id integer primary key autoincrement,
  name text not null unique collate nocase,
  address text not null,
  tags text not null,
  site text
) strict;

-- The journal: every server that a run is about, written before the first one is asked. The first guard of recording once.
create table run_target (
  run_id integer not null references run on delete cascade,
  target_id integer not null references target,
  position integer not null,
  -- How the server is reached, as JSON; gone once it is recorded.
  listed text,
  recorded_at text,
  primary key (run_id, target_id)
) strict, without rowid;
create unique index run_target_position on run_target (run_id, position);

-- How the bodies of blobs are packed. A dictionary stays as long as a blob needs it.
create table codec (
  id integer primary key,
  kind text not null,
  dictionary blob,
  sha blob unique
) strict;
insert into codec (id, kind) values (1, 'raw'), (2, 'deflate-raw');

create table blob (
  sha blob primary key,
  codec_id integer not null references codec,
  bytes integer not null,
  body blob not null
) strict;

-- One row per run and server: the second guard. Written with everything that follows from it in one transaction.
create table result (
  run_id integer not null,
  target_id integer not null,
  -- As they were in this run.
  address text not null,
  tags text not null,
  recorded_at text not null,
  -- When the server was asked: a recording was asked long before it is judged.
  observed_at text not null,
  took_ms integer not null,
  attempts integer not null,
  os text,
  code_page integer,
  reached integer not null,
  reason text,
  detail text,
  pass integer not null,
  fail integer not null,
  unknown integer not null,
  inapplicable integer not null,
  waived integer not null,
  -- The results with their findings, and what was asked and answered: both are JSON in blobs.
  results_sha blob not null references blob,
  manifest_sha blob not null references blob,
  -- Start (milliseconds after observed_at) and duration of each answer, as JSON: kept apart, so that like manifests are one.
  times text not null,
  primary key (run_id, target_id),
  foreign key (run_id, target_id) references run_target on delete cascade
) strict;
create index result_target on result (target_id, observed_at);

create table check_def (
  id integer primary key autoincrement,
  code text not null unique
) strict;

-- Written only when the status of a check on a server, or what fails of it, changes.
create table finding_change (
  target_id integer not null references target,
  check_id integer not null references check_def,
  run_id integer not null references run on delete cascade,
  at text not null,
  status integer not null,
  status_before integer,
  severity text not null,
  observed_sha blob not null,
  primary key (target_id, check_id, run_id)
) strict, without rowid;
create index finding_change_at on finding_change (at);

-- What is known now: of the newest observation.
create table finding_now (
  target_id integer not null references target,
  check_id integer not null references check_def,
  status integer not null,
  severity text not null,
  -- When the status became what it is.
  since text not null,
  last_run integer not null,
  last_at text not null,
  observed_sha blob not null,
  -- Of a failure its first message, of an unknown its reason; else absent.
  says text,
  primary key (target_id, check_id)
) strict, without rowid;
create index finding_now_open on finding_now (check_id, target_id) where status in (2, 3);

create table cert_now (
  target_id integer not null references target,
  role text not null,
  thumbprint text not null,
  subject text not null,
  not_after text not null,
  last_run integer not null,
  last_at text not null,
  primary key (target_id, role, thumbprint)
) strict, without rowid;
create index cert_now_expiry on cert_now (not_after);

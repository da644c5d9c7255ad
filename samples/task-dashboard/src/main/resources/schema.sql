-- The history of tasks, for H2 and PostgreSQL. Times are in milliseconds since the epoch.

create table if not exists task (
	id varchar(200) primary key,
	name varchar(200),
	root_id varchar(200),
	state varchar(10) not null,
	start_seen boolean not null,
	is_protected boolean not null,
	require_ack boolean not null,
	exit_name varchar(200),
	reason varchar(2000),
	started_at bigint not null,
	ended_at bigint,
	updated_at bigint not null,
	updates bigint not null,
	hidden_node_updates integer not null,
	nodes integer not null,
	nodes_done integer not null,
	errors integer not null,
	size bigint not null,
	name_pattern varchar(200),
	last_position bigint
);

-- For histories of earlier versions
alter table task add column if not exists name_pattern varchar(200);
alter table task add column if not exists last_position bigint;
update task set name_pattern = name where name_pattern is null and name is not null;

create index if not exists task_started on task (started_at, id);
create index if not exists task_ended on task (ended_at, id);
create index if not exists task_of_name on task (name, ended_at);
create index if not exists task_of_pattern on task (name_pattern, ended_at);
create index if not exists task_of_state on task (state, updated_at);

create table if not exists task_node (
	task_id varchar(200) not null references task (id) on delete cascade,
	node_id varchar(200) not null,
	type varchar(200),
	alias varchar(200),
	state varchar(10) not null,
	started_at bigint not null,
	changed_at bigint not null,
	ended_at bigint,
	errors integer not null,
	last_error varchar(2000),
	primary key (task_id, node_id)
);

-- What the board and the page of a task are made of again
create table if not exists task_update (
	sequence bigint generated always as identity primary key,
	task_id varchar(200) not null references task (id) on delete cascade,
	type varchar(20) not null,
	happened_at bigint not null,
	recorded_at bigint not null,
	incomplete boolean not null,
	node_id varchar(200),
	node_type varchar(200),
	node_alias varchar(200),
	output varchar(200),
	message varchar(2000),
	require_ack boolean not null,
	payload varchar,
	payload_size integer,
	update_key varchar(200)
);

-- For histories of earlier versions
alter table task_update add column if not exists update_key varchar(200);

create index if not exists task_update_of_task on task_update (task_id, sequence);
-- An update that is delivered again is recorded once
create unique index if not exists task_update_of_key on task_update (task_id, update_key);
create index if not exists task_update_recorded on task_update (recorded_at);

-- One row: what was counted since the history began, and where the watcher is
create table if not exists history_state (
	id integer primary key,
	since bigint not null,
	updates bigint not null,
	succeeded bigint not null,
	failed bigint not null,
	aborted bigint not null
);

create table if not exists watcher_checkpoint (
	id integer primary key,
	checkpoint varchar(4000) not null
);

create table if not exists alert_incident (
	id varchar(36) primary key,
	rule_name varchar(200) not null,
	kind varchar(30) not null,
	task_name varchar(200) not null,
	summary varchar(1000) not null,
	task_count bigint not null,
	first_task varchar(200),
	first_error varchar(2000),
	opened_at bigint not null,
	last_seen_at bigint not null,
	resolved_at bigint
);

create index if not exists alert_incident_resolved on alert_incident (resolved_at);

create table if not exists alert_notice (
	incident_id varchar(36) not null references alert_incident (id) on delete cascade,
	channel varchar(20) not null,
	sent_at bigint,
	attempts integer not null,
	next_at bigint not null,
	resolved boolean not null,
	primary key (incident_id, channel)
);

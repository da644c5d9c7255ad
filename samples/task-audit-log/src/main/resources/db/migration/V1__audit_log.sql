-- The audit log. Tables are only ever inserted into: see V2 for the role of the application.

create table entry (
	sequence bigint primary key,
	kind varchar(10) not null,
	position bigint,
	update_id varchar(200),
	platform_time timestamptz,
	recorded_at timestamptz not null,
	task_id varchar(200),
	root_task_id varchar(200),
	task_name varchar(400),
	update_type varchar(40),
	node_id varchar(200),
	node_alias varchar(400),
	outcome varchar(20),
	reason varchar(1000),
	gap_from_position bigint,
	gap_to_position bigint,
	gap_from_time timestamptz,
	gap_to_time timestamptz,
	subject bigint,
	payload_hash bytea,
	payload_size integer not null,
	leaf_hash bytea not null
);

-- Apart from the entry, so that it can be erased and the tree still holds. The canonical bytes are what the hash is made
-- of; the body is what is searched, and null if jsonb cannot hold it. No foreign key: it would lock and so rewrite each
-- entry, and both rows come from one statement each of the same transaction.
create table payload (
	sequence bigint primary key,
	salt bytea not null,
	canonical bytea not null,
	body jsonb
);

-- The state of the tree after each transaction: its root and its compact range (RFC 9162). The size before shows that
-- no row is missing, the time is that of the last entry.
create table tree (
	size bigint primary key,
	previous_size bigint not null,
	root bytea not null,
	range bytea not null,
	recorded_at timestamptz not null
);

-- Full tiles of 256 hashes of one level (C2SP tlog-tiles), so that a proof reads a few rows, and the node above each.
create table tile (
	level smallint,
	index bigint,
	hashes bytea not null,
	root bytea not null,
	primary key (level, index)
);

-- What is looked up of the entries that are about other entries: all erasures, and the last word on the hold of a task.
create index entry_governance on entry (kind, task_id, sequence) where kind in ('ERASURE', 'HOLD', 'RELEASE');

-- When which head was stored elsewhere, so that each instance can show it. The anchors themselves are not here.
create table anchor (
	size bigint,
	target varchar(400),
	anchored_at timestamptz not null,
	primary key (size, target)
);

-- How far the log was verified, and where the next verification continues.
create table verification (
	id bigint generated always as identity primary key,
	verified_at timestamptz not null,
	from_size bigint not null,
	size bigint not null,
	range bytea not null,
	anchored_size bigint not null,
	fault_count bigint not null,
	first_fault varchar(1000)
);

create index verification_of_everything on verification (verified_at) where from_size = 0;

grant select, insert on anchor, verification to ${writerRole};

-- The entry of an erasure has a payload.
grant insert on payload to ${eraserRole};

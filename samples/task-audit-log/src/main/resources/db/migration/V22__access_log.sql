-- Who looked at what. The application adds, and changes nothing.

create table access_log (
	id bigint generated always as identity primary key,
	at timestamptz not null default clock_timestamp(),
	username varchar(200) not null,
	address varchar(100) not null,
	action varchar(20) not null,
	-- The parameters of the request; with them it can be repeated
	query varchar(4000) not null,
	-- The number of entries that were sent; null if it is not known yet
	entries bigint,
	-- The access that this one completes
	started_by bigint references access_log (id)
);

revoke all on access_log from public;
grant select, insert on access_log to ${writerRole};

-- Who may do what. The roles cannot log in: the users of the application and of erasures are members of them. Who owns
-- the tables (the user that runs these migrations) needs CREATEROLE, unless the roles exist.

do $$
begin
	if not exists (select from pg_roles where rolname = '${writerRole}') then
		create role ${writerRole} nologin;
	end if;
	if not exists (select from pg_roles where rolname = '${eraserRole}') then
		create role ${eraserRole} nologin;
	end if;
end
$$;

revoke all on entry, payload, tree, tile from public;

-- The application adds, and changes nothing.
grant select, insert on entry, payload, tree, tile to ${writerRole};

-- An erasure removes payloads and adds an entry that says so. It changes no entry either.
grant select, insert on entry, tree, tile to ${eraserRole};
grant select, delete on payload to ${eraserRole};

-- Where the watcher is, and which instance leads: the tables of Spring Integration, as its schema-postgresql.sql has
-- them.

create table int_metadata_store (
	metadata_key varchar(255) not null,
	metadata_value varchar(4000),
	region varchar(100) not null,
	constraint int_metadata_store_pk primary key (metadata_key, region)
);

create table int_lock (
	lock_key char(36) not null,
	region varchar(100) not null,
	client_id char(36),
	created_date timestamp not null,
	expired_after timestamp not null,
	constraint int_lock_pk primary key (lock_key, region)
);

grant select, insert, update, delete on int_metadata_store, int_lock to ${writerRole};

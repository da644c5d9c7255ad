-- The files that payloads refer to, if they are to be loaded. A request is written with the update, in its transaction;
-- the file with an entry of its own that states its outcome. A request without a file is one that is not loaded yet.

create table file_request (
	subject bigint,
	number integer,
	primary key (subject, number)
);

create table file (
	sequence bigint primary key,
	subject bigint not null,
	number integer not null,
	content bytea,
	unique (subject, number)
);

grant select, insert on file_request, file to ${writerRole};
grant select, delete on file to ${eraserRole};

-- The content of a file is as personal as the payload that refers to it.
create function erase_files() returns trigger
	language plpgsql as $$
begin
	delete from file where subject = old.sequence;
	return old;
end
$$;

create trigger erase_files after delete on payload for each row execute function erase_files();

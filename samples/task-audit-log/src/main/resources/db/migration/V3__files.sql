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
grant select, delete on file, file_request to ${eraserRole};

-- The content of a file is as personal as the payload that refers to it, and as the one that describes it. Without its
-- request it is not loaded any more.
create function erase_files() returns trigger
	language plpgsql as $$
begin
	delete from file_request where subject = old.sequence;
	delete from file_request using file
	where file.sequence = old.sequence and file_request.subject = file.subject and file_request.number = file.number;
	delete from file where subject = old.sequence;
	delete from file where sequence = old.sequence;
	return old;
end
$$;

create trigger erase_files after delete on payload for each row execute function erase_files();

-- What the pages and exports search by.

-- When it happened, for entries of all kinds: the order of each page, and the range of each filter.
alter table entry add column happened_at timestamptz not null
	generated always as (coalesce(platform_time, gap_to_time, recorded_at)) stored;

-- The name of a node: its alias, or its id if it has none
alter table entry add column node varchar(400) generated always as (coalesce(node_alias, node_id)) stored;

-- The words of a payload, of a long one those of the first 65,536 characters: a tsvector is limited to 1 MB, and an update
-- must never be refused because of its text. Names of members are not searched. What stands between blanks is added as a
-- whole, so that INV-2026-0042 and an address are found by one word.
create function search_document(body jsonb) returns tsvector
	language plpgsql immutable parallel safe as $$
declare
	plain text;
	words text[];
begin
	if body is null then
		return null;
	end if;
	plain := left(jsonb_path_query_array(body, 'strict $.** ? (@.type() == "string" || @.type() == "number")')::text, 65536);
	words := string_to_array(replace(translate(replace(replace(lower(plain), '\n', ' '), '\t', ' '),
		'[]{}",;()<>', '           '), '. ', ' '), ' ');
	-- A lexeme has 2 KB at most
	if octet_length(plain) > 2000 then
		words := array(select word from unnest(words) as word where octet_length(word) <= 200);
	end if;
	return case when length(plain) < 65536 then jsonb_to_tsvector('simple', body, '["string", "numeric"]')
			else to_tsvector('simple', plain) end
		|| array_to_tsvector(array_remove(words, ''));
end
$$;

alter table payload add column document tsvector;

-- What the entry of a payload is about, as a word that no text can have: one index finds a word in the updates of one name
-- or type, however frequent each of them is.
create function search_tag(kind text, value text) returns text
	language sql immutable parallel safe
	return chr(1) || kind || value;

create function payload_document() returns trigger
	language plpgsql as $$
begin
	new.document := search_document(new.body) || (
		select array_to_tsvector(array_remove(array[search_tag('n', task_name), search_tag('t', update_type),
			search_tag('d', node), search_tag('o', outcome)], null))
		from entry where sequence = new.sequence);
	return new;
end
$$;

create trigger payload_document before insert on payload for each row execute function payload_document();

create function quoted_query(word text) returns tsquery
	language sql immutable parallel safe
	return cast('''' || replace(replace(word, '\', '\\'), '''', '''''') || '''' as tsquery);

-- A word with digits or signs: as it is, or its parts one after the other
create function search_word(word text) returns tsquery
	language sql immutable parallel safe
	return phraseto_tsquery('simple', word) || quoted_query(lower(word));

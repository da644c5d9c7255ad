-- Fills the audit log with entries of made-up tasks: 50 tasks run at a time, each has 12 updates and three nodes. Everything
-- follows from the sequence, so that tests know what they look for.
create function pg_temp.part(n bigint, salt integer) returns double precision
	language sql immutable parallel safe
	return (hashint8extended(n, salt) & 1048575) / 1048576.0;

create function pg_temp.word(n integer) returns text
	language sql immutable parallel safe
	return (array['ba','de','ki','lo','mu','na','pe','ri','so','tu'])[1 + n % 10]
		|| (array['lan','mer','nis','ron','tel','var','dos','gan','hel','jor'])[1 + n / 10 % 10]
		|| (array['a','en','is','o','um','et','ix','al','or','yn','ent','ist','age','ion','ure','ing','ard','ell','ock',
			'ive'])[1 + n / 100];

-- A few words are in many texts, and most are in few
create function pg_temp.word(n bigint, salt integer) returns text
	language sql immutable parallel safe
	return pg_temp.word(floor(2000 * power(pg_temp.part(n, salt), 3))::integer);

create function pg_temp.note(n bigint) returns text
	language sql immutable parallel safe
	return pg_temp.word(n, 20) || ' ' || pg_temp.word(n, 21) || ' ' || pg_temp.word(n, 22) || ' ' || pg_temp.word(n, 23) || ' '
		|| pg_temp.word(n, 24) || ' ' || pg_temp.word(n, 25) || ' ' || pg_temp.word(n, 26) || ' ' || pg_temp.word(n, 27);

create function pg_temp.body(n bigint, task bigint, type varchar, reason varchar) returns jsonb
	language sql immutable parallel safe
	return case type
		when 'taskStart' then jsonb_build_object('input', jsonb_build_object('invoice', 'INV-2026-' || lpad(task::text, 7, '0'),
			'customer', jsonb_build_object('number', 'C' || (task * 7919 % 90000), 'city', pg_temp.word((task % 300)::integer)),
			'amount', round((pg_temp.part(task, 11) * 10000)::numeric, 2), 'note', pg_temp.note(n)))
		when 'taskEnd' then jsonb_build_object('result', jsonb_build_object('booked', true,
			'booking', 'B/' || task || '/' || (task % 97), 'note', pg_temp.note(n)), 'requireAck', false)
		when 'nodeUpdate' then jsonb_build_object('data', jsonb_build_object('pages', 1 + n % 9,
			'lines', jsonb_build_array(jsonb_build_object('article', 'A-' || (n * 31 % 50000),
				'price', round((pg_temp.part(n, 12) * 500)::numeric, 2))), 'note', pg_temp.note(n)), 'output', 'page')
		when 'nodeError' then jsonb_build_object('error', reason)
		else jsonb_build_object('reason', reason, 'requireAck', false)
		end;

create function pg_temp.id(kind text, n bigint) returns varchar
	language sql immutable parallel safe
	return md5(kind || n)::uuid::varchar;

insert into entry (sequence, kind, position, update_id, platform_time, recorded_at, task_id, root_task_id, task_name,
	update_type, node_id, node_alias, outcome, reason, gap_from_position, gap_to_position, gap_from_time, gap_to_time,
	payload_hash, payload_size, leaf_hash)
with made as (
	select n, n / 600 * 50 + n % 50 as task, (n / 50 % 12)::integer as step,
		timestamptz '2026-05-01 00:00:00Z' + n * interval '1.5 seconds' as at
	from generate_series(:first::bigint, :last::bigint) n
), named as (
	select *, floor(24 * power(pg_temp.part(task, 1), 2))::integer as name, pg_temp.part(task, 2) as luck,
		case when step between 1 and 3 then 0 when step between 4 and 7 then 1 when step between 8 and 10 then 2 end as stage,
		n % 200003 = 100000 as gap
	from made
), typed as (
	select *, case
		when step = 0 then 'taskStart'
		when step in (1, 4, 8) then 'nodeStart'
		when step = 9 and luck < 0.05 then 'nodeError'
		when step in (2, 5, 6, 9) then 'nodeUpdate'
		when step in (3, 7, 10) then 'nodeEnd'
		when luck < 0.05 then 'taskError'
		when luck < 0.07 then 'taskAborted'
		else 'taskEnd' end as type
	from named
)
select n, case when gap then 'GAP' else 'UPDATE' end, case when not gap then 1000 + n * 3 end,
	case when not gap then pg_temp.id('update', n) end,
	case when not gap then at - pg_temp.part(n, 3) * interval '4 seconds' end, at + interval '200 milliseconds',
	case when not gap then pg_temp.id('task', task) end,
	case when not gap then pg_temp.id('task', case when task % 10 = 9 then task - 1 else task end) end,
	case when not gap then (array['Invoice', 'Order', 'Payment', 'Delivery', 'Contract', 'Claim', 'Offer', 'Return',
		'Reminder', 'Onboarding', 'Audit', 'Forecast', 'Import', 'Export', 'Backup', 'Survey', 'Report', 'Refund', 'Renewal',
		'Transfer', 'Inspection', 'Recall', 'Migration', 'Training'])[1 + name] end,
	case when not gap then type end,
	case when not gap and stage is not null then pg_temp.id('node', name * 3 + stage) end,
	case when not gap and stage is not null then (array['scan', 'classify', 'extract', 'check', 'approve', 'book', 'archive',
		'notify', 'convert', 'translate', 'match', 'price', 'sign', 'send', 'verify', 'enrich', 'merge', 'split', 'score',
		'review'])[1 + (name * 3 + stage) % 20] end,
	case when not gap then case type when 'taskEnd' then 'ended' when 'taskError' then 'failed' when 'nodeError' then 'failed'
		when 'taskAborted' then 'aborted' when 'nodeEnd' then 'ended' end end,
	case when gap then 'REFUSED_POSITION'
		when type in ('taskError', 'nodeError') then 'The amount does not match the order ' || task
		when type = 'taskAborted' then 'Not wanted any more' end,
	case when gap then 1000 + (n - 1) * 3 end, case when gap then 1000 + (n + 1) * 3 end,
	case when gap then at - interval '90 seconds' end, case when gap then at end,
	case when not gap and step in (0, 2, 5, 6, 9, 11) then sha256(int8send(n)) end,
	case when not gap and step in (0, 2, 5, 6, 9, 11) then 200 else 0 end, sha256(int8send(-n))
from typed;

insert into payload (sequence, salt, canonical, body)
with made as (
	select sequence, pg_temp.body(sequence, sequence / 600 * 50 + sequence % 50, update_type, reason) as body
	from entry
	where payload_hash is not null and sequence between :first and :last
)
select sequence, substr(sha256(int8send(sequence)), 1, 16), convert_to(body::text, 'UTF8'), body from made;

-- Each filter of the pages with the order of the pages, so that a page is read from where it begins, and nothing is sorted.
-- docs/audit-search.md states what they cost.

create index entry_happened on entry (happened_at, sequence);
create index entry_task on entry (task_id, happened_at, sequence);
create index entry_root_task on entry (root_task_id, happened_at, sequence);
create index entry_name on entry (task_name, happened_at, sequence);
create index entry_type on entry (update_type, happened_at, sequence);
create index entry_node on entry (node, happened_at, sequence) where node is not null;
create index entry_outcome on entry (outcome, happened_at, sequence) where outcome is not null;

-- Pairs of which one is frequent and both together are rare
create index entry_name_node on entry (task_name, node, happened_at, sequence) where node is not null;
create index entry_node_type on entry (node, update_type, happened_at, sequence) where node is not null;

-- Gaps, erasures and the like are few
create index entry_other on entry (kind, happened_at, sequence) where kind <> 'UPDATE';

create index payload_document on payload using gin (document);

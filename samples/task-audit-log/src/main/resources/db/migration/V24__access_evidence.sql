-- Accesses are part of the evidence: an entry of kind ACCESS has the hash of each that was added since the one before. The
-- salt keeps those who see the hash, and not the access, from trying out who has looked at what.
alter table access_log add column salt uuid not null default gen_random_uuid();

create index entry_access on entry (sequence) where kind = 'ACCESS';

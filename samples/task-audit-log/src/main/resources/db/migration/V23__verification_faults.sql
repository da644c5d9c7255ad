-- A verification that has found a fault counts until one of everything has found none. The next one starts where the tree
-- was last known to fit, which earlier versions did not keep after a fault.
create index verification_with_faults on verification (id) where fault_count > 0;
create index verification_of_everything_in_order on verification (id) where from_size = 0;

update verification set size = 0, range = '' where fault_count > 0;

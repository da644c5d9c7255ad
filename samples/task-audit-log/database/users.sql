-- The users of the audit log, for psql as a superuser: once, before the first start. Passwords come from the environment.
\getenv owner_password AUDIT_OWNER_PASSWORD
\getenv log_password AUDIT_LOG_PASSWORD
\getenv erasure_password AUDIT_ERASURE_PASSWORD

create role audit_writer nologin;
create role audit_eraser nologin;

-- Owns the tables and migrates. Nobody else needs its password.
create role audit_owner login password :'owner_password';
select format('alter database %I owner to audit_owner', current_database()) \gexec
grant create, usage on schema public to audit_owner;

create role audit_log login password :'log_password' in role audit_writer;
create role audit_erasure login password :'erasure_password' in role audit_eraser;

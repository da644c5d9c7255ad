drop table if exists effect;
create table effect (task_id varchar(36) not null, type varchar(20) not null, position bigint not null);

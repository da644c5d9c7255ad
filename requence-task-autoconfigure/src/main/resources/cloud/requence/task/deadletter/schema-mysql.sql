create table if not exists REQUENCE_DEAD_LETTER (
	ID varchar(36) primary key,
	WATCHER varchar(255) not null,
	TASK_ID varchar(255) not null,
	UPDATE_TYPE varchar(50) not null,
	UPDATE_POSITION bigint,
	FAILED_AT timestamp(6) not null,
	FAILURES integer not null,
	LISTENER varchar(2000),
	ERROR varchar(2000) not null,
	TASK_UPDATE longtext not null,
	index REQUENCE_DEAD_LETTER_FAILED_AT (FAILED_AT)
) character set utf8mb4;

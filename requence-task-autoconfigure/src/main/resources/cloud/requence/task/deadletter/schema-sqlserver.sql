create table REQUENCE_DEAD_LETTER (
	ID varchar(36) primary key,
	WATCHER nvarchar(255) not null,
	TASK_ID nvarchar(255) not null,
	UPDATE_TYPE varchar(50) not null,
	UPDATE_POSITION bigint,
	FAILED_AT datetimeoffset(6) not null,
	FAILURES int not null,
	LISTENER nvarchar(2000),
	ERROR nvarchar(2000) not null,
	TASK_UPDATE nvarchar(max) not null
);

create index REQUENCE_DEAD_LETTER_FAILED_AT on REQUENCE_DEAD_LETTER (FAILED_AT);

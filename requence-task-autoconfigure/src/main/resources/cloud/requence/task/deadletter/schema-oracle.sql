create table REQUENCE_DEAD_LETTER (
	ID varchar2(36) primary key,
	WATCHER varchar2(255 char) not null,
	TASK_ID varchar2(255 char) not null,
	UPDATE_TYPE varchar2(50) not null,
	UPDATE_POSITION number(19),
	FAILED_AT timestamp(6) with time zone not null,
	FAILURES number(10) not null,
	LISTENER clob,
	ERROR clob not null,
	TASK_UPDATE clob not null
);

create index REQUENCE_DEAD_LETTER_FAILED_AT on REQUENCE_DEAD_LETTER (FAILED_AT);

// Which tasks need somebody, and why: failed, failing, overdue, silent, unacknowledged or aborting.

import { count, elapsed } from './format.js';

export const KINDS = {
	failed: 'Failed', failing: 'Node failing', overdue: 'Overdue', silent: 'Silent', unacknowledged: 'Not acknowledged',
	aborting: 'Aborting',
};

const RANKS = Object.keys(KINDS);

/**
 * Say why a task needs attention.
 * @param {Object} task a row of the board
 * @param {number} now the time of the board
 * @param {Object} limits after which time which tasks need attention
 * @return {string} one of the kinds; null if it needs none
 */
export function attentionOf(task, now, limits) {
	if (task.endedAt !== null) {
		if (task.unacknowledged && now - task.endedAt > limits.unacknowledgedAfter) {
			return 'unacknowledged';
		}
		return task.state === 'failed' && now - task.endedAt <= limits.failedFor ? 'failed' : null;
	}
	if (task.abortAt) {
		return 'aborting';
	}
	if (task.failing) {
		return 'failing';
	}
	if (task.dueAt && now > task.dueAt) {
		return 'overdue';
	}
	return now - task.heardAt > limits.silentAfter && !task.deferred ? 'silent' : null;
}

/** The reason below the name of a task; empty if there is none. */
export function reasonOf(task, kind, now) {
	if (kind === 'aborting') {
		return `Abort requested ${elapsed(now - task.abortAt)} ago, not confirmed yet`;
	}
	if (kind === 'unacknowledged') {
		return `Ended ${elapsed(now - task.endedAt)} ago, not acknowledged yet`;
	}
	if (kind === 'overdue') {
		return `${elapsed(now - task.dueAt)} longer than expected${at(task)}`;
	}
	if (kind === 'silent') {
		return `No update for ${elapsed(now - task.heardAt)}${at(task)}`;
	}
	return task.reason ?? (task.state === 'failed' ? 'No reason was given' : '');
}

const at = (task) => task.current.length > 0 ? `, at ${task.current.join(', ')}` : '';

/**
 * Find the tasks that need attention. Failures with the same reason are one entry, that of the latest.
 * @return {Object} entries in the order of their urgency, how many tasks they stand for, and how many of each kind
 */
export function attentionIn(tasks, now, limits) {
	const entries = [];
	const groups = new Map();
	const counts = Object.fromEntries(RANKS.map((kind) => [kind, 0]));
	let total = 0;
	for (const task of tasks) {
		const kind = attentionOf(task, now, limits);
		if (!kind) {
			continue;
		}
		total++;
		counts[kind]++;
		const key = kind === 'failed' && task.reason ? task.reason.replaceAll(/\d+/g, '#') : null;
		const group = key && groups.get(key);
		if (group) {
			group.others++;
			if (task.endedAt > group.task.endedAt) {
				group.task = task;
			}
			continue;
		}
		const entry = { task, kind, others: 0 };
		entries.push(entry);
		if (key) {
			groups.set(key, entry);
		}
	}
	entries.sort(byUrgency);
	return { entries, total, counts };
}

function byUrgency(a, b) {
	return RANKS.indexOf(a.kind) - RANKS.indexOf(b.kind) || (b.task.endedAt ?? b.task.startedAt) - (a.task.endedAt ?? a.task.startedAt)
		|| (a.task.id < b.task.id ? -1 : 1);
}

/** How many tasks, in words: more may exist than the board has kept. */
export const amount = (number, complete) => complete ? count(number) : `${count(number)} or more`;

// The order of the table. Without a chosen column: root tasks that run, the latest first; then those that have
// ended, the last first; sub-tasks stay with their root task. With one: all tasks by that column.

const VALUES = {
	name: (task) => task.name ?? '',
	state: (task) => ['failed', 'running', 'aborted', 'succeeded'].indexOf(task.state),
	nodes: (task) => task.nodes,
	started: (task) => task.startedAt,
	time: (task, now) => (task.endedAt ?? now) - task.startedAt,
};

export const COLUMNS = Object.keys(VALUES);

/** Columns that only the history has. */
export const PAST_COLUMNS = ['ended', 'errors'];

/**
 * Return the tasks in order, each with whether it is shown below its root task.
 * @param {Object[]} tasks the tasks to show
 * @param {Map} all all tasks, by id
 * @param {Object} sort column and whether it descends; null for the order of the board
 * @param {number} now the time of the board
 */
export function inOrder(tasks, all, sort, now) {
	return sort && VALUES[sort.column] ? byColumn(tasks, sort, now) : byFamily(tasks, all);
}

function byColumn(tasks, { column, descending }, now) {
	const value = VALUES[column];
	const sign = descending ? -1 : 1;
	const keyed = tasks.map((task) => ({ task, nested: false, key: value(task, now) }));
	const compare = column === 'name' ? (a, b) => collator.compare(a, b) : (a, b) => a - b;
	return keyed.sort((a, b) => sign * compare(a.key, b.key) || byId(a.task, b.task));
}

const collator = new Intl.Collator('en', { numeric: true });

function byFamily(tasks, all) {
	const groups = new Map();
	for (const task of tasks) {
		const leader = leaderOf(task, all);
		const group = groups.get(leader.id);
		if (group) {
			group.tasks.push(task);
		}
		else {
			groups.set(leader.id, { leader, tasks: [task] });
		}
	}
	return [...groups.values()].sort(byLeader).flatMap(({ leader, tasks: members }) => {
		if (members.length === 1) {
			return { task: members[0], nested: false };
		}
		members.sort((a, b) => byRole(a, b, leader));
		const led = members[0] === leader;
		return members.map((task) => ({ task, nested: led && task !== leader }));
	});
}

function leaderOf(task, all) {
	return (task.rootId && all.get(task.rootId)) || task;
}

function byLeader({ leader: a }, { leader: b }) {
	if ((a.endedAt === null) !== (b.endedAt === null)) {
		return a.endedAt === null ? -1 : 1;
	}
	const difference = a.endedAt === null ? b.startedAt - a.startedAt : b.endedAt - a.endedAt;
	return difference || byId(a, b);
}

function byRole(a, b, leader) {
	if (a === leader || b === leader) {
		return a === leader ? -1 : 1;
	}
	return a.startedAt - b.startedAt || byId(a, b);
}

const byId = (a, b) => a.id < b.id ? -1 : 1;
